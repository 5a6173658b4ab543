"""Rounds open with those who take part, say who does not and why, and close."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from employees.models import Attribute
from employees.surveys import rounds
from employees.surveys.eligibility import SEPARATION_DATE, START_DATE
from employees.surveys.models import Invitation, Round, Schedule
from employees.surveys.numbers import numbers_of
from employees.surveys.schedules import save_schedule
from tests.employees.people import change, delete, hire
from tests.surveys.schedules import ADMINISTRATOR, MONDAY, at, excluded, hold, invited, schedule

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


def test_a_round_has_those_who_take_part_and_says_who_does_not() -> None:
    hire("in@example.com")
    hire("last-day@example.com", attribute_separationdate="2026-03-02T00:00:00Z")
    hire("first-day@example.com", attribute_startdate="2026-03-02T00:00:00Z")
    hire("unreadable@example.com", attribute_startdate="soon", attribute_separationdate="1999")
    hire("deactivated@example.com", active=False)
    change(hire("unvouched@example.com"), active=None)
    hire("separated@example.com", attribute_separationdate="2026-03-01T00:00:00Z")
    hire("future@example.com", attribute_startdate="2026-03-03")
    hold(hire("held@example.com"))
    hold(hire("held-deletion@example.com"), deleted=True)
    delete(hire("deleted@example.com"))
    round_ = opened(schedule())
    names = ("in", "last-day", "first-day", "unreadable")
    assert invited(round_) == {f"{name}@example.com" for name in names}
    assert excluded(round_) == {
        "deactivated@example.com": "deactivated",
        "unvouched@example.com": "deactivated",
        "separated@example.com": "separated",
        "future@example.com": "not started",
        "held@example.com": "held",
        "held-deletion@example.com": "held",
    }
    assert numbers_of([round_])[round_.pk].excluded == {
        "deactivated": 2,
        "separated": 1,
        "not started": 1,
        "held": 2,
    }
    assert (round_.opened_by, round_.participants_at) == ("", at(MONDAY, 0.1))
    assert round_.closes_at == at(MONDAY + WEEK)


def test_dates_count_while_their_attributes_are_switched_on() -> None:
    hire("separated@example.com", attribute_separationdate="2026-03-01T00:00:00Z")
    hire("future@example.com", attribute_startdate="2026-03-03T00:00:00Z")
    Attribute.objects.filter(fact__in=(START_DATE, SEPARATION_DATE)).update(active=False)
    assert len(invited(opened(schedule()))) == 2


def test_later_rounds_note_only_news() -> None:
    hire("long-gone@example.com", active=False)
    long_separated = hire("long-separated@example.com", attribute_separationdate="2026-01-01T00:00:00Z")
    waiting = hire("waiting@example.com", attribute_startdate="2026-04-01T00:00:00Z")
    leaver, stays = hire("leaver@example.com"), hire("stays@example.com")
    plan = schedule()
    assert len(excluded(opened(plan))) == 3
    with time_machine.travel(at(MONDAY, 34), tick=False):
        change(leaver, active=False)
        hire("arrived-inactive@example.com", active=False)
    second = opened(plan, MONDAY + WEEK)
    assert invited(second) == {stays.user_name}
    assert excluded(second) == {
        leaver.user_name: "deactivated",
        "arrived-inactive@example.com": "deactivated",
        waiting.user_name: "not started",
    }
    change(waiting, attribute_startdate=None, active=False)
    assert excluded(opened(plan, MONDAY + 2 * WEEK)) == {waiting.user_name: "deactivated"}
    assert invited(plan.rounds.latest("number")) == {stays.user_name}
    assert long_separated.invitations.count() == 0


def test_mail_is_due_at_the_send_time_where_each_is() -> None:
    zones = {
        "honolulu": "Pacific/Honolulu",
        "oslo": "Europe/Oslo",
        "shouting": "EUROPE/OSLO",
        "auckland": "Pacific/Auckland",
        "nowhere": "Mars/Olympus",
        "odd": '$."timezone',
        "kathmandu": "Asia/Kathmandu",
    }
    for name, zone in zones.items():
        hire(f"{name}@example.com", timezone=zone)
    hire("silent@example.com")
    round_ = opened(schedule(time_zone="America/New_York", send_at=time(9, 30)), hours=5.25)
    due = dict(round_.invitations.values_list("employee__user_name", "due_at"))
    assert due == {
        "honolulu@example.com": at(MONDAY, 19.5),
        "oslo@example.com": at(MONDAY, 8.5),
        "shouting@example.com": at(MONDAY, 8.5),
        "auckland@example.com": at(MONDAY, 5.25),  # 18:15 there
        "nowhere@example.com": at(MONDAY, 14.5),
        "odd@example.com": at(MONDAY, 14.5),
        "kathmandu@example.com": at(MONDAY, 5.25),
        "silent@example.com": at(MONDAY, 14.5),
    }


def test_rounds_open_and_close_as_days_begin_where_the_schedule_is() -> None:
    plan = schedule(time_zone="Pacific/Auckland", duration_days=3)
    assert rounds.open_due(at(MONDAY, -13.01)) == ""
    assert rounds.open_due(at(MONDAY, -13)) == "Pulse 1 opened"
    assert rounds.open_due(at(MONDAY, -12)) == ""
    assert rounds.close_due(at(MONDAY, 3 * 24 - 13.01)) == ""
    assert rounds.close_due(at(MONDAY, 3 * 24 + 5)) == "Pulse 1 closed"
    assert plan.rounds.get().closed_at == at(MONDAY, 3 * 24 - 13)
    assert rounds.close_due(at(MONDAY, 3 * 24 + 6)) == ""


@pytest.mark.parametrize(
    ("days", "expected"),
    [(6.9, [MONDAY]), (7.1, [MONDAY + WEEK]), (23, [MONDAY + 3 * WEEK]), (26.1, [])],
)
def test_after_downtime_only_the_latest_round_opens_while_it_can_be_answered(
    days: float, expected: list[date]
) -> None:
    plan = schedule(duration_days=5 if days > 20 else 7)
    rounds.open_due(at(MONDAY, days * 24))
    assert list(plan.rounds.values_list("occurrence", flat=True)) == expected
    assert [each.closes_at for each in plan.rounds.all()] == [
        at(day + timedelta(days=plan.duration_days)) for day in expected
    ]


def test_days_before_the_schedule_was_switched_on_or_changed_do_not_count() -> None:
    plan = schedule(planned=at(MONDAY, 30))
    assert rounds.open_due(at(MONDAY, 31)) == ""
    plan.starts_on = MONDAY + timedelta(days=1)
    save_schedule(plan, actor=ADMINISTRATOR, now=at(MONDAY, 32))
    assert rounds.open_due(at(MONDAY, 33)) == "Pulse 1 opened"
    plan.question = "How is the coffee?"
    save_schedule(plan, actor=ADMINISTRATOR, now=at(MONDAY, 14 * 24))
    assert plan.planned_at == at(MONDAY, 32)
    assert rounds.open_due(at(MONDAY, 14 * 24)) == "Pulse 2 opened"
    assert plan.rounds.latest("number").question == "How is the coffee?"


def test_what_is_switched_off_opens_nothing_by_itself() -> None:
    schedule(enabled=False)
    assert rounds.open_due(at(MONDAY, 1)) == ""


def test_rounds_of_a_schedule_do_not_overlap() -> None:
    hire()
    plan = schedule(duration_days=30)
    first, second = opened(plan), opened(plan, MONDAY + WEEK)
    first.refresh_from_db()
    assert (first.closed_at, first.closed_by) == (at(MONDAY + WEEK, 0.1), "")
    assert [each.state for each in first.invitations.all()] == [Invitation.State.CANCELLED]
    assert [each.state for each in second.invitations.all()] == [Invitation.State.WAITING]


def test_a_round_by_hand_is_that_of_its_day() -> None:
    hire()
    plan = schedule()
    by_hand = rounds.open_round(plan, actor=ADMINISTRATOR, now=at(MONDAY, 10))
    assert (by_hand.number, by_hand.occurrence, by_hand.opened_by) == (1, None, "admin@example.com")
    assert by_hand.closes_at == at(MONDAY + WEEK, 10)
    assert by_hand.invitations.get().due_at == at(MONDAY, 10)
    assert rounds.open_due(at(MONDAY, 11)) == ""
    assert rounds.open_due(at(MONDAY + WEEK, 1)) == "Pulse 2 opened"


def test_a_day_that_was_missed_is_not_made_up_for_after_a_later_round() -> None:
    plan = schedule()
    rounds.open_round(plan, actor=ADMINISTRATOR, now=at(MONDAY, 30))
    assert rounds.open_due(at(MONDAY, 32)) == ""


def test_what_is_due_costs_three_queries_while_nothing_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        opened(schedule(f"Pulse {number}"))
    with django_assert_num_queries(3):
        assert (rounds.open_due(at(MONDAY, 2)), rounds.close_due(at(MONDAY, 2))) == ("", "")


def test_a_round_opens_with_as_many_queries_for_anybody(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    schedule()
    for number in range(30):
        hire(f"somebody{number}@example.com", timezone="Europe/Oslo" if number % 2 else "")
    with django_assert_num_queries(13):
        rounds.open_due(at(MONDAY, 1))


def test_closing_by_hand() -> None:
    hire()
    plan = schedule()
    round_ = opened(plan)
    rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 9))
    round_.refresh_from_db()
    assert (round_.closed_at, round_.closed_by) == (at(MONDAY, 9), "admin@example.com")
    with pytest.raises(rounds.NotOpen):
        rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 10))
    assert rounds.open_due(at(MONDAY, 11)) == ""
