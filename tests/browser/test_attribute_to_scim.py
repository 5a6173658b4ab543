"""An attribute that an administrator adds in the browser is known to every worker's next SCIM request."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from playwright.sync_api import Page, expect

from scim.protocol.urns import PATCH_OP
from scim.protocol.urns import PEAKON_USER as URN
from tests.site import Site

ATTRIBUTES = "/admin/employees/attribute/"
NAME = "Cost & Profit (EUR)"


def workers(site: Site) -> list[int]:
    """The process ids of gunicorn's workers, as its log tells them."""
    return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", site.log())]


@contextmanager
def only(site: Site, token: str, worker: int) -> Iterator[httpx2.Client]:
    """HTTP, over a connection of its own, that this worker answers because all others stand still."""
    others = [pid for pid in workers(site) if pid != worker]
    headers = {"Authorization": f"Bearer {token}"}
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
    try:
        with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=20) as http:
            yield http
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


def announced(http: httpx2.Client) -> dict[str, str]:
    """Name and type of the attributes in the Peakon extension's schema."""
    schema = answer_of(http.get(f"/Schemas/{URN}"))
    return {attribute["name"]: attribute["type"] for attribute in schema["attributes"]}


def answer_of(response: httpx2.Response) -> Any:
    assert response.is_success, response.text
    return response.json()


def add(page: Page, name: str, type_: str) -> None:
    page.goto(f"{ATTRIBUTES}add/")
    page.fill("[name=name]", name)
    page.locator("[name=type]").select_option(label=type_)
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.locator("#result_list")).to_contain_text(name)


def test_every_worker_knows_it_in_the_next_request(page: Page, site: Site) -> None:
    token, pids = site.token("Directory"), workers(site)
    assert len(set(pids)) == 2
    people = {}
    for pid in pids:
        with only(site, token, pid) as http:
            created = answer_of(http.post("/Users", json={"userName": f"ada-{pid}@example.com"}))
            people[pid] = created["id"]
            assert NAME not in announced(http)
            refused = http.get("/Users", params={"filter": f"{URN}:{NAME} pr"})
            assert (refused.status_code, refused.json()["scimType"]) == (400, "invalidFilter")

    add(page, NAME, "Number")

    for pid, employee_id in people.items():
        operation = {"op": "add", "path": f"{URN}:{NAME}", "value": str(pid)}
        with only(site, token, pid) as http:
            patch = {"schemas": [PATCH_OP], "Operations": [operation]}
            written = answer_of(http.patch(f"/Users/{employee_id}", json=patch))
            assert written[URN] == {NAME: pid}
            assert announced(http)[NAME] == "integer"
    for pid, employee_id in people.items():
        for reader in pids:
            with only(site, token, reader) as http:
                found = answer_of(http.get("/Users", params={"filter": f"{URN}:{NAME} eq {pid}"}))
                assert [person["id"] for person in found["Resources"]] == [employee_id]
                read = answer_of(http.get(f"/Users/{employee_id}", params={"attributes": f"{URN}:{NAME}"}))
                assert read[URN] == {NAME: pid}


def test_the_first_request_of_another_worker_may_be_any(page: Page, site: Site) -> None:
    """PATCH, filter, read and schema, each as the very next request after the attribute was added."""
    token, pids = site.token("Directory"), workers(site)
    with only(site, token, pids[0]) as http:
        employee_id = answer_of(http.post("/Users", json={"userName": "grace@example.com"}))["id"]
    for number, (pid, first) in enumerate(
        (pid, first) for pid in pids for first in ("patch", "find", "schema")
    ):
        name = f"Shift/Team {number}"
        add(page, name, "Option")
        with only(site, token, pid) as http:
            if first == "patch":
                operations = [{"op": "replace", "value": {f"{URN}:{name}": "Night"}}]
                body = {"schemas": [PATCH_OP], "Operations": operations}
                assert answer_of(http.patch(f"/Users/{employee_id}", json=body))[URN][name] == "Night"
            elif first == "find":
                query = {"filter": f"not ({URN}:{name} pr)", "attributes": "userName"}
                assert answer_of(http.get("/Users", params=query))["totalResults"] >= 1
            else:
                assert announced(http)[name] == "string"
