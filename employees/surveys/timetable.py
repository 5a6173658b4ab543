"""When the rounds of a schedule open and close, and which of them is due."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import OuterRef, Subquery

from .models import Round, Schedule
from .recurrence import latest_due, next_on
from .zones import moment_of, zone_of

MIDNIGHT: Final = time(0)


def closes_at(schedule: Schedule, day: date) -> datetime:
    """When a round of a day closes: as the day after its last one begins."""
    return moment_of(day + timedelta(days=schedule.duration_days), MIDNIGHT, zone_of(schedule))


def today_of(schedule: Schedule, now: datetime) -> date:
    """The day that it is in a schedule's time zone."""
    return now.astimezone(zone_of(schedule)).date()


def latest_rounds() -> dict[int, Round]:
    """The latest round of each schedule by the schedule's primary key; one query."""
    newest = Round.objects.filter(schedule=OuterRef("schedule")).order_by("-number").values("number")[:1]
    return {round_.schedule_id: round_ for round_ in Round.objects.filter(number=Subquery(newest))}


def due_day(schedule: Schedule, latest: Round | None, now: datetime) -> date | None:
    """The day that a round should have been opened for by now and was not; None when there is none.

    Of several that were missed it is the last one, and only while its round would still be open. Days before
    the schedule was switched on or planned anew do not count, nor do those that a later round has overtaken.

    Args:
        latest: the schedule's latest round.
    """
    day = latest_due(schedule, today_of(schedule, now)) if schedule.enabled else None
    if day is None or day < today_of(schedule, schedule.planned_at) or closes_at(schedule, day) <= now:
        return None
    if latest is not None:
        opened = today_of(schedule, latest.opened_at)
        if day < opened or day <= (latest.occurrence or opened):
            return None
    return day


def next_day(schedule: Schedule, latest: Round | None, now: datetime) -> date | None:
    """The day of the next round, were the schedule switched on; None when there will be none.

    Args:
        latest: as for `due_day`.
    """
    today = today_of(schedule, now)
    opened = latest is not None and today <= (latest.occurrence or today_of(schedule, latest.opened_at))
    return next_on(schedule, today + timedelta(days=1) if opened else today)
