"""Who would be in a round that has not been opened, who is not any more, and what opening it means."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.dateformat import format as format_date

from employees import hold_pages
from employees.keysets import Keyset, keyset
from employees.models import Employee

from .audience import eligible, head_count, holds
from .models import Schedule
from .numbers import DROPPED_OUT, dropped_out
from .timetable import next_day, today_of

Audience = list[dict[str, Any]]


@dataclass(frozen=True)
class People:
    """How many they are, and a page of them."""

    number: int
    page: Keyset


@dataclass(frozen=True)
class Held:
    """People of an audience whose removal by one identity provider is held.

    Attributes:
        url: where that is decided about, "" when nowhere.
    """

    number: int
    url: str


def of(audience: Audience, on: date, after: int = 0) -> People:
    """Those of an audience, as stored, who would be in on a day; three queries at most."""
    return _people(eligible(audience, on), after)


def dropped(schedule: Schedule, on: date, after: int = 0) -> People:
    """Who was in the latest round of a schedule and will not be on a day, each with `reason` in words."""
    found = _people(dropped_out(schedule, on), after)
    for person in found.page.rows:
        person.reason = DROPPED_OUT[person.why]
    return found


def held(audience: Audience) -> list[Held]:
    """Those of an audience whose removal waits for a decision, by who removed them."""
    people = Employee.objects.exclude(held_by="").filter(holds(audience))
    counted: Any = people.order_by().values_list("held_by").annotate(Count("pk"))
    return [Held(number, hold_pages.address_of(key)) for key, number in counted]


def _people(found: QuerySet[Any], after: int) -> People:
    page = keyset(found, after)
    whole = not page.after and page.following is None
    return People(len(page.rows) if whole else found.count(), page)


def when_switched(schedule: Schedule, now: datetime) -> list[str]:
    """What switching a schedule off means, or on, when it is not; a sentence each."""
    if schedule.enabled:
        return [
            "No further round opens by itself.",
            "A round that is open goes on: mail that is due is sent, and links work until it closes.",
            "Days that pass meanwhile are not made up for.",
        ]
    day = next_day(schedule, schedule.rounds.order_by("-number").first(), now)
    if day is None:
        return ["No round opens: its only day has passed. Change the start date first."]
    people = head_count(schedule.audience, day)
    if day == today_of(schedule, now):
        opens = "A round opens within minutes: today is one of its days."
    else:
        opens = f"The next round opens by itself on {format_date(day, 'l j F Y')}, and so on from there."
    return [
        opens,
        f"By what is known today it invites {_counted(people, 'person', 'people')}.",
        f"Mail goes out at {schedule.send_at:%H:%M} where each employee is.",
        f"Each round is open for {_counted(schedule.duration_days, 'day', 'days')}.",
    ]


def when_opened(schedule: Schedule, now: datetime) -> list[str]:
    """What opening a round at once means, a sentence each."""
    people = head_count(schedule.audience, today_of(schedule, now))
    consequences = [
        f"{_counted(people, 'person is', 'people are')} invited.",
        f"Mail goes out at {schedule.send_at:%H:%M} where each is, and at once where that has passed.",
        f"The round closes in {_counted(schedule.duration_days, 'day', 'days')}.",
    ]
    if schedule.rounds.filter(closed_at=None).exists():
        consequences.append("The round that is open now closes, and its links stop working.")
    return consequences


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
