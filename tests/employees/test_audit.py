"""Audit rows are written with the employee, name their actor, and are final."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from employees.append_only import AuditRowsAreFinal
from employees.audit import Actor
from employees.models import Change
from tests.employees.people import change, hire, now

pytestmark = pytest.mark.django_db


def save_again(row: Change) -> None:
    row.actor_name = "Somebody else"
    row.save()


ATTEMPTS: dict[str, Callable[[Change], object]] = {
    "save": save_again,
    "save some fields": lambda row: row.save(update_fields=["actor_name"]),
    "delete": lambda row: row.delete(),
    "update": lambda row: Change.objects.update(actor_name=""),
    "bulk update": lambda row: Change.objects.bulk_update([row], ["actor_name"]),
    "upsert": lambda row: Change.objects.bulk_create(
        [row], update_conflicts=True, update_fields=["actor_name"], unique_fields=["id"]
    ),
    "update or create": lambda row: Change.objects.update_or_create({"actor_name": ""}, pk=row.pk),
    "delete all": lambda row: Change.objects.all().delete(),
    "update through the employee": lambda row: row.employee.changes.update(actor_name=""),
    "delete through the employee": lambda row: row.employee.changes.all().delete(),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_rows_are_final(attempt: Callable[[Change], object]) -> None:
    hire()
    row, before = Change.objects.get(), Change.objects.values().get()
    with pytest.raises(AuditRowsAreFinal):
        attempt(row)
    assert Change.objects.values().get() == before


def test_rows_say_who() -> None:
    administrator = User.objects.create(username="root")
    employee = hire(actor=Actor.identity_provider("idp7", "Entra ID"))
    change(employee, title="Countess", actor=Actor.administrator(administrator))
    change(employee, title="", actor=Actor.command("import"))
    assert list(Change.objects.values_list("actor_kind", "actor_key", "actor_name")) == [
        ("command", "command:import", "manage.py import"),
        ("administrator", f"user{administrator.pk}", "root"),
        ("identity provider", "idp7", "Entra ID"),
    ]


def test_rows_go_with_the_transaction() -> None:
    employee = hire()
    with transaction.atomic():
        change(employee, title="Countess")
        transaction.set_rollback(True)
    assert Change.objects.count() == 1
    assert now(employee).profile == {}


def test_employees_are_named_by_their_scim_id() -> None:
    boss, report = hire("boss@example.com"), hire()
    change(report, manager=boss)
    assert Change.objects.filter(employee=report)[0].after == {"manager": str(boss.uuid)}
