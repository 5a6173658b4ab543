"""What becomes of removals that are held: by an administrator, by the identity provider, by themselves."""

from collections.abc import Callable, Iterator

import pytest

from employees.models import Employee, ParticipationPeriod
from scim.provisioning import steering
from scim.provisioning.models import Hold
from tests.employees.people import change, delete
from tests.scim.conftest import OPERATOR, ScimClient
from tests.scim.provisioning.helpers import ACTOR
from tests.scim.removals import (
    DEACTIVATING,
    delete_,
    held,
    hire,
    low_brake,
    names,
    open_hold,
    patch,
    remove,
    surveyed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("brake")]


@pytest.fixture
def brake() -> None:
    low_brake()


def test_a_decision_begins_the_count_anew(scim: ScimClient) -> None:
    ids = hire(scim, 12)
    remove(scim, ids[:3])
    assert list(steering.release_hold(open_hold(), actor=ACTOR)) == [1]
    assert (surveyed(), held()) == (9, [])
    remove(scim, ids[3:4])
    assert (surveyed(), held()) == (8, [])


def test_released_they_leave_by_the_administrator(scim: ScimClient) -> None:
    ids = hire(scim, 10)
    remove(scim, ids[:6], [patch, delete_])
    assert list(steering.release_hold(open_hold(), actor=ACTOR)) == [4]
    assert (surveyed(), held()) == (4, [])
    periods = ParticipationPeriod.objects.filter(reason=ParticipationPeriod.Reason.RELEASED)
    assert set(periods.values_list("ended_by", "ended_by_kind")) == {(ACTOR.name, ACTOR.kind)}
    assert scim.get("/Users", filter="active eq true", count=0).body["totalResults"] == 4
    hold = Hold.objects.get()
    assert (hold.decision, hold.decided_by) == (Hold.Decision.RELEASED, ACTOR.name)


def test_rejected_they_are_active_again_as_if_nothing_had_been(scim: ScimClient) -> None:
    ids = hire(scim, 10)
    before = dict(Employee.objects.values_list("user_name", "active_since"))
    remove(scim, ids[:6], [patch, delete_])
    assert list(steering.reject_hold(open_hold(), actor=ACTOR)) == [4]
    assert (surveyed(), held()) == (8, [])
    people = Employee.objects.present().filter(active=True)
    assert dict(people.values_list("user_name", "active_since")) == dict(list(before.items())[2:])
    assert ParticipationPeriod.objects.count() == 2
    for id_ in ids[2:]:
        assert scim.get(f"/Users/{id_}").body["active"] is True
    assert Hold.objects.get().decision == Hold.Decision.REJECTED


@pytest.mark.parametrize("way", DEACTIVATING)
def test_the_identity_provider_can_take_it_back(scim: ScimClient, way: str) -> None:
    ids = hire(scim, 10)
    since = Employee.objects.get(uuid=ids[4]).active_since
    remove(scim, ids[:5], [DEACTIVATING[way]])
    assert held() == names(range(2, 5))
    scim.patch(f"/Users/{ids[4]}", {"op": "replace", "path": "active", "value": True})
    person = Employee.objects.get(uuid=ids[4])
    assert (person.active_since, person.held_by, person.held_at) == (since, "", None)
    assert held() == names(range(2, 4))
    for id_ in ids[2:4]:
        scim.put(f"/Users/{id_}", {"active": True})
    assert (held(), surveyed()) == ([], 8)
    assert steering.dissolve(open_hold(), actor=OPERATOR)
    assert Hold.objects.get().decision == Hold.Decision.DISSOLVED


@pytest.mark.parametrize("decide", [steering.release_hold, steering.reject_hold])
def test_a_user_name_that_was_created_again(scim: ScimClient, decide: Callable[..., Iterator[int]]) -> None:
    """The name was free for the identity provider: the old record leaves, whatever is decided."""
    ids = hire(scim, 10)
    remove(scim, ids[:4], [delete_])
    again = scim.create("P3@example.com")
    assert (again["id"] != ids[3], held()) == (True, ["p2", "p3"])
    assert list(decide(open_hold(), actor=ACTOR)) == [2]
    assert held() == []
    there = {person.user_name: person.active for person in Employee.objects.present()}
    kept = decide is steering.reject_hold
    assert there == dict.fromkeys([f"p{n}@example.com" for n in range(4, 10)], True) | (
        {"P3@example.com": True} | ({"p2@example.com": True} if kept else {})
    )
    assert surveyed() == 8 if kept else 7


def test_administrators_are_never_held(scim: ScimClient) -> None:
    ids = hire(scim, 12)
    remove(scim, ids[:3])
    people = {str(person.uuid): person for person in Employee.objects.all()}
    change(people[ids[3]], actor=ACTOR, active=False)
    delete(people[ids[4]], actor=ACTOR)
    delete(people[ids[2]], actor=ACTOR)  # which ends the hold of that one
    assert (held(), surveyed()) == ([], 7)
