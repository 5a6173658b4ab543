"""Bulk requests to a real gunicorn: killed in the middle, beside other writers, and what memory they take."""

import itertools
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.scim.bulk_requests import Operation, delete, id_of, patch, post, reporting
from tests.scim.conftest import ENTERPRISE
from tests.site import Site, served

SIZE = 1_000
GROWTH = 60
"""How many megabytes a worker may grow by."""
MANAGER = f"{ENTERPRISE}:manager"


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose workers may be killed, without a limit on requests."""
    with served(tmp_path_factory.mktemp("bulk"), SCIM_RATE_LIMIT="0") as site:
        yield site


@pytest.fixture(scope="module")
def http(own_site: Site) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {own_site.token('Directory')}"}
    with httpx2.Client(base_url=f"{own_site.url}/scim/v2", headers=headers, timeout=120) as client:
        yield client


def workers(site: Site) -> list[int]:
    """The process ids of the site's workers that are alive."""
    booted = re.findall(r"Booting worker with pid: (\d+)", site.log())
    return [int(pid) for pid in booted if Path(f"/proc/{pid}").exists()]


def memory(pid: int) -> int:
    """The most memory that a process has had so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) // 1024


def person(name: str, manager: str) -> Operation:
    """Somebody to create as Entra ID would."""
    operation = reporting(name, manager)
    operation["data"] |= {
        "externalId": f"object-{name}",
        "displayName": f"Person {name}",
        "emails": [{"value": f"{name}@example.com", "type": "work", "primary": True}],
    }
    return operation


def thousand(prefix: str) -> list[Operation]:
    """People of whom each reports to the next one."""
    names = [f"{prefix}.{number}" for number in range(SIZE)]
    return [person(name, f"bulkId:{boss}") for name, boss in zip(names, [*names[1:], names[0]], strict=True)]


def bulk(http: httpx2.Client, operations: list[Operation]) -> list[dict[str, Any]]:
    response = http.post("/Bulk", json={"Operations": operations})
    assert response.status_code == 200, response.text
    outcomes: list[dict[str, Any]] = response.json()["Operations"]
    return outcomes


def count(http: httpx2.Client, filter_: str) -> int:
    found: int = http.get("/Users", params={"count": 0, "filter": filter_}).json()["totalResults"]
    return found


def everybody(http: httpx2.Client) -> dict[str, dict[str, Any]]:
    """Every document by SCIM id."""
    pages = (
        http.get("/Users", params={"count": 200, "startIndex": start}).json().get("Resources", [])
        for start in itertools.count(1, 200)
    )
    return {document["id"]: document for page in itertools.takewhile(bool, pages) for document in page}


def test_killed_in_the_middle(own_site: Site, http: httpx2.Client) -> None:
    """One transaction: nothing is there, or everything; the same request again brings whoever is missing."""
    interrupted = 0
    for number, delay in enumerate((0.1, 0.3, 0.6)):
        operations = thousand(f"k{number}")
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(bulk, http, operations)
            time.sleep(delay)
            for pid in workers(own_site):
                os.kill(pid, signal.SIGKILL)
            failed = isinstance(sent.exception(timeout=60), httpx2.TransportError)
        there = wait_for(lambda prefix=f"k{number}.": count(http, f'userName sw "{prefix}"'))  # type: ignore[misc]
        assert there == (0 if failed else SIZE)
        interrupted += failed
        again = bulk(http, operations)
        assert {outcome["status"] for outcome in again} == {"201" if failed else "409"}
        assert count(http, f'userName sw "k{number}." and {MANAGER} pr') == SIZE
    assert interrupted
    people = everybody(http)
    assert {people[boss]["userName"][:3] for boss in map(manager_of, people.values())} == {
        "k0.",
        "k1.",
        "k2.",
    }


def wait_for(ask: Callable[[], int]) -> int:
    """An answer of the site, once there are workers again."""
    for _ in range(100):
        try:
            return ask()
        except httpx2.TransportError:
            time.sleep(0.1)
    return ask()


def manager_of(document: dict[str, Any]) -> str:
    """What stands as someone's manager, "" when nothing does."""
    return str(document.get(ENTERPRISE, {}).get("manager", {}).get("value", ""))


def test_memory(own_site: Site, http: httpx2.Client) -> None:
    """What a worker needs for the largest bulk requests, after the first small one."""
    bulk(http, [person("first", "boss")])
    before = {pid: memory(pid) for pid in workers(own_site)}
    for number in range(2):
        outcomes = bulk(http, thousand(f"m{number}"))
        bulk(http, [patch(id_of(outcome), title=f"T{number}") for outcome in outcomes])
    growth = {pid: memory(pid) - before[pid] for pid in before}
    assert max(growth.values()) > 0
    assert max(growth.values()) < GROWTH, growth


def test_bulks_beside_other_writers(own_site: Site, http: httpx2.Client) -> None:
    """Two bulk requests and single writes of the same people: all are done, and references fit the names."""
    names = [f"c{number}" for number in range(90)]
    ids = [id_of(outcome) for outcome in bulk(http, [post(name, name) for name in names])]

    def first(turn: int) -> None:
        moved = [patch(id_, **{MANAGER: f"t{turn}.{number}"}) for number, id_ in enumerate(ids)]
        arriving = [post(f"t{turn}.{number}", f"t{turn}.{number}") for number in range(90)]
        expect(bulk(http, [*moved, *arriving]), {"200", "201", "409"})

    def second(turn: int) -> None:
        moved = [patch(id_, title=f"T{turn}", **{MANAGER: ids[0]}) for id_ in reversed(ids)]
        leaving = [post(f"t{turn}.{number}", f"T{turn}.{number}") for number in range(0, 90, 3)]
        expect(bulk(http, [*leaving, *moved, *map(delete, created(leaving))]), {"200", "201", "204", "409"})

    def singly(turn: int) -> None:
        for number, id_ in enumerate(ids[::5]):
            for operation in (
                patch(id_, **{MANAGER: f"t{turn}.{number * 5}"}),
                patch(id_, userName=f"{names[number * 5]}.{turn}"),
                post("", f"t{turn}.{number}"),
            ):
                sent = http.request(operation["method"], operation["path"], json=operation["data"])
                assert sent.status_code in (200, 201, 409), sent.text

    with ThreadPoolExecutor(4) as pool:
        for turn in range(2):
            running: list[Future[None]] = [
                pool.submit(work, turn) for work in (first, second, singly, singly)
            ]
            for one in running:
                one.result(timeout=120)
    assert "deadlock" not in own_site.log()
    consistent(everybody(http))


def created(operations: list[Operation]) -> Iterator[str]:
    """References to the people whom the operations create."""
    return (f"bulkId:{operation['bulkId']}" for operation in operations)


def expect(outcomes: list[dict[str, Any]], allowed: set[str]) -> None:
    assert {outcome["status"] for outcome in outcomes} <= allowed


def consistent(people: dict[str, dict[str, Any]]) -> None:
    """Every manager is somebody who is here, or a text that nobody here is called."""
    called = {document["userName"].lower() for document in people.values()} | people.keys()
    for document in people.values():
        manager = manager_of(document)
        bound = "$ref" in document.get(ENTERPRISE, {}).get("manager", {})
        assert (manager in people) if bound else (manager.lower() not in called), document
