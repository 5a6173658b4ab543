"""When an employee takes part in surveys: from activation until deactivation or deletion, again and again."""

from datetime import datetime

from .audit import Actor
from .models import Employee, ParticipationPeriod


def end(
    employee: Employee, reason: ParticipationPeriod.Reason, *, actor: Actor, at: datetime
) -> ParticipationPeriod | None:
    """Closes the open period, if there is one; the caller saves it and `active_since`."""
    if employee.active_since is None:
        return None
    period = ParticipationPeriod(
        employee=employee, started_at=employee.active_since, ended_at=at, reason=reason, ended_by=actor.name
    )
    employee.active_since = None
    return period
