"""The requests whose latency must not grow with the company, each about another person at every call."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees.models import Employee
from scim.cursors import Cursor

from .attribute_searches import EQUALITY, Searches, plan_of
from .bodies import body
from .bulk import retitled
from .growth_table import (
    CREATE,
    CURSOR,
    FIRST_PAGE,
    FLAT_PAGES,
    GET,
    LATE_PAGE,
    MATCHES,
    PARTS,
    PATCH,
    SORTED,
)
from .latencies import timed
from .people import Company
from .site import Directory

PAGE: Final = 100
SOME: Final = 10
"""How many are asked for by a part of their name: how many have it grows with the company."""

UNTIL_GENERIC: Final = 15
"""Executions after which psycopg has prepared a statement, and PostgreSQL has planned it for any values."""


@dataclass(frozen=True)
class Request:
    """One request to `/Users`: what follows in its address, and its body."""

    method: str
    address: str
    body: str = ""


def search(**query: Any) -> Request:
    return Request("GET", "?" + urlencode(query))


class Requests:
    """Makes and sends them.

    Attributes:
        kinds: by name, what makes the next request.
    """

    def __init__(self, company: Company, employees: int, directory: Directory) -> None:
        self.company, self.employees, self.directory = company, employees, directory
        self.random = Random(company.seed)
        self.created: list[str] = []
        self.next = Employee.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        given = directory.search({"cursor": "", "count": PAGE})["nextCursor"]
        self.cursor = Cursor.read(given, company.provider)
        self.kinds: dict[str, Callable[[], Request]] = {
            **self._matches(),
            GET: lambda: Request("GET", f"/{self._somebody()}"),
            PATCH: lambda: Request("PATCH", f"/{self._somebody()}", json.dumps(retitled(self._word()))),
            CREATE: self._create,
            **self._pages(),
            **self._parts(),
        }

    def send(self, request: Request) -> Any:
        """What the request is answered with.

        Raises:
            RuntimeError: the answer was no success.
        """
        path = f"/scim/v2/Users{request.address}"
        response = self.directory.client.generic(request.method, path, request.body, "application/scim+json")
        if response.status_code >= 300:
            raise RuntimeError(f"{request} {response.content.decode()}")
        if request.method == "POST":
            self.created.append(response["Location"].rpartition("/")[2])
        return response

    def warm_up(self) -> None:
        """Sends so many requests of each kind that the database no longer plans each of them anew.

        Raises:
            RuntimeError: a search found nobody, so that it would not measure what it is to measure.
        """
        for kind, make in self.kinds.items():
            if not self.send(make()).json().get("Resources", True):
                raise RuntimeError(f"{kind} found nobody.")
            self.latencies(kind, UNTIL_GENERIC)

    def latencies(self, kind: str, repeats: int) -> list[float]:
        """The milliseconds of some requests of a kind."""
        return timed(self.kinds[kind], self.send, repeats)

    def clean_up(self) -> None:
        """Deletes who was created, so that the company keeps its size."""
        while self.created:
            self.send(Request("DELETE", f"/{self.created.pop()}"))

    def plans(self, kind: str) -> str:
        """The SQL of a reading request and how the database executes it when it plans for these values."""
        request = self.kinds[kind]()
        with CaptureQueriesContext(connection) as captured:
            self.send(request)
        asked = [entry["sql"] for entry in captured if entry["sql"].startswith("SELECT")]
        return "\n".join(f"{sql}\n{plan_of(sql)}\n" for sql in asked[1:])

    def _matches(self) -> dict[str, Callable[[], Request]]:
        searches = dict(Searches(self.company, self.employees, self.directory).kinds())
        names = zip(
            MATCHES, ("userName", "externalId", "work e-mail", "employeeNumber", EQUALITY), strict=True
        )

        def by(make: Callable[[], dict[str, Any]]) -> Callable[[], Request]:
            return lambda: search(**make())

        return {ours: by(searches[theirs]) for ours, theirs in names}

    def _pages(self) -> dict[str, Callable[[], Request]]:
        depths = (PAGE, self.employees // 2, self.employees - 2 * PAGE + PAGE // 2)
        late = self.employees * 9 // 10 + 1
        return {
            CURSOR: lambda: search(cursor="", count=PAGE),
            **{name: partial(self._behind, pk) for name, pk in zip(FLAT_PAGES, depths, strict=True)},
            FIRST_PAGE: lambda: search(startIndex=1, count=PAGE),
            LATE_PAGE: lambda: search(startIndex=late, count=PAGE),
            SORTED: lambda: search(sortBy="name.familyName", count=PAGE),
        }

    def _parts(self) -> dict[str, Callable[[], Request]]:
        """What somebody's name begins with, or has within it."""

        def by(path: str, operator: str, part: Callable[[dict[str, Any]], str]) -> Callable[[], Request]:
            return lambda: search(filter=f'{path} {operator} "{part(self._stated())}"', count=SOME)

        family = [by("name.familyName", operator, lambda of: of["family_name"]) for operator in ("sw", "co")]
        login = by("userName", "sw", lambda of: of["user_name"].partition("@")[0])
        middle = by("userName", "co", lambda of: of["user_name"].partition("@")[0].partition(".")[2])
        return dict(zip(PARTS, (*family, login, middle), strict=True))

    def _behind(self, pk: int) -> Request:
        """The page behind a place of the order of arrival: a cursor of this site's, moved there."""
        moved = replace(self.cursor, position=[pk])
        return search(cursor=moved.text(self.company.provider), count=PAGE)

    def _create(self) -> Request:
        self.next += 1
        return Request("POST", "", json.dumps(body(self.company, self.next, self._reference)))

    def _reference(self, number: int) -> str:
        """The SCIM id of somebody who is there, also for those who were never seeded."""
        return str(self.company.identity(number % self.employees)["uuid"])

    def _somebody(self) -> str:
        return self._reference(self.random.randrange(self.employees))

    def _stated(self) -> dict[str, Any]:
        own = {name: name for name, _ in self.company.definitions}
        return self.company.facts_of(self.random.randrange(self.employees), own)

    def _word(self) -> str:
        return f"Title {self.random.getrandbits(64):x}"
