"""Conformance tools that others wrote, against a real gunicorn."""

from collections import Counter, defaultdict

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server
from scim_sanity.probe.runner import run_probe_api

from tests.site import Site

NOT_OFFERED = {
    ("Group CRUD Lifecycle", "Group not in scope"),
    ("Agent CRUD Lifecycle", "Agent not supported by server"),
    ("AgenticApplication CRUD Lifecycle", "AgenticApplication not supported by server"),
    ("Agent Rapid Lifecycle", "Agent not supported or not in scope"),
}
"""What scim-sanity looks for in /ResourceTypes and rightly does not find."""


COMPANY = {
    **dict.fromkeys(("Department", "Manager", "Location", "Gender"), ""),
    "Remote": "boolean",
    "Motto": "text",
    "Buddy": "employee",
}
"""Names without a blank, which the tester's own client cannot put into a path, and no number or dateTime, for
which it makes up texts that its own models refuse."""


def test_scim2_tester_on_a_company_with_its_own_attributes(live: httpx2.Client, site: Site) -> None:
    for name, type_ in COMPANY.items():
        site.manage("attribute", *(("add", name, "--type", type_) if type_ else ("activate", name)))
    try:
        results = check_server(SyncSCIMClient(live))
    finally:
        for name in COMPANY:
            site.manage("attribute", "deactivate", name)
    assert not [(result.title, result.reason) for result in results if result.status is not Status.SUCCESS]
    replaced = sum(result.title == "check_replace_attribute" for result in results)
    assert replaced >= 28 + len(COMPANY), "each of them is written, besides the 28 of the standard schemas"


def test_scim2_tester(live: httpx2.Client) -> None:
    results = check_server(SyncSCIMClient(live))
    unsuccessful = [
        (result.status.name, result.title, result.reason)
        for result in results
        if result.status is not Status.SUCCESS
    ]
    assert not unsuccessful
    checks = Counter(result.title for result in results)
    # Every attribute of /Schemas was written; the tester had skipped nothing for want of one.
    assert min(checks[f"check_{verb}_attribute"] for verb in ("add", "replace", "remove")) > 20
    assert checks.keys() >= {
        "object_creation",
        "object_replacement",
        "object_deletion",
        "search_with_attributes",
    }


def test_scim_sanity(live: httpx2.Client) -> None:
    token = live.headers["Authorization"].removeprefix("Bearer ")
    verdict = run_probe_api(str(live.base_url), token=token, strict=True)
    outcomes: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for result in verdict["results"]:
        outcomes[result["status"]].add((result["name"], result.get("message", "")))
    assert outcomes.keys() == {"pass", "skip"}, outcomes
    assert outcomes["skip"] == NOT_OFFERED
    assert len(outcomes["pass"]) == 18
