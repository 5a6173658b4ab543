"""Undoing one fact, one change, or many: what comes back, what is left alone and why."""

from typing import Any

import pytest

from employees import attribute_services, services, undo, undo_words
from employees.models import Attribute, Change, Employee, ParticipationPeriod
from employees.undo import Scope
from tests.employees.people import ENTRA, OKTA, change, delete, hire, now, restore
from tests.employees.undoing import ADMINISTRATOR, differences, mark, since, state, undone

pytestmark = pytest.mark.django_db

HOME: list[dict[str, Any]] = [{"value": "home@example.com", "type": "home"}]
OWN: list[dict[str, Any]] = [{"value": "ada@example.com", "type": "work", "primary": True}]


def one(written: Change | None, *facts: str) -> Scope:
    assert written is not None
    return Scope(Change.objects.filter(pk=written.pk), frozenset(facts))


def left(scope: Scope) -> list[dict[str, str]]:
    return [step.left for step in undo.plan(scope).steps]


def test_one_fact_of_a_change() -> None:
    ada = hire(title="Clerk", department="Sales")
    written = change(ada, title="Lead", department="Board")
    assert undone(one(written, "title")).changed == 1
    assert now(ada).profile == {"title": "Clerk", "department": "Board"}
    newest = Change.objects.filter(employee=ada)[0]
    assert (newest.actor_key, newest.before, newest.after) == ("user7", {"title": "Lead"}, {"title": "Clerk"})


def test_one_change_of_several_facts() -> None:
    ada = hire(title="Clerk")
    before = state()
    written = change(
        ada, title="", given_name="Ada", phone_numbers=[{"value": "1"}], **{"external_id:idp1": "x"}
    )
    undone(one(written))
    assert differences(before, state()) == []


def test_who_was_created_is_deleted_and_who_was_deleted_restored() -> None:
    ada, bob = hire(), hire("bob@example.com", active=True)
    removal = delete(bob)
    created = Change.objects.get(employee=ada)
    assert (undone(one(created)).removed, undone(one(removal)).restored) == (1, 1)
    assert [now(ada).deleted_at is None, now(bob).deleted_at is None] == [False, True]
    restored = restore(ada)
    assert undone(one(restored)).removed == 1
    assert now(ada).deleted_at


def test_a_deactivation_ends_and_a_new_period_begins() -> None:
    ada = hire()
    since_ = now(ada).active_since
    undone(one(change(ada, active=False)))
    assert now(ada).active
    assert now(ada).active_since != since_
    assert ParticipationPeriod.objects.get(employee=ada).started_at == since_


@pytest.mark.parametrize("absent", [None, False])
def test_no_and_nothing_are_not_the_same_participation(absent: bool | None) -> None:
    ada = hire(active=absent or False)
    if absent is None:
        change(ada, active=None)
    undone(one(change(ada, active=True)))
    assert now(ada).active is absent


def test_what_somebody_else_changed_since_is_left_alone() -> None:
    ada = hire(title="Clerk", department="Sales")
    written = change(ada, title="Lead", department="Board")
    change(ada, title="Chief", actor=OKTA)
    assert left(one(written)) == [{"title": "has been changed since"}]
    done = undone(one(written))
    assert (done.changed, done.left) == (1, 1)
    assert now(ada).profile == {"title": "Chief", "department": "Sales"}


def test_what_somebody_else_has_put_right_already_is_nothing_to_undo() -> None:
    ada = hire(title="Clerk")
    written = change(ada, title="Lead")
    change(ada, title="Clerk", actor=OKTA)
    assert undone(one(written)) == undo.Done()


def test_facts_of_who_was_deleted_since_are_left_alone() -> None:
    ada = hire(title="Clerk")
    written = change(ada, title="Lead")
    delete(ada)
    assert left(one(written)) == [{"": "has been deleted since"}]
    assert undone(one(written)).written == 0


def test_who_has_been_purged_is_left_alone() -> None:
    ada = hire()
    removal = delete(ada)
    Employee.objects.filter(pk=ada.pk).delete()
    assert left(one(removal)) == [{"": "the record no longer exists"}]
    assert undone(one(removal)).written == 0
    [line] = undo_words.in_words(undo.plan(one(removal)).steps)
    assert (line.person, line.verb) == (None, "")


def test_a_user_name_that_is_taken() -> None:
    ada, bob = hire(title="Clerk"), hire("bob@example.com")
    renamed, removal = change(ada, user_name="countess@example.com", title="Lead"), delete(bob)
    hire("ADA@example.com")
    hire("bob@example.com")
    assert left(one(renamed)) == [{"user_name": "somebody else has the user name “ada@example.com” now"}]
    undone(one(renamed))
    assert (now(ada).user_name, now(ada).profile) == ("countess@example.com", {"title": "Clerk"})
    assert left(one(removal)) == [{"": "somebody else has the user name “bob@example.com” now"}]
    assert undone(one(removal)).written == 0


def test_user_names_that_went_round() -> None:
    people = [hire(f"{name}@example.com") for name in "abc"]
    before, start = state(), mark()
    change(people[0], user_name="spare@example.com")
    for person, name in ((people[1], "a"), (people[2], "b"), (people[0], "c")):
        change(person, user_name=f"{name}@example.com")
    undone(since(start))
    assert differences(before, state()) == []


def test_an_attribute_that_is_gone() -> None:
    attribute = attribute_services.add_attribute("Level", Attribute.Type.NUMBER)
    ada = hire(attribute_level=1)
    written = change(ada, attribute_level=2)
    Attribute.objects.filter(pk=attribute.pk).delete()
    assert left(one(written)) == [{"attribute_level": "the attribute no longer exists"}]


@pytest.mark.parametrize("cleared", [False, True])
def test_emails_that_followed_the_user_name_follow_it_again(cleared: bool) -> None:
    ada = hire()
    if cleared:
        change(ada, emails=[])
    before = state()
    written = change(ada, emails=HOME, title="Lead")
    undone(one(written))
    assert differences(before, state()) == []
    assert now(ada).work_email == ("" if cleared else "ada@example.com")
    change(ada, user_name="countess@example.com")
    assert now(ada).work_email == "countess@example.com"


def test_emails_that_were_stated_stay_stated() -> None:
    ada = hire()
    change(ada, emails=HOME)
    change(ada, emails=OWN)
    before = state()
    written = change(ada, emails=[])
    change(ada, user_name="countess@example.com", actor=OKTA)
    change(ada, user_name="ada@example.com", actor=OKTA)
    assert left(one(written)) == [{"emails": "has been changed since"}]
    start = written.pk - 1 if written else 0
    undone(since(start))
    assert differences(before, state()) == []


def test_cleared_emails_come_back_as_cleared_after_a_new_user_name() -> None:
    ada = hire()
    change(ada, emails=[])
    before = state()
    undone(one(change(ada, user_name="countess@example.com")))
    assert differences(before, state()) == []


def test_those_who_waited_wait_again_for_the_same_text() -> None:
    attribute_services.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    report = hire("r@example.com", manager="N-1", attribute_mentor={"value": "EXT-1"})
    setters, before, start = now(report).set_by, state(), mark()
    boss = hire("boss@example.com", employee_number="N-1", **{"external_id:idp1": "EXT-1"})
    assert (now(report).manager, now(report).profile["attribute_mentor"]) == (boss, {"value": str(boss.uuid)})
    undone(since(start))
    assert differences(before, state()) == []
    assert now(report).set_by == setters
    again = hire("late@example.com", **{"external_id:idp1": "EXT-1"})
    assert now(report).profile["attribute_mentor"] == {"value": str(again.uuid)}


def test_a_reference_bound_by_an_arrival_stays_while_they_are_here() -> None:
    report, _ = hire("r@example.com", manager="boss@example.com"), hire("boss@example.com")
    binding = Change.objects.filter(employee=report)[0]
    assert left(one(binding)) == [{"manager": "“boss@example.com” is here"}]
    assert undone(one(binding)).written == 0


def test_a_manager_who_left_meanwhile_is_waited_for() -> None:
    first, second = hire("first@example.com"), hire("second@example.com")
    report = hire("r@example.com", manager=str(first.uuid))
    written = change(report, manager=str(second.uuid))
    delete(first)
    undone(one(written))
    assert now(report).manager_awaited == "first@example.com"
    restore(first)
    assert now(report).manager == first


def test_reports_of_who_was_deleted_have_their_manager_again() -> None:
    boss = hire("boss@example.com", employee_number="N-1")
    hire("r@example.com", manager="N-1")
    hire("s@example.com", manager=str(boss.uuid))
    before, start = state(), mark()
    change(boss, user_name="chief@example.com")
    delete(boss)
    hire("chief@example.com")
    undone(since(start))
    assert differences(before, state()) == []


def test_undoing_is_undone_like_anything_else() -> None:
    ada, start = hire(title="Clerk"), mark()
    change(ada, title="Lead", emails=HOME)
    hire("bob@example.com", manager="ada@example.com")
    after, end = state(), mark()
    undone(since(start))
    undone(since(end))
    assert differences(after, state()) == []


def test_undoing_twice_does_nothing_more() -> None:
    start = mark()
    ada = hire(title="Clerk")
    scope = since(start)
    undone(scope)
    version = now(ada).version
    assert undone(scope).written == 0
    assert now(ada).version == version


def test_one_actor_is_undone_among_others() -> None:
    ada, start = hire(title="Clerk", locale="en"), mark()
    change(ada, title="Lead", locale="fr")
    change(ada, locale="de", actor=OKTA)
    bob = hire("bob@example.com", actor=OKTA)
    undone(since(start, ENTRA))
    assert now(ada).profile == {"title": "Clerk", "locale": "de"}
    assert now(bob).deleted_at is None


def test_large_undos_take_stages_and_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "BATCH", 2)
    people = [hire(f"{name}@example.com", manager="boss@example.com") for name in "abcde"]
    before, start = state(), mark()
    boss = hire("boss@example.com")
    change(people[0], user_name="spare@example.com", title="Lead")
    for person, name in ((people[4], "a"), (people[1], "e"), (people[0], "b")):
        change(person, user_name=f"{name}@example.com")
    change(people[2], manager=str(people[3].uuid))
    delete(people[3])
    notes: list[undo.Done] = []
    done = undo.apply(since(start), actor=ADMINISTRATOR, note=notes.append)
    assert differences(before, state()) == []
    assert now(boss).deleted_at
    assert (done.removed, done.restored, done.left) == (1, 1, 0)
    assert sum(notes, undo.Done()) == done
    assert len(notes) > 3, "each transaction tells what it has done"


def test_nothing_of_a_transaction_that_fails_is_kept() -> None:
    ada, start = hire(title="Clerk"), mark()
    change(ada, title="Lead")
    before = state()

    def fail(done: undo.Done) -> None:
        raise services.InvalidFact("title", "fails")

    with pytest.raises(services.InvalidFact):
        undo.apply(since(start), actor=ADMINISTRATOR, note=fail)
    assert differences(before, state()) == []
    assert undo.plan(since(start)).done.changed == 1
