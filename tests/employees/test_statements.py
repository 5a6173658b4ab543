"""Statements that are compiled once: the same people as the queryset has, whatever the values."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql import base
from django.db.models import BigAutoField, CharField, F, TextField, UUIDField, Value
from django.test.utils import CaptureQueriesContext

from employees import look_ups
from employees.folding import fold
from employees.models import Employee
from employees.planning import REPLANNED, Planned
from employees.statements import Among, Parameter, Several, Statement, Window, Within
from tests.employees.people import hire

pytestmark = pytest.mark.django_db

NAME = Parameter("name", TextField())


def plan(ask: Callable[[], object]) -> str:
    """How the database goes about the last statement that a call runs."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    sql = captured[-1]["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_values_change_and_the_statement_stays() -> None:
    ada, bob = hire("ada@example.com"), hire("bob@example.com", manager=hire("boss@example.com"))
    statement = Statement(Employee.objects.for_reading().filter(user_name_key=NAME.through(fold)))
    assert statement.fetch({"name": "ADA@example.com"}) == [ada]
    [found] = statement.fetch({"name": "Bob@Example.com"})
    assert (found, found.manager, found.uuid, found.created_at) == (
        bob,
        bob.manager,
        bob.uuid,
        bob.created_at,
    )
    assert (found.profile, found.active, found.external_ids) == (bob.profile, bob.active, bob.external_ids)
    assert statement.fetch({"name": "nobody"}) == []


def test_what_was_not_read_is_read_when_asked_for() -> None:
    hire("ada@example.com")
    [found] = Statement(Employee.objects.only("user_name")).fetch({})
    assert found.get_deferred_fields() >= {"profile", "uuid"}
    assert found.full_name == ""
    found.refresh_from_db()
    found.display_name = "Ada"
    found.save(update_fields=["display_name"])
    assert Employee.objects.get().display_name == "Ada"


def test_annotations_come_along() -> None:
    hire("ada@example.com")
    marked = Employee.objects.annotate(mark=Value("x", CharField()))
    [found] = Statement(marked).fetch({})
    assert found.mark == "x"  # type: ignore[attr-defined]


@pytest.mark.parametrize("wanted", [0, 1, 2, 1500])
def test_any_number_of_values(wanted: int) -> None:
    people = [hire(f"p{number}@example.com") for number in range(3)]
    by_id = Statement(Employee.objects.filter(Among(F("uuid"), Several("ids", UUIDField()))))
    ids = [*(person.uuid for person in people), *(uuid4() for _ in range(1500))][:wanted]
    assert by_id.fetch({"ids": ids}) == people[:wanted]


def test_windows_and_counts() -> None:
    people = [hire(f"p{number}@example.com") for number in range(5)]
    everybody = Statement(Employee.objects.order_by("pk"))
    assert everybody.fetch({}, 2) == people[:2]
    assert (everybody.count({}), everybody.count({}, 3), everybody.count({}, 9)) == (5, 3, 5)
    deep = Statement(
        Employee.objects.filter(Within(F("pk"), Window(Employee.objects.order_by("pk").values("pk"))))
    )
    assert deep.fetch({"limit": 2, "offset": 1}) == people[1:3]


def test_nobody_costs_nothing() -> None:
    nobody = Statement(Employee.objects.filter(pk__in=[]))
    with CaptureQueriesContext(connection) as captured:
        assert (nobody.fetch({}), nobody.fetch({}, 5), nobody.count({}), nobody.count({}, 5)) == (
            [],
            [],
            0,
            0,
        )
    assert len(captured) == 0


def test_only_what_says_so_is_planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans each time.")
    with connection.cursor() as cursor:
        for _ in range(9):
            cursor.execute("SELECT 1 + %s", [1])
            cursor.execute(Planned("SELECT 2 + %s"), [1])
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = [row[0] for row in cursor.fetchall()]
    assert any("SELECT 2 +" in statement for statement in prepared)
    assert not any("SELECT 1 +" in statement for statement in prepared)


LOOK_UPS: list[tuple[Callable[[], Any], str]] = [
    (lambda: look_ups.waiting(["boss@example.com"]), "employee_manager_awaited"),
    (lambda: look_ups.named().fetch({"keys": ["boss"], "ids": [uuid4()]}), "employee_user_name_unique"),
    (lambda: look_ups.called().fetch({"keys": ["boss"]}), "employee_work_email"),
    (lambda: look_ups.called().fetch({"keys": ["boss"]}), "employee_number"),
]


@pytest.mark.parametrize(("ask", "index"), LOOK_UPS)
def test_look_ups_use_their_indexes(ask: Callable[[], Any], index: str) -> None:
    """A condition with a parameter in it would not be recognized as that of a partial index."""
    addresses = [f"p{number}@example.com" for number in range(900)]
    Employee.objects.bulk_create(
        Employee(user_name=address, work_email=address, employee_number=address) for address in addresses
    )
    assert index in plan(ask)


def test_keys() -> None:
    people = [hire(f"p{number}@example.com") for number in range(3)]
    keys = Several("pks", BigAutoField())
    found: Any = Employee.objects.filter(Among(F("pk"), keys)).order_by("-pk").values("pk")
    assert Statement(found).keys({"pks": [people[0].pk, people[2].pk]}) == [people[2].pk, people[0].pk]


def test_plans_are_made_anew_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that was made while hardly anybody was here would read everybody later."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans each time.")
    found = Planned("SELECT id FROM employees_employee WHERE user_name_key = %s AND deleted_at IS NULL")
    sent: list[str] = []
    cursors: Any = base.ServerBindingCursor
    execute = cursors.execute

    def noted(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        sent.append(query)
        return execute(cursor, query, *arguments, **options)

    monkeypatch.setattr(cursors, "execute", noted)
    with connection.cursor() as cursor:
        for _ in range(2 * REPLANNED):
            cursor.execute(found, ["nobody"])
    assert sent.count("DISCARD PLANS") == 2
