"""Why the link of an invitation has died before its round has ended."""

from datetime import datetime
from typing import Final

from employees.models import ParticipationPeriod

from .eligibility import Dates, is_open, why_not
from .models import Exclusion, Invitation
from .zones import zone_of_employee

CLOSED: Final = "The round has closed"


def why_ended(invitation: Invitation, now: datetime, dates: Dates | None = None) -> str:
    """In a few words, of an invitation whose link does not work.

    Args:
        invitation: with its round, the round's schedule and its employee.
        dates: as for `eligibility.why_not`.
    """
    employee, round_ = invitation.employee, invitation.round
    if not is_open(round_, now):
        return CLOSED
    if employee is None or employee.deleted_at is not None:
        return ParticipationPeriod.Reason.DELETED.label
    today = now.astimezone(zone_of_employee(employee, round_.schedule)).date()
    # Who takes part again has been away since: the link died with the stretch in which they were invited.
    return (why_not(employee, today, dates) or Exclusion.Reason.DEACTIVATED).label
