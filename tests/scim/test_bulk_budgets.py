"""A bulk request asks the database as often for a hundred operations as for ten."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees import attribute_services as attributes
from employees.models import Attribute
from scim.provisioning.models import ProvisioningSettings
from tests.scim.bulk_requests import Operation, delete, patch, post, put, run, statuses
from tests.scim.conftest import ENTERPRISE, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
MANAGER = f"{ENTERPRISE}:manager"
WORK_EMAIL = 'emails[type eq "work"].value'
FRAME = re.compile(
    r"SAVEPOINT|RELEASE|BEGIN|COMMIT|.*pg_advisory_xact_lock|.*provisioning_bearertoken", re.DOTALL
)
STATEMENT = re.compile(r'(?:\d+ times: |\()?(\w+)(?:.*?(?:FROM|INTO|(?<=UPDATE)) "(\w+)")?', re.DOTALL)
Write = Callable[[int, str], Operation]

CREATED: dict[str, Write] = {
    "nothing but a name": lambda number, id_: post(f"n{number}"),
    "with lists": lambda number, id_: post(f"n{number}", emails=[{"value": f"n{number}@example.org"}]),
    "managed by each other": lambda number, id_: post(
        f"n{number}", **{ENTERPRISE: {"manager": f"n{number ^ 1}@example.com"}}
    ),
    "with a mentor": lambda number, id_: post(f"n{number}", **{PEAKON: {"Mentor": f"B{number}"}}),
    "with unknown attributes": lambda number, id_: post(f"n{number}", **{PEAKON: {"Shoe Size": number}}),
    "refused": lambda number, id_: post(f"n{number}", f"p{number}@example.com"),
}
CHANGED: dict[str, Write] = {
    "title": lambda number, id_: patch(id_, title="Lead"),
    "nothing": lambda number, id_: patch(id_, active=True),
    "active": lambda number, id_: patch(id_, active=False),
    "userName": lambda number, id_: patch(id_, userName=f"renamed{number}"),
    "a number for a name": lambda number, id_: patch(id_, userName=10_000 + number),
    "work e-mail": lambda number, id_: patch(id_, **{WORK_EMAIL: f"n{number}@example.org"}),
    "emails": lambda number, id_: patch(id_, emails=[{"value": f"n{number}@example.org"}]),
    "manager": lambda number, id_: patch(id_, **{MANAGER: f"p{number // 2}@example.com"}),
    "manager who is awaited": lambda number, id_: patch(id_, **{MANAGER: f"nobody{number}"}),
    "manager.value": lambda number, id_: patch(id_, **{f"{MANAGER}.value": f"p{number // 2}@example.com"}),
    "mentor as a text": lambda number, id_: patch(id_, **{f"{PEAKON}:Mentor": f"B{number}"}),
    "mentor": lambda number, id_: patch(id_, **{f"{PEAKON}:Mentor": {"value": f"B{number}"}}),
    "put": lambda number, id_: put(id_, userName=f"put{number}", externalId=f"x{number}"),
    "delete": lambda number, id_: delete(id_),
    "delete nobody": lambda number, id_: delete(str(uuid4())),
}


def asked(scim: ScimClient, operations: list[Operation]) -> Counter[str]:
    """How often each kind of statement on each table was asked; inserts count once, split or not."""
    with CaptureQueriesContext(connection) as captured:
        outcomes = run(scim, *operations)
    assert len(set(statuses(outcomes))) == 1
    counted = Counter(map(kind_of, (query["sql"] for query in captured if not FRAME.match(query["sql"]))))
    # SQLite splits inserts of many rows.
    return Counter({kind: 1 if kind.startswith("INSERT") else many for kind, many in counted.items()})


def kind_of(sql: str) -> str:
    """The verb of a statement and the first table in it."""
    found = STATEMENT.match(sql)
    assert found, sql
    return " ".join(found.groups(""))


@pytest.fixture
def people(scim: ScimClient) -> list[str]:
    """SCIM ids of 110 people with an employee number each."""
    ProvisioningSettings.objects.update(brake_from=1_000)  # the brake asks once more when it may hold
    attributes.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    numbered = [post(f"p{number}", **{ENTERPRISE: {"employeeNumber": f"B{number}"}}) for number in range(110)]
    outcomes = run(scim, *numbered)
    run(scim, post("known", **{PEAKON: {"Shoe Size": 0}}))
    return [outcome["location"].rpartition("/")[2] for outcome in outcomes]


@pytest.mark.parametrize("write", [*CREATED, *CHANGED])
def test_queries_do_not_grow(scim: ScimClient, people: list[str], write: str) -> None:
    operation = {**CREATED, **CHANGED}[write]
    few = asked(scim, [operation(number, people[number]) for number in range(10)])
    many = asked(scim, [operation(number, people[number]) for number in range(10, 110)])
    assert many == few


def test_named_queries(scim: ScimClient, people: list[str]) -> None:
    """What a hundred people of a first cycle, with managers, and a change of each of them ask for."""
    bosses: dict[str, Any] = {ENTERPRISE: {"manager": {"value": "p0@example.com"}, "employeeNumber": "1"}}
    address: dict[str, Any] = {"emails": [{"value": "n@example.org"}], "externalId": "x"}
    created = asked(scim, [post(f"n{number}", **bosses, **address) for number in range(100)])
    assert created == {
        "SELECT employees_employee": 3,
        "INSERT employees_employee": 1,
        "INSERT employees_searchkey": 1,
        "INSERT employees_change": 1,
        "INSERT provisioning_logentry": 1,
    }
    retitled = asked(scim, [patch(id_, title="Lead") for id_ in people[:100]])
    assert retitled == {
        "SELECT employees_employee": 1,
        "UPDATE employees_employee": 1,
        "INSERT employees_change": 1,
        "INSERT provisioning_logentry": 1,
    }
