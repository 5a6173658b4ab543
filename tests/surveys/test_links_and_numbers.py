"""How long the links of a round live, and what remains of them in its numbers."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from employees import holding
from employees.surveys import rounds
from employees.surveys.eligibility import takes_part
from employees.surveys.models import Invitation, Round, Schedule
from employees.surveys.numbers import Numbers, numbers_of
from tests.employees.people import ENTRA, change, delete, hire, now, restore
from tests.surveys.schedules import ADMINISTRATOR, MONDAY, at, hold, schedule

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(MONDAY, -48), tick=False) as traveller:
        yield traveller


def opened(plan: Schedule, day: date = MONDAY, hours: float = 0.1) -> Round:
    """The round that maintenance opens on a day."""
    assert rounds.open_due(at(day, hours)) == f"{plan} {plan.rounds.count()} opened"
    return plan.rounds.get(occurrence=day)


def test_a_link_dies_with_the_stretch_of_participation(clock: time_machine.Traveller) -> None:
    person = hire()
    opened(schedule())

    def works(hours: float = 12) -> bool:
        invitations = Invitation.objects.select_related("round__schedule", "employee")
        return takes_part(invitations.get(), at(MONDAY, hours))

    assert works()
    assert not works(7 * 24)
    change(person, attribute_separationdate="2026-03-01T00:00:00Z")
    assert not works()
    change(person, attribute_separationdate=None)
    assert works()
    hold(person)
    assert works()
    list(holding.reject(ENTRA.key, actor=ADMINISTRATOR))
    assert now(person).active
    assert works()
    hold(person, deleted=True)
    assert works()
    clock.move_to(at(MONDAY, 10))
    list(holding.release(ENTRA.key, actor=ADMINISTRATOR))
    assert not works()
    clock.move_to(at(MONDAY, 11))
    restore(now(person))
    assert now(person).active_since == at(MONDAY, 11)
    assert not works()


def test_the_last_day_lasts_until_midnight_where_somebody_is() -> None:
    last = {"attribute_separationdate": "2026-03-02T00:00:00Z"}
    hire(timezone="Pacific/Honolulu", **last)
    opened(schedule(time_zone="Pacific/Auckland"), hours=-13)
    invitation = Invitation.objects.select_related("round__schedule", "employee").get()
    assert invitation.due_at == at(MONDAY, 19)
    assert takes_part(invitation, at(MONDAY, 33.9))
    assert not takes_part(invitation, at(MONDAY, 34))


def test_closing_notes_whose_link_had_died(clock: time_machine.Traveller) -> None:
    people = [hire(f"{name}@example.com") for name in ("away", "back", "gone", "left", "answered", "stays")]
    away, back, gone, left, answered, _ = people
    round_ = opened(schedule())
    Invitation.objects.filter(employee=answered).update(answered_at=at(MONDAY, 9), state="sent")
    clock.move_to(at(MONDAY, 10))
    for person in (away, back, answered):
        change(person, active=False)
    delete(gone)
    change(left, attribute_separationdate="2026-03-04T00:00:00Z")
    clock.move_to(at(MONDAY, 20))
    change(back, active=True)
    assert numbers_of([round_])[round_.pk].ended == 3
    assert rounds.close_due(at(MONDAY + WEEK, 1)) == "Pulse 1 closed"
    ended = {
        each.employee.user_name.partition("@")[0]: (each.ended_at, each.ended_why)
        for each in round_.invitations.exclude(ended_at=None).select_related("employee")
        if each.employee
    }
    assert ended == {
        "away": (at(MONDAY, 10), "Deactivated"),
        "back": (at(MONDAY, 10), "Deactivated"),
        "gone": (at(MONDAY, 10), "Deleted"),
        "left": (at(MONDAY + WEEK), "Separation date has passed"),
    }
    numbers = numbers_of([round_])[round_.pk]
    assert (numbers.invited, numbers.answered, numbers.ended) == (6, 1, 4)


def test_leaving_after_the_end_ends_nothing(clock: time_machine.Traveller) -> None:
    person = hire()
    round_ = opened(schedule())
    clock.move_to(at(MONDAY + WEEK, 2))
    change(person, active=False)
    rounds.close_due(at(MONDAY + WEEK, 3))
    assert numbers_of([round_])[round_.pk].ended == 0


def test_those_who_are_gone_for_good_stay_in_the_numbers() -> None:
    hire()
    round_ = opened(schedule())
    round_.invitations.update(answered_at=at(MONDAY, 9), sent_at=at(MONDAY, 8), opened_at=at(MONDAY, 9))
    round_.invitations.update(employee=None)
    assert numbers_of([round_])[round_.pk] == Numbers(invited=1, sent=1, opened=1, answered=1)


def test_numbers_take_as_many_queries_for_many_rounds(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    hire()
    plan = schedule()
    every = [opened(plan, MONDAY + number * WEEK) for number in range(4)]
    with django_assert_num_queries(2):
        found = numbers_of(every)
    assert [found[each.pk].invited for each in every] == [1] * 4
