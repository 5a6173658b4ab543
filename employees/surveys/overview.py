"""Schedules as the list of them shows them: in words, with the next day and the latest round."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from .audience import all_in_words
from .models import Round, Schedule
from .numbers import Numbers, numbers_of
from .timetable import latest_rounds, next_day
from .zones import zone_of


@dataclass(frozen=True)
class Row:
    """A schedule.

    Attributes:
        next_day: of the next round, were it switched on; None when there will be none.
        round, numbers: the latest, and what came of it.
    """

    schedule: Schedule
    frequency: str
    audience: str
    next_day: date | None
    round: Round | None
    numbers: Numbers


def rows(now: datetime) -> list[Row]:
    """All schedules in the order of their names; six queries however many they are."""
    schedules, latest = list(Schedule.objects.all()), latest_rounds()
    numbers = numbers_of(list(latest.values()))
    words = all_in_words(schedule.audience for schedule in schedules)
    return [
        _row(schedule, audience, latest.get(schedule.pk), numbers, now)
        for schedule, audience in zip(schedules, words, strict=True)
    ]


def _row(
    schedule: Schedule, audience: str, latest: Round | None, numbers: Mapping[int, Numbers], now: datetime
) -> Row:
    found = Numbers()
    if latest is not None:
        latest.schedule, found = schedule, numbers[latest.pk]
    day = next_day(schedule, latest, now)
    return Row(schedule, frequency_in_words(schedule), audience, day, latest, found)


def frequency_in_words(schedule: Schedule) -> str:
    return schedule.get_frequency_display().replace(" N ", f" {schedule.weeks} ")


def zone_in_words(schedule: Schedule) -> str:
    return str(zone_of(schedule))
