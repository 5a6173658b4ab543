"""On which days schedules open rounds, compared with counting day by day."""

import calendar
import time
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employees.surveys.models import Schedule
from employees.surveys.recurrence import latest_due, next_on, occurrences


@dataclass
class Plan:
    frequency: str
    starts_on: date
    weeks: int = 1


PLANS = st.builds(
    Plan,
    st.sampled_from(Schedule.Frequency.values),
    st.dates(date(1990, 1, 1), date(2040, 12, 31)),
    st.integers(1, 520),
)


def is_day(plan: Plan, day: date) -> bool:
    """Whether a plan has a round on a day, as somebody with a calendar on the wall would say."""
    if day < plan.starts_on:
        return False
    if plan.frequency in ("weekly", "fortnightly", "weeks"):
        weeks = {"weekly": 1, "fortnightly": 2}.get(plan.frequency, plan.weeks)
        return (day - plan.starts_on).days % (7 * weeks) == 0
    if plan.frequency == "once":
        return day == plan.starts_on
    last = calendar.monthrange(day.year, day.month)[1]
    if day.day != min(plan.starts_on.day, last):
        return False
    return plan.frequency == "monthly" or (day.month - plan.starts_on.month) % 3 == 0


def days_of(plan: Plan, first: date, last: date) -> list[date]:
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in every if is_day(plan, day)]


@given(plan=PLANS, offset=st.integers(-400, 1500))
def test_days_are_those_of_the_calendar(plan: Plan, offset: int) -> None:
    since = plan.starts_on + timedelta(days=offset)
    last = max(since, plan.starts_on) + timedelta(days=366 * 2)
    found = [day for day in islice(occurrences(plan, since), 110) if day <= last]
    assert found == days_of(plan, max(since, plan.starts_on), last)[:110]


@given(plan=PLANS, offset=st.integers(-400, 1500))
def test_latest_and_next_stand_on_either_side_of_a_day(plan: Plan, offset: int) -> None:
    day = plan.starts_on + timedelta(days=offset)
    due = [each for each in islice(occurrences(plan), 250) if each <= day]
    assert latest_due(plan, day) == (due[-1] if due else None)
    following = next_on(plan, day)
    assert following is None or (following >= day and is_day(plan, following))
    assert (following == day) is is_day(plan, day)


@pytest.mark.parametrize(
    ("plan", "days"),
    [
        (Plan("monthly", date(2026, 1, 31)), ["01-31", "02-28", "03-31", "04-30", "05-31"]),
        (Plan("monthly", date(2026, 1, 30)), ["01-30", "02-28", "03-30", "04-30", "05-30"]),
        (Plan("quarterly", date(2026, 1, 31)), ["01-31", "04-30", "07-31", "10-31"]),
        (Plan("fortnightly", date(2026, 1, 1)), ["01-01", "01-15", "01-29", "02-12"]),
        (Plan("weeks", date(2026, 1, 1), 26), ["01-01", "07-02", "12-31"]),
        (Plan("once", date(2026, 1, 1)), ["01-01"]),
    ],
)
def test_days(plan: Plan, days: list[str]) -> None:
    found = islice(occurrences(plan), len(days))
    assert [f"{day:%m-%d}" for day in found] == days


def test_the_last_of_february_is_its_own_in_a_leap_year() -> None:
    days = islice(occurrences(Plan("monthly", date(2027, 12, 29))), 3)
    assert list(days)[-1] == date(2028, 2, 29)


@pytest.mark.parametrize("frequency", Schedule.Frequency.values)
def test_far_away_days_take_no_longer(frequency: str) -> None:
    plan = Plan(frequency, date(1, 1, 1))
    started = time.perf_counter()
    for number in range(1000):
        latest_due(plan, date.max - timedelta(days=number))
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize("frequency", Schedule.Frequency.values)
def test_days_end_with_the_calendar(frequency: str) -> None:
    plan = Plan(frequency, date(9999, 12, 1), 2)
    assert list(occurrences(plan))[-1] <= date.max
    assert latest_due(plan, date.max) == list(occurrences(plan))[-1]
    assert next_on(plan, date(9999, 12, 31)) in (None, date.max)
