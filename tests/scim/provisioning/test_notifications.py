"""What administrators are told by mail, and that it is once."""

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from employees.models import Employee
from scim.provisioning import cycles, maintenance_tasks, notifications, services, steering, tokens
from scim.provisioning.models import Hold, IdentityProvider, Notification
from tests.employees.people import hire
from tests.scim.conftest import OPERATOR
from tests.scim.provisioning.helpers import NOW
from tests.scim.provisioning.notifying import (
    DAY,
    HOUR,
    MINUTE,
    SITE,
    connected,
    member,
    subjects,
    sync,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    """An HR administrator with an address."""
    return member("ada@example.com")


@pytest.fixture
def provider(ada: User, settings: Any) -> IdentityProvider:
    settings.PUBLIC_URL = SITE
    return connected()


def test_nothing_to_tell(provider: IdentityProvider) -> None:
    sync(provider, NOW - HOUR)
    assert told() == []
    assert notifications.notify(NOW) == ""


def test_a_sync_with_failures(provider: IdentityProvider) -> None:
    sync(provider, NOW - HOUR, refused=2)
    [message] = told()
    assert message.to == ["ada@example.com"]
    assert message.subject == "Peakon: Directory: 2 writes were refused"
    assert "In the sync from 31 January 2030, 11:00 (UTC) on" in message.body
    assert "2 × 409 uniqueness" in message.body
    cycle = provider.cycles.get()
    assert f"{SITE}/admin/integrations/employee-provisioning/cycles/{cycle.pk}/" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert told() == []


def test_failures_are_told_once_a_day_unless_they_double(provider: IdentityProvider) -> None:
    sync(provider, NOW - 2 * HOUR, refused=2)
    assert len(told()) == 1
    sync(provider, NOW - HOUR, refused=3)
    assert told() == []
    sync(provider, NOW - MINUTE * 30, refused=4)
    assert subjects() == ["Peakon: Directory: 4 writes were refused"]
    sync(provider, NOW + DAY, refused=2)
    assert subjects(NOW + DAY + HOUR) == ["Peakon: Directory: 2 writes were refused"]


def test_a_sync_is_told_of_when_it_is_over(provider: IdentityProvider) -> None:
    sync(provider, NOW - MINUTE, refused=1)
    assert told() == []
    assert subjects(NOW + HOUR) == ["Peakon: Directory: 1 write was refused"]


def test_failing(provider: IdentityProvider) -> None:
    sync(provider, NOW - HOUR, refused=9, done=1)
    assert subjects() == ["Peakon: Directory: most writes are refused"]


@pytest.mark.parametrize("status", [401, 403])
def test_being_kept_out_has_its_own_reason(provider: IdentityProvider, status: int) -> None:
    sync(provider, NOW - HOUR, refused=5, status=status)
    assert told() == []


@pytest.mark.parametrize("how", ["paused", "disabled"])
def test_who_was_stopped_on_purpose_is_not_failing(provider: IdentityProvider, how: str) -> None:
    sync(provider, NOW - HOUR, refused=5)
    if how == "paused":
        steering.pause(provider, actor=OPERATOR)
    else:
        services.switch(False, actor=OPERATOR)
    assert told() == []


def test_late(provider: IdentityProvider) -> None:
    for hours in range(6, 1, -1):
        sync(provider, NOW - hours * HOUR)
    cycles.observe_all(NOW)
    assert told(NOW - 45 * MINUTE) == []
    [message] = told()
    assert message.subject == "Peakon: Directory is late"
    assert "expected by 31 January 2030, 11:00 (UTC)" in message.body
    assert told(NOW + HOUR) == []
    sync(provider, NOW + 2 * HOUR)
    assert told(NOW + 2 * HOUR) == []
    assert subjects(NOW + 4 * HOUR) == ["Peakon: Directory is late"]


def test_a_token_is_warned_of_twice_and_then_told(provider: IdentityProvider) -> None:
    provider.tokens.all().delete()
    with time_machine.travel(NOW, tick=False):
        tokens.issue(provider, actor=OPERATOR, expires_at=NOW + 20 * DAY)
    token = provider.tokens.get()
    heard = [(days, subject) for days in range(40) for subject in subjects(NOW + days * DAY)]
    assert heard == [
        (6, f"Peakon: Directory: the token {token} expires in 2 weeks"),
        (17, f"Peakon: Directory: the token {token} expires in 3 days"),
        (20, f"Peakon: Directory: the token {token} has expired"),
    ]


def test_a_token_that_was_replaced_ends_in_silence(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW, tick=False):
        tokens.rotate(provider, actor=OPERATOR, overlap=DAY)
    assert told() == told(NOW + 2 * DAY) == []


def test_who_was_disconnected_has_no_token_to_tell_of(provider: IdentityProvider) -> None:
    provider.tokens.update(expires_at=NOW + HOUR)
    with time_machine.travel(NOW, tick=False):
        tokens.revoke(provider, actor=OPERATOR)
    assert told() == told(NOW + 2 * HOUR) == []


def test_a_hold(provider: IdentityProvider) -> None:
    hold = Hold.objects.create(identity_provider=provider, removed=20, managed=100, threshold=20)
    assert told() == []
    for number in range(3):
        hire(f"p{number}@example.com")
    Employee.objects.filter(pk__gt=0).update(held_by=provider.key)
    [message] = told()
    assert message.subject == "Peakon: Directory: 3 removals wait for your decision"
    assert f"{SITE}/admin/integrations/employee-provisioning/holds/{hold.pk}/" in message.body
    assert told() == []


def test_seats(provider: IdentityProvider) -> None:
    steering.limit_seats(provider, 10, actor=OPERATOR)
    heard = []
    for number in range(10):
        hire(f"p{number}@example.com")
        Employee.objects.filter(pk__gt=0).update(managed_by=provider.key)
        heard += [(number + 1, subject) for subject in subjects()]
    assert heard == [
        (9, "Peakon: Directory: 9 of 10 seats are taken"),
        (10, "Peakon: Directory: all 10 seats are taken"),
    ]
    Employee.objects.filter(pk__in=Employee.objects.values("pk")[:1]).update(active=False)
    assert told() == []
    Employee.objects.filter(pk__in=Employee.objects.values("pk")[:3]).update(active=False)
    assert told() == []
    Employee.objects.filter(pk__gt=0).update(active=True)
    assert subjects() == ["Peakon: Directory: all 10 seats are taken"]


def test_what_was_told_is_forgotten_with_the_log_unless_it_still_holds(provider: IdentityProvider) -> None:
    sync(provider, NOW - HOUR, refused=2)
    steering.limit_seats(provider, 1, actor=OPERATOR)
    hire()
    Employee.objects.update(managed_by=provider.key)
    assert len(told()) == 1
    assert Notification.objects.count() == 2
    maintenance_tasks.prune(NOW + 80 * DAY)
    assert Notification.objects.count() == 2
    for days in (91, 200):
        maintenance_tasks.prune(NOW + days * DAY)
        assert Notification.objects.get().key.startswith("seats ")
        assert told(NOW + days * DAY) == []
    steering.limit_seats(provider, None, actor=OPERATOR)
    maintenance_tasks.prune(NOW + 200 * DAY)
    assert not Notification.objects.exists()
