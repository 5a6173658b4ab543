"""The searches by attributes that are measured, their plans, and the table of what they took."""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any, Final

from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees import facts
from employees.models import Attribute
from scim.protocol.urns import ENTERPRISE_USER, PEAKON_USER

from .load import load, widened
from .people import Company
from .rounds import measure, table
from .site import Directory

MATCH: Final = "userName"
EQUALITY: Final = "text, 1 or 2 have it"
SHARED: Final = {
    EQUALITY: "Badge",
    "option, 8 have it": "Team",
    "option, 150 have it": "Cost Center",
    "option, a tenth has it": "Region",
    "number, a fortieth has it": "Years of Service",
    "date, one in 5,000 has it": "Start Date",
}

Query = dict[str, Any]


class Searches:
    """Each kind of search, about another person at every call."""

    def __init__(self, company: Company, employees: int, directory: Directory) -> None:
        self.company, self.employees, self.directory = company, employees, directory
        self.fact_names = dict(Attribute.objects.values_list("name", "fact"))
        self.random = Random(company.seed)

    def kinds(self) -> Iterator[tuple[str, Callable[[], Query]]]:
        """The name of each kind with what makes its query."""
        external_id = facts.EXTERNAL_ID + self.company.provider
        yield MATCH, lambda: self._equal("userName", "user_name")
        yield "externalId", lambda: self._equal("externalId", external_id)
        yield "work e-mail", lambda: self._equal('emails[type eq "work"].value', "user_name")
        yield "employeeNumber", lambda: self._equal(f"{ENTERPRISE_USER}:employeeNumber", "employee_number")
        yield "manager", lambda: self._refers(f"{ENTERPRISE_USER}:manager", "manager")
        yield "employee", lambda: self._refers(f"{PEAKON_USER}:Mentor", self.fact_names["Mentor"])
        for kind, name in SHARED.items():
            yield kind, partial(self._attribute, name)
            yield f"{kind}, count=1", partial(self._attribute, name, count=1)
        yield "page of 100 of all", lambda: {"count": 100}
        yield "page of 100 with 20 attributes", self._wide

    def ask(self, make: Callable[[], Query]) -> dict[str, Any]:
        return self.directory.search(make())

    def _person(self) -> dict[str, Any]:
        """Somebody who has a manager and a mentor."""
        while "manager" not in (of := self._stated(self.random.randrange(self.employees))):
            pass
        return of

    def _stated(self, number: int) -> dict[str, Any]:
        return self.company.facts_of(number, self.fact_names)

    def _equal(self, path: str, fact: str) -> Query:
        return {"filter": f"{path} eq {_literal(self._person()[fact])}"}

    def _refers(self, path: str, fact: str) -> Query:
        return {"filter": f'{path} eq "{self._person()[fact].uuid}"'}

    def _attribute(self, name: str, **further: Any) -> Query:
        return self._equal(f"{PEAKON_USER}:{name}", self.fact_names[name]) | further

    def _wide(self) -> Query:
        stated = widened(self.company).facts_of(self.employees, self.fact_names)
        value = _literal(stated[self.fact_names["Region 2"]])
        return {"filter": f"{PEAKON_USER}:Region 2 eq {value}", "count": 100}


def report(employees: int, *, rounds: int, repeats: int) -> None:
    """Loads the company where it is not there yet, and prints the table and the plans."""
    directory = Directory()
    company = Company(provider=directory.actor.key)
    load(company, employees, actor=directory.actor)
    searches = Searches(company, employees, directory)
    kinds = dict(searches.kinds())
    notes, plans = {}, {}
    searches.ask(kinds[MATCH])  # the attributes are read once, and the token's use is noted now and then
    for name, query in kinds.items():
        with CaptureQueriesContext(connection) as captured:
            page = searches.ask(query)
        # The first one looks the token up.
        asked = [entry["sql"] for entry in captured if not entry["sql"].startswith("UPDATE")]
        notes[name] = f"{page['totalResults']:,} | {len(asked)}"
        plans[name] = asked[1:]
    requests = {name: partial(searches.ask, query) for name, query in kinds.items()}
    medians = measure(requests, rounds=rounds, repeats=repeats)
    print(f"\n{connection.vendor}, {employees:,} employees, medians of {rounds} rounds\n")
    print(table(medians, notes, MATCH))
    for name in (MATCH, EQUALITY, "option, a tenth has it, count=1"):
        for sql in plans[name]:
            print(f"\n{name}\n{sql}\n{plan_of(sql)}")


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def plan_of(sql: str) -> str:
    explain = "EXPLAIN (ANALYZE, BUFFERS)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
