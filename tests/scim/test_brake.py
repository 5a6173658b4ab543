"""Mass removal by an identity provider is held: it is told that all went well, and people stay surveyed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from employees.models import Change, Employee, ParticipationPeriod
from scim.provisioning import steering
from scim.provisioning.models import Hold, IdentityProvider, LogEntry, ProvisioningEvent
from tests.scim import bulk_requests as bulk
from tests.scim.conftest import OPERATOR, ScimClient
from tests.scim.removals import (
    DELETING,
    REMOVALS,
    delete_,
    held,
    hire,
    low_brake,
    names,
    open_hold,
    patch,
    put,
    remove,
    surveyed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def brake() -> None:
    low_brake()


def test_twenty_of_a_hundred_leave_and_the_next_is_held(scim: ScimClient) -> None:
    """As it is set from the start, by all ways mixed."""
    ids = hire(scim, 100)
    remove(scim, ids[:20], list(REMOVALS.values()))
    assert (surveyed(), held(), Hold.objects.count()) == (80, [], 0)
    remove(scim, ids[20:25], list(REMOVALS.values()))
    assert (surveyed(), held()) == (80, names(range(20, 25)))
    hold = open_hold()
    assert (hold.removed, hold.managed, hold.threshold) == (20, 100, 20)
    assert ParticipationPeriod.objects.count() == 20
    assert ProvisioningEvent.objects.filter(action=ProvisioningEvent.Action.HOLD_OPENED).count() == 1
    assert LogEntry.objects.filter(removal=True, held=True).count() == 5
    assert LogEntry.objects.filter(removal=True, held=False).count() == 20


def test_below_a_hundred_people_there_is_no_brake(scim: ScimClient) -> None:
    remove(scim, hire(scim, 99), [patch])
    assert (surveyed(), held()) == (0, [])


@pytest.mark.usefixtures("brake")
@pytest.mark.parametrize("people", [10, 14, 15])
def test_the_share_is_rounded_down(scim: ScimClient, people: int) -> None:
    remove(scim, hire(scim, people), [patch])
    assert surveyed() == people - people // 5
    assert open_hold().threshold == people // 5


@pytest.mark.usefixtures("brake")
@pytest.mark.parametrize("way", REMOVALS)
def test_each_way_is_held_and_read_back_as_it_was_written(scim: ScimClient, way: str) -> None:
    ids = hire(scim, 10)
    since = Employee.objects.get(uuid=ids[9]).active_since
    remove(scim, ids[:2])
    remove(scim, ids[9:], [REMOVALS[way]])
    person = Employee.objects.get(uuid=ids[9])
    assert (person.active_since, person.held_by) == (since, scim.provider_key)
    assert person.held_at is not None
    assert not person.participation_periods.exists()
    answer = scim.get(f"/Users/{ids[9]}")
    if way in DELETING:
        assert answer.status == 404
        assert scim.find('userName eq "p9@example.com"') == []
    else:
        assert answer.body.get("active", False) is False
        assert "p9@example.com" not in scim.find("active eq true")
    assert Change.objects.filter(employee=person).latest("pk").after["held"] is True


@pytest.mark.usefixtures("brake")
def test_one_bulk_request_is_held_in_the_middle(scim: ScimClient) -> None:
    ids = hire(scim, 20)
    removals: list[bulk.Operation] = []
    for number, id_ in enumerate(ids):
        removals.append(bulk.delete(id_) if number % 2 else bulk.patch(id_, active=False))
    outcomes = bulk.run(scim, *removals)
    assert set(bulk.statuses(outcomes)) == {200, 204}
    assert held() == names(range(4, 20))
    assert (open_hold().removed, open_hold().managed) == (4, 20)


@pytest.mark.usefixtures("brake")
def test_what_is_repeated_counts_once(scim: ScimClient) -> None:
    ids = hire(scim, 10)
    remove(scim, ids[:2], [patch])
    remove(scim, ids[:2], [put])
    remove(scim, ids[:2], [delete_])
    assert (held(), LogEntry.objects.filter(removal=True).count()) == ([], 2)
    remove(scim, ids[2:3], [patch])
    remove(scim, ids[2:3], [put])
    remove(scim, ids[2:3], [delete_])
    assert (held(), LogEntry.objects.filter(removal=True).count()) == (["p2"], 3)
    assert surveyed() == 8


@pytest.mark.usefixtures("brake")
def test_everything_else_goes_on_while_removals_are_held(scim: ScimClient) -> None:
    ids = hire(scim, 10)
    remove(scim, ids[:3])
    assert (
        scim.patch(f"/Users/{ids[2]}", {"op": "replace", "path": "title", "value": "Countess"}).status == 200
    )
    assert scim.create("new@example.com")["active"] is True
    assert held() == ["p2"]
    remove(scim, ids[3:4])
    assert held() == ["p2", "p3"]
    assert Hold.objects.count() == 1


@pytest.mark.usefixtures("brake")
def test_each_identity_provider_has_a_brake_of_its_own(scim: ScimClient, other: ScimClient) -> None:
    mine, theirs = hire(scim, 10), hire(other, 10, "q")
    remove(scim, mine[:3])
    remove(other, theirs[:2])
    assert held() == ["p2"]
    remove(other, theirs[2:3])
    assert held() == ["p2", "q2"]
    assert set(Hold.objects.values_list("identity_provider__name", flat=True)) == {
        "Directory",
        "Second directory",
    }


@pytest.mark.usefixtures("brake")
@pytest.mark.parametrize("way", ["DELETE", "PATCH", "in bulk"])
def test_people_of_another_identity_provider_are_no_way_around_it(
    scim: ScimClient, other: ScimClient, way: str
) -> None:
    """Connected anew, an identity provider manages nobody and could remove everybody."""
    ids = hire(scim, 30)
    if way == "in bulk":
        bulk.run(other, *map(bulk.delete, ids))
    else:
        remove(other, ids, [REMOVALS[way]])
    assert held() == names(range(9, 30))
    assert (open_hold().identity_provider.name, open_hold().managed) == ("Second directory", 10)


@pytest.mark.usefixtures("brake")
def test_a_removal_that_is_held_can_be_another_ones_too(scim: ScimClient, other: ScimClient) -> None:
    ids = hire(scim, 10)
    remove(scim, ids[:3])
    remove(other, ids[2:3], [delete_])
    assert (held(), surveyed()) == ([], 7)
    assert steering.dissolve(open_hold(), actor=OPERATOR)


@pytest.mark.usefixtures("brake")
def test_removals_are_forgotten_when_the_window_has_passed(scim: ScimClient) -> None:
    ids = hire(scim, 12)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        remove(scim, ids[:2])
        clock.shift(timedelta(hours=24))
        remove(scim, ids[2:4])
        assert held() == []
        clock.shift(timedelta(hours=23))
        remove(scim, ids[4:5])
        assert held() == ["p4"]


@pytest.mark.usefixtures("brake")
def test_what_was_never_surveyed_is_no_removal(scim: ScimClient) -> None:
    hire(scim, 10)
    absent = [scim.create(f"absent{number}@example.com", active=False)["id"] for number in range(5)]
    remove(scim, absent, [delete_])
    assert (held(), Hold.objects.count()) == ([], 0)


@pytest.mark.parametrize(("percent", "leave"), [(0, 0), (50, 5), (100, 10)])
def test_the_share_can_be_anything(scim: ScimClient, percent: int, leave: int) -> None:
    settings = {"brake_percent": percent, "brake_from": 10, "brake_hours": 1, "log_days": 90}
    steering.change_settings(**settings, actor=OPERATOR)
    remove(scim, hire(scim, 10))
    assert surveyed() == 10 - leave


@pytest.mark.usefixtures("brake")
def test_a_paused_identity_provider_removes_nobody(scim: ScimClient) -> None:
    ids = hire(scim, 10)
    provider = IdentityProvider.objects.get()
    steering.pause(provider, actor=OPERATOR)
    assert {way(scim, ids[0]) for way in (patch, put, delete_)} == {403}
    assert (surveyed(), held()) == (10, [])
    steering.resume(provider, actor=OPERATOR)
    assert patch(scim, ids[0]) == 200
