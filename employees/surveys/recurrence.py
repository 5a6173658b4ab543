"""On which days a schedule opens rounds, in plain arithmetic however far away."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Protocol

WEEKS: Final = {"weekly": 1, "fortnightly": 2}
MONTHS: Final = {"monthly": 1, "quarterly": 3}


class Recurring(Protocol):
    """What decides the days, such as a `Schedule`.

    Attributes:
        frequency: one of `Schedule.Frequency`.
        weeks: from one day to the next, for `weeks` alone.
        starts_on: the first day; the day of the month is its own, or the last one of a shorter month.
    """

    frequency: str
    weeks: int
    starts_on: date


def occurrences(plan: Recurring, since: date = date.min) -> Iterator[date]:
    """The days from a day on, in order, without end but that of the calendar."""
    number = max(0, _number_before(plan, since) + 1)
    while (day := _day(plan, number)) is not None:
        yield day
        number += 1


def next_on(plan: Recurring, day: date) -> date | None:
    """The first day that is not before a day; None when there is none any more."""
    return next(occurrences(plan, day), None)


def latest_due(plan: Recurring, day: date) -> date | None:
    """The last day that is not after a day; None before the first one."""
    if day < plan.starts_on:
        return None
    number = _number_before(plan, day)
    following = _day(plan, number + 1)
    return following if following == day else _day(plan, number)


def _number_before(plan: Recurring, day: date) -> int:
    """Which of the days is the last one before a day, counted from zero; -1 when none is."""
    if day <= plan.starts_on:
        return -1
    if months := MONTHS.get(plan.frequency):
        apart = (day.year - plan.starts_on.year) * 12 + day.month - plan.starts_on.month
        number = apart // months
        found = _day(plan, number)
        return number if found is not None and found < day else number - 1
    return ((day - plan.starts_on).days - 1) // (_weeks(plan) * 7) if _weeks(plan) else 0


def _day(plan: Recurring, number: int) -> date | None:
    """The day of a number; None beyond the calendar, and for a second day of what happens once."""
    first = plan.starts_on
    try:
        if months := MONTHS.get(plan.frequency):
            year, month = divmod(first.year * 12 + first.month - 1 + number * months, 12)
            return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
        if weeks := _weeks(plan):
            return first + timedelta(weeks=number * weeks)
    except (OverflowError, ValueError):
        return None
    return None if number else first


def _weeks(plan: Recurring) -> int:
    """The weeks from one day to the next, 0 for what is not counted in weeks."""
    return plan.weeks if plan.frequency == "weeks" else WEEKS.get(plan.frequency, 0)
