"""When an employee took part in surveys, and what began and ended it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from employees.models import Employee, ParticipationPeriod

from .eligibility import Dates, first_day, last_day

SEPARATION_DATE, HELD = "Separation date", "Their removal is held"


@dataclass(frozen=True)
class Stretch:
    """A time in which an employee takes part, has or will.

    Attributes:
        since, until: moments; the latter is None while nobody has ended it.
        first_day, last_day: of the present one, the start and the separation date as YYYY-MM-DD, "" for none.
        why: what ended it or is about to, in words; a hold ends nothing until somebody decides.
        by: the name of whoever ended it.
        by_kind: "identity provider", "administrator" or "command"; "" where nobody did.
    """

    since: datetime
    until: datetime | None = None
    first_day: str = ""
    last_day: str = ""
    why: str = ""
    by: str = ""
    by_kind: str = ""


def history_of(
    employee: Employee, periods: Iterable[ParticipationPeriod] | None = None, dates: Dates | None = None
) -> list[Stretch]:
    """The times in which an employee takes part, the present one first.

    Args:
        periods: theirs, newest first, and `dates` as for `eligibility.why_not`, when they were read before;
            else a query for each.
    """
    ended = employee.participation_periods.all() if periods is None else periods
    past = [
        Stretch(
            period.started_at,
            period.ended_at,
            why=period.get_reason_display(),
            by=period.ended_by,
            by_kind=period.ended_by_kind,
        )
        for period in ended
    ]
    if employee.active_since is None:
        return past
    return [_present(employee, employee.active_since, dates or Dates.read()), *past]


def _present(employee: Employee, since: datetime, dates: Dates) -> Stretch:
    last = last_day(employee) if dates.separation else ""
    return Stretch(
        since,
        first_day=first_day(employee) if dates.start else "",
        last_day=last,
        why=HELD if employee.held_by else SEPARATION_DATE if last else "",
    )
