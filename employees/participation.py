"""When an employee takes part in surveys: from activation until deactivation or deletion, again and again."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

from .audit import Actor
from .models import Employee, ParticipationPeriod

FIELDS: Final = frozenset({"active_since", "held_by", "held_at"})
"""What is saved when participation begins, ends, or is held."""

Brake: TypeAlias = Callable[[], bool]
"""Whether the next removal of somebody who takes part has to wait for an administrator; asked for each."""


def remove(
    employee: Employee, reason: ParticipationPeriod.Reason, *, actor: Actor, at: datetime, brake: Brake
) -> ParticipationPeriod | None:
    """Ends the participation of somebody who is deactivated or deleted, unless the brake holds the removal.

    Somebody whose removal is held goes on taking part; that their actor removes them once more changes
    nothing.
    """
    if employee.active_since is None or employee.held_by == actor.key:
        return None
    if brake():
        employee.held_by, employee.held_at = actor.key, at
        return None
    return end(employee, reason, actor=actor, at=at)


def end(
    employee: Employee, reason: ParticipationPeriod.Reason, *, actor: Actor, at: datetime
) -> ParticipationPeriod | None:
    """Closes the open period, if there is one; the caller saves it and `active_since`."""
    if employee.active_since is None:
        return None
    period = ParticipationPeriod(
        employee=employee,
        started_at=employee.active_since,
        ended_at=at,
        reason=reason,
        ended_by=actor.name,
        ended_by_kind=actor.kind,
    )
    employee.active_since = None
    let_go(employee)
    return period


def begin(employee: Employee, *, at: datetime) -> None:
    """Lets an employee take part from now on; whose removal was held has never ceased to."""
    employee.active_since = employee.active_since or at
    let_go(employee)


def let_go(employee: Employee) -> None:
    """There is no removal to decide about any more."""
    employee.held_by, employee.held_at = "", None
