"""Who could take part in a round on a day, whatever its audience, and why somebody could not."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Self

from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q
from django.db.models.functions import Substr

from employees.models import Attribute, Employee, SearchKey

from .models import Exclusion, Invitation, Round
from .zones import zone_of_employee

Reason = Exclusion.Reason

START_DATE: Final = "attribute_startdate"
SEPARATION_DATE: Final = "attribute_separationdate"

_DAY: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(t|T|\Z)"
"""How a text begins that says a day; any other says none."""


@dataclass(frozen=True)
class Dates:
    """Which dates count: those whose attribute is switched on."""

    start: bool
    separation: bool

    @classmethod
    def read(cls) -> Self:
        """As administrators have it now; one query."""
        facts = (START_DATE, SEPARATION_DATE)
        on = set(Attribute.objects.filter(fact__in=facts, active=True).values_list("fact", flat=True))
        return cls(START_DATE in on, SEPARATION_DATE in on)


def why_not(employee: Employee, on: date, dates: Dates | None = None) -> Reason | None:
    """Why somebody cannot take part in a round of a day; None when they can.

    Args:
        employee: present, or deleted by a removal that is held.
        dates: read before, when many are asked about; else one query.
    """
    dates = dates or Dates.read()
    if employee.held_by:
        return Reason.HELD
    if not employee.active or employee.active_since is None:
        return Reason.DEACTIVATED
    if dates.separation and "" < last_day(employee) < on.isoformat():
        return Reason.SEPARATED
    if dates.start and first_day(employee) > on.isoformat():
        return Reason.NOT_STARTED
    return None


def takes_part(invitation: Invitation, now: datetime, dates: Dates | None = None) -> bool:
    """Whether the link of an invitation works, whether it was used already or not.

    The round is open, and the participant has taken part ever since they were invited. A removal that is held
    ends nothing, be it a deletion; a separation date does when it has passed where they are.

    Args:
        invitation: with its round, the round's schedule and its employee.
        dates: as for `why_not`.
    """
    employee, round_ = invitation.employee, invitation.round
    if employee is None or invitation.ended_at is not None:
        return False
    if not is_open(round_, now) or employee.active_since != invitation.active_since:
        return False
    today = now.astimezone(zone_of_employee(employee, round_.schedule)).date().isoformat()
    separated = "" < last_day(employee) < today
    return not (separated and (dates or Dates.read()).separation)


def is_open(round_: Round, now: datetime) -> bool:
    return round_.closed_at is None and round_.opened_at <= now < round_.closes_at


def first_day(employee: Employee) -> str:
    """An employee's start date as YYYY-MM-DD, "" when none is known."""
    return _day_of(employee, START_DATE)


def last_day(employee: Employee) -> str:
    """An employee's separation date as YYYY-MM-DD, "" when none is known."""
    return _day_of(employee, SEPARATION_DATE)


def could_take_part(on: date, dates: Dates | None = None) -> Q:
    """The condition of having no reason for the database, for querysets of those present."""
    dates = dates or Dates.read()
    found = Q(active=True, active_since__isnull=False, held_by="")
    if dates.separation:
        found &= ~Q(separated(on))
    if dates.start:
        found &= ~Q(_starts_after(on))
    return found


def reasons(on: date, dates: Dates | None = None) -> dict[Reason, Q]:
    """The conditions of `why_not` for the database: the first one that holds is the reason."""
    dates = dates or Dates.read()
    found = {
        Reason.HELD: ~Q(held_by=""),
        Reason.DEACTIVATED: Q(active=False) | Q(active=None) | Q(active_since=None),
    }
    if dates.separation:
        found[Reason.SEPARATED] = Q(separated(on))
    if dates.start:
        found[Reason.NOT_STARTED] = Q(_starts_after(on))
    return found


def _day_of(employee: Employee, fact: str) -> str:
    text = employee.profile.get(fact)
    return text[:10] if isinstance(text, str) and re.match(_DAY, text) else ""


def separated(on: date, person: str = "pk") -> Exists:
    """Whether the separation date has passed on a day, whether that attribute is switched on or not.

    Args:
        person: the field of the outer query that holds the employee's primary key.
    """
    return _has_day(SEPARATION_DATE, Q(key__lt=on.isoformat()), person)


def _starts_after(on: date) -> Exists:
    # A day is followed by a time or by nothing, and both sort before the sign.
    return _has_day(START_DATE, Q(key__gt=f"{on.isoformat()}~"))


def _has_day(fact: str, condition: Q, person: str = "pk") -> Exists:
    """Whether somebody has a day of that fact which meets a condition; the index of values knows."""
    days = SearchKey.objects.annotate(person=_Gathered("employee_id"), day=Substr("key", 1, 11))
    return Exists(days.filter(condition, name=fact, person=OuterRef(person), day__regex=_DAY))


class _Gathered(Func):
    """A column that PostgreSQL compares after it has read all of it.

    It expects few people in an audience, and would look up the dates of hundreds of thousands one by one.
    """

    output_field = BigIntegerField()
    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s + 0)", **context)
