"""Time zones by their names, and the moment of a clock's time in one of them."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings

from employees.models import Employee

if TYPE_CHECKING:
    from .models import Schedule

TIMEZONE = "timezone"
"""The key of an employee's profile that names their time zone."""


def zone_named(name: object) -> ZoneInfo | None:
    """The time zone of an IANA name, compared without case (RFC 7643 §4.1.1); None for anything else."""
    key = known_zones().get(name.lower()) if isinstance(name, str) else None
    return ZoneInfo(key) if key else None


@cache
def known_zones() -> dict[str, str]:
    """The names of all time zones by the same without capitals."""
    return {name.lower(): name for name in available_timezones()}


def zone_of(schedule: "Schedule") -> tzinfo:
    """Where a schedule's days begin: its own time zone, else the site's, else UTC."""
    return zone_named(schedule.time_zone) or zone_named(settings.TIME_ZONE) or UTC


def zone_of_employee(employee: Employee, schedule: "Schedule") -> tzinfo:
    """Where mail about a schedule reaches an employee: their own time zone, else the schedule's."""
    return zone_named(employee.profile.get(TIMEZONE)) or zone_of(schedule)


def moment_of(day: date, clock: time, zone: tzinfo) -> datetime:
    """When clocks in a zone show that time of that day, in UTC.

    The first of the two moments where they are set back, and the first one after it where they skip it.
    """
    local = datetime.combine(day, clock, zone)
    after, before = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if after.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return after
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < local.replace(tzinfo=None):
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
