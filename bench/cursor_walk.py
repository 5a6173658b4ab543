"""Walks through a whole company while somebody writes: `python -m bench.cursor_walk --employees N`."""

import argparse
import json
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from . import rounds, site

PAGE = 200
FIRST, LAST = "the second page", "the last full page"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--employees", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--repeats", type=int, default=7, help="requests of each kind in a round")
    arguments = parser.parse_args()
    with site.prepared(sqlite=False):
        report(arguments.employees, rounds_=arguments.rounds, repeats=arguments.repeats)


def report(employees: int, *, rounds_: int, repeats: int) -> None:
    """Fills the database, walks through it, and prints who was missed and what the pages cost."""
    from employees.models import Employee

    from .company import define_attributes, found
    from .people import Company

    directory = site.Directory()
    company = Company(provider=directory.actor.key)
    define_attributes(company)
    found(company, employees, actor=directory.actor)
    present = {str(uuid) for uuid in Employee.objects.present().values_list("uuid", flat=True)}
    ours, theirs = get_context("spawn").Pipe()
    writer = get_context("spawn").Process(target=write, args=(theirs, employees))
    writer.start()
    ours.recv()
    started = time.perf_counter()
    pages = list(walk(directory))
    seconds = time.perf_counter() - started
    # Those who were hired meanwhile have shorter documents.
    full = [page for page in pages if len(present & set(page["ids"])) == PAGE]
    queries = {FIRST: full[1]["query"], LAST: full[-1]["query"]}
    requests = {name: partial(directory.search, query) for name, query in queries.items()}
    medians = rounds.measure(requests, rounds=rounds_, repeats=repeats)
    ours.send("stop")
    hired, left = ours.recv()
    writer.join()
    seen = [id_ for page in pages for id_ in page["ids"]]
    print(f"{len(pages):,} pages of {PAGE} in {seconds:,.0f} s; {len(seen):,} people of {len(present):,}")
    print(f"meanwhile {len(hired):,} were hired and {len(left):,} deleted")
    print(f"skipped: {len(present - left - set(seen))}; twice: {len(seen) - len(set(seen))}")
    print(f"hired and given: {len(hired & set(seen)):,}")
    print(f"page one, which is counted: {pages[0]['ms']:.1f} ms; the median of all: {_median(pages):.1f} ms")
    first, last = (median(medians[name]) for name in (FIRST, LAST))
    print(f"{FIRST}: {first:.1f} ms; {LAST}: {last:.1f} ms; ratio {last / first:.2f}")


def walk(directory: site.Directory) -> Iterator[dict[str, Any]]:
    """Every page: its query, the SCIM ids on it, and the milliseconds it took."""
    cursor: str | None = ""
    while cursor is not None:
        query = {"cursor": cursor, "count": PAGE}
        started = time.perf_counter()
        answer = directory.search(query)
        taken = (time.perf_counter() - started) * 1_000
        yield {"query": query, "ids": [person["id"] for person in answer["Resources"]], "ms": taken}
        cursor = answer.get("nextCursor")


def write(pipe: Connection, employees: int) -> None:
    """Hires, changes and deletes people until it is told to stop; then says who came and who left."""
    with site.prepared(sqlite=False):
        from employees.models import Employee

        directory = site.Directory()
        everybody = Employee.objects.present().order_by("?").values_list("uuid", flat=True)
        others = iter([str(uuid) for uuid in everybody[: employees // 2]])
        hired, left = set(), set()
        pipe.send("ready")
        for number in count():
            if pipe.poll():
                break
            hired.add(_send(directory, "POST", "", {"userName": f"new{number}@example.com"})["id"])
            operation = {"op": "replace", "path": "title", "value": f"Title {number}"}
            _send(directory, "PATCH", next(others), {"Operations": [operation]})
            leaver = next(others)
            _send(directory, "DELETE", leaver)
            left.add(leaver)
        pipe.recv()
        pipe.send((hired, left))


def _send(directory: site.Directory, method: str, user_id: str, body: Any = None) -> Any:
    """The JSON that a request about somebody is answered with.

    Raises:
        RuntimeError: the answer was no success.
    """
    path = f"/scim/v2/Users/{user_id}"
    response = directory.client.generic(method, path, json.dumps(body), "application/scim+json")
    if response.status_code >= 300:
        raise RuntimeError(response.content.decode())
    return json.loads(response.content or b"null")


def _median(pages: list[dict[str, Any]]) -> float:
    return median([float(page["ms"]) for page in pages])


if __name__ == "__main__":
    main()
