"""Those who are added to an open round, those who drop out between rounds, and everybody's history."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from employees import holding
from employees.audit import Actor
from employees.surveys import rounds
from employees.surveys.eligibility import takes_part
from employees.surveys.models import Exclusion, Invitation, Round
from employees.surveys.numbers import DROPPED_OUT, dropped_out
from employees.surveys.participation_history import Stretch, history_of
from tests.employees.people import ENTRA, change, delete, hire, now
from tests.surveys.schedules import ADMINISTRATOR, MONDAY, at, excluded, hold, invited, schedule

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(MONDAY, -48), tick=False) as traveller:
        yield traveller


def opened() -> Round:
    plan = schedule()
    assert rounds.open_due(at(MONDAY)) == "Pulse 1 opened"
    return plan.rounds.get()


def test_who_arrives_in_an_open_round_is_added_by_hand(clock: time_machine.Traveller) -> None:
    round_ = opened()
    clock.move_to(at(MONDAY, 12))
    late = hire("late@example.com", timezone="America/New_York")
    assert invited(round_) == set()
    invitation = rounds.add_participant(round_, late, actor=ADMINISTRATOR, now=at(MONDAY, 12))
    assert (invitation.due_at, invitation.added_by) == (at(MONDAY, 14), "admin@example.com")
    assert invited(round_) == {"late@example.com"}
    with pytest.raises(rounds.AlreadyInvited):
        rounds.add_participant(round_, late, actor=ADMINISTRATOR, now=at(MONDAY, 13))


def test_who_was_left_out_is_in_once_added() -> None:
    future = hire(attribute_startdate="2026-03-04T00:00:00Z")
    round_ = opened()
    assert excluded(round_) == {"ada@example.com": "not started"}
    with pytest.raises(rounds.CannotTakePart) as error:
        rounds.add_participant(round_, future, actor=ADMINISTRATOR, now=at(MONDAY, 47))
    assert error.value.reason == Exclusion.Reason.NOT_STARTED
    rounds.add_participant(round_, future, actor=ADMINISTRATOR, now=at(MONDAY, 48))
    assert (invited(round_), excluded(round_)) == ({"ada@example.com"}, {})


def test_who_came_back_can_be_invited_again_under_the_same_link(clock: time_machine.Traveller) -> None:
    person = hire()
    round_ = opened()
    before = Invitation.objects.get()
    for hour, active in ((10, False), (11, True)):
        clock.move_to(at(MONDAY, hour))
        change(person, active=active)
    after = rounds.add_participant(round_, person, actor=ADMINISTRATOR, now=at(MONDAY, 12))
    assert (after.pk, after.state, after.due_at) == (before.pk, "waiting", at(MONDAY, 12))
    assert takes_part(after, at(MONDAY, 13))


def test_nobody_is_added_to_a_round_that_is_closed() -> None:
    person, round_ = hire(), opened()
    with pytest.raises(rounds.NotOpen):
        rounds.add_participant(round_, person, actor=ADMINISTRATOR, now=at(MONDAY + WEEK))


def test_who_answered_is_not_asked_again(clock: time_machine.Traveller) -> None:
    person = hire()
    round_ = opened()
    Invitation.objects.update(answered_at=at(MONDAY, 9))
    for hour, active in ((10, False), (11, True)):
        clock.move_to(at(MONDAY, hour))
        change(person, active=active)
    with pytest.raises(rounds.AlreadyInvited):
        rounds.add_participant(round_, person, actor=ADMINISTRATOR, now=at(MONDAY, 12))


def test_who_dropped_out_since_the_last_round_and_why(
    clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = ("deactivated", "deleted", "held", "released", "separated", "moved", "stays")
    people = {name: hire(f"{name}@example.com", department="Sales") for name in names}
    sales = [{"fact": "department", "values": ["sales"], "negated": False}]
    plan = schedule(audience=sales)
    rounds.open_due(at(MONDAY))
    clock.move_to(at(MONDAY, 30))
    change(people["deactivated"], active=False, actor=ADMINISTRATOR)
    delete(people["deleted"])
    hold(people["released"])
    list(holding.release(ENTRA.key, actor=ADMINISTRATOR))
    hold(people["held"], deleted=True)
    change(people["separated"], attribute_separationdate="2026-03-05T00:00:00Z")
    change(people["moved"], department="Support")
    with django_assert_num_queries(3):
        found = {
            person.user_name.partition("@")[0]: (person.why, person.left_reason, person.left_by_kind)
            for person in dropped_out(plan, MONDAY + WEEK)
        }
    assert found == {
        "deactivated": ("deactivated", "deactivated", "administrator"),
        "deleted": ("deleted", "deleted", "identity provider"),
        "held": ("held", None, None),
        "released": ("deactivated", "released", "administrator"),
        "separated": ("separated", None, None),
        "moved": ("audience", None, None),
    }
    assert DROPPED_OUT.keys() >= {why for why, *_ in found.values()}


def test_nobody_drops_out_before_the_first_round() -> None:
    hire(active=False)
    assert list(dropped_out(schedule(), MONDAY)) == []


def test_history(clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = hire()
    steps = [
        (ENTRA, False),
        (ENTRA, True),
        (ADMINISTRATOR, False),
        (ENTRA, True),
        (Actor.command("offboard"), False),
        (ENTRA, True),
    ]
    for hour, (actor, active) in enumerate(steps, start=1):
        clock.move_to(at(MONDAY, hour))
        change(person, actor=actor, active=active)
    hold(person)
    assert history_of(now(person))[0] == Stretch(at(MONDAY, 6), why="Their removal is held")
    clock.move_to(at(MONDAY, 8))
    list(holding.release(ENTRA.key, actor=ADMINISTRATOR))
    left = now(person)
    with django_assert_num_queries(1):
        found = history_of(left)
    assert found == [
        Stretch(
            at(MONDAY, 6),
            at(MONDAY, 8),
            why="Held removal released",
            by="admin@example.com",
            by_kind="administrator",
        ),
        Stretch(at(MONDAY, 4), at(MONDAY, 5), why="Deactivated", by="manage.py offboard", by_kind="command"),
        Stretch(
            at(MONDAY, 2), at(MONDAY, 3), why="Deactivated", by="admin@example.com", by_kind="administrator"
        ),
        Stretch(
            at(MONDAY, -48), at(MONDAY, 1), why="Deactivated", by="Entra ID", by_kind="identity provider"
        ),
    ]


def test_history_knows_dates_that_count() -> None:
    person = hire(attribute_startdate="2026-03-01T00:00:00Z", attribute_separationdate="2026-05-31T00:00:00Z")
    present = Stretch(at(MONDAY, -48), None, "2026-03-01", "2026-05-31", "Separation date")
    assert history_of(person) == [present]
