"""The open rounds that somebody could be added to."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from employees.models import Employee

from .models import Invitation, Round


def rounds_to_join(employee: Employee, now: datetime) -> list[Round]:
    """The open rounds without somebody who takes part now, or in which their link has died; one query."""
    if employee.active_since is None or employee.held_by:
        return []
    theirs = Invitation.objects.filter(round=OuterRef("pk"), employee=employee)
    settled = Q(answered_at__isnull=False) | Q(active_since=employee.active_since, ended_at=None)
    found = Round.objects.filter(closed_at=None, opened_at__lte=now, closes_at__gt=now)
    return list(found.filter(~Exists(theirs.filter(settled))).select_related("schedule"))
