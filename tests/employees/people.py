"""Short ways to write to employees as a given actor, each in a transaction of its own."""

from typing import Any

from django.db import transaction

from employees import services
from employees.audit import Actor
from employees.models import Change, Employee

ENTRA = Actor.identity_provider("idp1", "Entra ID")
OKTA = Actor.identity_provider("idp2", "Okta")


def hire(user_name: str = "ada@example.com", *, actor: Any = ENTRA, **facts: Any) -> Employee:
    return services.create_employee({"user_name": user_name, **facts}, actor=actor)


@transaction.atomic
def change(employee: Employee, *, actor: Any = ENTRA, **facts: Any) -> Change | None:
    return services.update_employee(services.lock(employee.uuid), facts, actor=actor)


@transaction.atomic
def delete(employee: Employee, *, actor: Actor = ENTRA) -> Change:
    return services.delete_employee(services.lock(employee.uuid), actor=actor)


def restore(employee: Employee, *, actor: Actor = ENTRA) -> Change:
    return services.restore_employee(employee, actor=actor)


def now(employee: Employee) -> Employee:
    """The employee as the database has them."""
    return Employee.objects.select_related("manager").get(pk=employee.pk)
