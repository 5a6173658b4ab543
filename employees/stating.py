"""Facts stated of an employee in memory: written, with who stands behind them, and what follows from them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import facts as fact_names
from .audit import Actor
from .models import Employee


def new_employee(facts: Mapping[str, Any], *, actor: Actor, at: datetime) -> Employee:
    """Somebody with those facts, unsaved, whose references are not settled."""
    employee = Employee(created_at=at, updated_at=at, manager=None)
    state(employee, facts, facts, actor=actor, at=at)
    employee.active_since = at if employee.active else None
    return employee


def state(
    employee: Employee, facts: Mapping[str, Any], set_: Mapping[str, Any], *, actor: Actor, at: datetime
) -> set[str]:
    """Writes facts to the instance.

    Args:
        set_: the facts that the actor stands behind from now on, those that stay as they are included.

    Returns:
        The fields to save.
    """
    previous_user_name, fields = employee.user_name, {"set_by"}
    if actor.is_identity_provider and employee.managed_by != actor.key:
        employee.managed_by = actor.key
        fields.add("managed_by")
    for fact, value in facts.items():
        fields |= fact_names.write(employee, fact, value)
    moment = at.isoformat()
    for fact, value in set_.items():
        if value in fact_names.NOTHING:  # a cleared fact has nobody behind it
            employee.set_by.pop(fact, None)
        else:
            employee.set_by[fact] = [actor.key, moment]
    return fields | _follow_work_email(employee, facts, previous_user_name)


def _follow_work_email(employee: Employee, changed: Mapping[str, Any], previous_user_name: str) -> set[str]:
    """Keeps `work_email` in step with the stated e-mails, or with the user name while none were stated."""
    before = employee.work_email
    if fact_names.EMAILS in changed:
        employee.work_email = fact_names.work_email_of(employee.profile.get(fact_names.EMAILS, []))
    elif (
        "user_name" in changed
        and not employee.profile.get(fact_names.EMAILS)
        and employee.work_email in ("", previous_user_name)
    ):
        employee.work_email = employee.user_name if fact_names.is_address(employee.user_name) else ""
    return {"work_email", "work_email_key"} if employee.work_email != before else set()
