"""Bulk requests against the same writes one by one, over HTTP, on SQLite or what DATABASE_URL names."""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import httpx2

from tests.site import Site, served

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SIZE = 1_000


def person(number: int) -> dict[str, Any]:
    """The body of a POST as Entra ID's default mapping makes it."""
    address = f"person.{number}@example.com"
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": address,
        "externalId": f"object-{number}",
        "displayName": f"Person {number}",
        "name": {"givenName": "Person", "familyName": str(number)},
        "active": True,
        "title": "Analyst",
        "emails": [{"value": address, "type": "work", "primary": True}],
        ENTERPRISE: {
            "employeeNumber": str(number),
            "department": f"Department {number % 40}",
            "manager": {"value": f"person.{number // 8}@example.com"},
        },
    }


def retitled(title: str) -> dict[str, Any]:
    """The body of a PATCH of one attribute."""
    operations = [{"op": "replace", "path": "title", "value": title}]
    return {"schemas": [PATCH_OP], "Operations": operations}


class Client:
    """One identity provider on one connection."""

    def __init__(self, site: Site) -> None:
        headers = {"Authorization": f"Bearer {site.token('Directory')}"}
        self.http = httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=120)
        self.next = 0
        self.ids: list[str] = []

    def send(self, method: str, path: str, body: Any) -> Any:
        response = self.http.request(method, path, json=body)
        response.raise_for_status()
        return response.json()

    def create(self) -> None:
        """Creates the next person with one request."""
        self.next += 1
        self.send("POST", "/Users", person(self.next))

    def create_many(self) -> None:
        """Creates the next thousand with one request."""
        numbers = range(self.next + 1, self.next + 1 + SIZE)
        self.next += SIZE
        steps = [{"method": "POST", "path": "/Users", "bulkId": str(n), "data": person(n)} for n in numbers]
        self.ids = [operation["location"].rpartition("/")[2] for operation in self.bulk(steps, "201")]

    def patch(self) -> None:
        """Changes one attribute of one of the last thousand with one request."""
        self.ids = [*self.ids[1:], self.ids[0]]
        self.send("PATCH", f"/Users/{self.ids[0]}", retitled(f"Title {time.monotonic()}"))

    def patch_many(self) -> None:
        """Changes the same attribute of each of the last thousand with one request."""
        body = retitled(f"Title {time.monotonic()}")
        self.bulk([{"method": "PATCH", "path": f"/Users/{id_}", "data": body} for id_ in self.ids], "200")

    def bulk(self, operations: list[dict[str, Any]], status: str) -> list[dict[str, Any]]:
        """Raises RuntimeError when an operation did not end with that status."""
        outcomes: list[dict[str, Any]] = self.send("POST", "/Bulk", {"Operations": operations})["Operations"]
        if any(outcome["status"] != status for outcome in outcomes):
            raise RuntimeError(str(next(o for o in outcomes if o["status"] != status)))
        return outcomes


def per_second(work: Callable[[], object], people: int, repeats: int = 1) -> float:
    """How many people a second a piece of work gets through."""
    started = time.perf_counter()
    for _ in range(repeats):
        work()
    return people * repeats / (time.perf_counter() - started)


def measure(client: Client, rounds: int, singles: int) -> None:
    """Prints medians of interleaved rounds, in people a second."""
    client.create_many()
    works: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {
        "create": (
            lambda: per_second(client.create, 1, singles),
            lambda: per_second(client.create_many, SIZE),
        ),
        "PATCH one attribute": (
            lambda: per_second(client.patch, 1, singles),
            lambda: per_second(client.patch_many, SIZE),
        ),
    }
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (single, bulk) in works.items():
            figures[name].append((single(), bulk()))
    print("| work | one by one, people/s | bulk of 1,000, people/s | ratio |\n|---|---:|---:|---:|")
    for name, pairs in figures.items():
        one, many = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        print(f"| {name} | {one:.0f} | {many:.0f} | {median(b / a for a, b in pairs):.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--singles", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), SCIM_RATE_LIMIT="0") as site:
        measure(Client(site), options.rounds, options.singles)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"Peak of the largest process of the site: {peak:.0f} MB")


if __name__ == "__main__":
    main()
