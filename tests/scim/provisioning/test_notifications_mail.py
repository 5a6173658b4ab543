"""The mail to administrators: to whom it goes, what it looks like, and what a mail server may do to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from employees.models import Employee
from employees.surveys.delivery import PutOff
from peakon_scim.roles import AUDITOR, HR_ADMINISTRATOR
from scim.provisioning import cycles, notifications, steering
from scim.provisioning.models import Hold, IdentityProvider, Notification
from tests.employees.people import hire
from tests.scim.conftest import OPERATOR
from tests.scim.provisioning.helpers import NOW
from tests.scim.provisioning.notifying import HOUR, MINUTE, SITE, connected, member, sync, told
from tests.surveys.mail_server import MailServer, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    """An HR administrator with an address."""
    return member("ada@example.com")


@pytest.fixture
def provider(ada: User, settings: Any) -> IdentityProvider:
    settings.PUBLIC_URL = SITE
    return connected()


def test_one_mail_says_everything_and_the_most_urgent_first(provider: IdentityProvider) -> None:
    sync(provider, NOW - HOUR, refused=2)
    steering.limit_seats(provider, 1, actor=OPERATOR)
    Hold.objects.create(identity_provider=provider, removed=20, managed=100, threshold=20)
    hire()
    Employee.objects.filter(pk__gt=0).update(managed_by=provider.key, held_by=provider.key)
    [message] = told()
    assert message.subject == "Peakon: Directory: 1 removal waits for your decision and 2 more"
    places = [message.body.index(text) for text in ("removal waits", "all 1 seats", "2 writes")]
    assert places == sorted(places)


def test_it_says_where_to_look_and_leads_there(provider: IdentityProvider) -> None:
    sync(provider, NOW - HOUR, refused=2)
    [message] = told()
    page = f"{SITE}/admin/integrations/employee-provisioning/cycles/{provider.cycles.get().pk}/"
    assert f"Integrations > Employee provisioning > Directory: {page}\n" in message.body


def test_who_is_told(provider: IdentityProvider) -> None:
    member("grace@example.com")
    member("eve@example.com", AUDITOR)
    member("", HR_ADMINISTRATOR)
    member("left@example.com", is_active=False)
    User.objects.create_superuser("root", "root@example.com")
    sync(provider, NOW - HOUR, refused=2)
    assert [message.to for message in told()] == [["ada@example.com"], ["grace@example.com"]]


def test_superusers_are_told_when_nobody_else_can_be(provider: IdentityProvider, ada: User) -> None:
    ada.delete()
    sync(provider, NOW - HOUR, refused=2)
    assert told() == []
    assert not Notification.objects.exists()
    User.objects.create_superuser("root", "root@example.com")
    User.objects.create_superuser("other", "")
    assert [message.to for message in told()] == [["root@example.com"]]


def test_who_comes_later_is_told_of_what_still_holds(provider: IdentityProvider) -> None:
    sync(provider, NOW - HOUR, refused=2)
    told()
    member("grace@example.com")
    assert [message.to for message in told()] == [["grace@example.com"]]


def test_runs_that_find_nothing_new_ask_little(
    provider: IdentityProvider, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sync(provider, NOW - HOUR, refused=2)
    told()
    # settings, identity providers, holds, tokens, cycles, refusals, standing (4), seats; readers, told
    with django_assert_max_num_queries(14):
        notifications.notify(NOW)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with receiving() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def test_as_it_arrives(provider: IdentityProvider, server: MailServer) -> None:
    sync(provider, NOW - HOUR, refused=2)
    cycles.observe_all(NOW)
    assert notifications.notify(NOW) == "1 mail"
    [message] = server.mails
    assert message["Subject"] == "Peakon: Directory: 2 writes were refused"
    assert message.get_content_type() == "text/plain"
    assert "2 × 409 uniqueness" in message.get_content()
    assert notifications.notify(NOW) == ""
    assert Notification.objects.get().sent_at == NOW


@pytest.mark.parametrize("reply", ["451 later", "421 closing"])
def test_what_was_put_off_is_tried_again(provider: IdentityProvider, server: MailServer, reply: str) -> None:
    sync(provider, NOW - HOUR, refused=2)
    cycles.observe_all(NOW)
    server.recipients = lambda address: reply
    with pytest.raises(PutOff):
        notifications.notify(NOW)
    assert Notification.objects.get().sent_at is None
    server.recipients = lambda address: ""
    assert notifications.notify(NOW + MINUTE) == ""
    assert notifications.notify(NOW + 16 * MINUTE) == "1 mail"
    assert notifications.notify(NOW + 40 * MINUTE) == ""
    assert len(server.mails) == 1


def test_one_address_that_is_refused_stops_nobody(provider: IdentityProvider, server: MailServer) -> None:
    member("grace@example.com")
    sync(provider, NOW - HOUR, refused=2)
    cycles.observe_all(NOW)
    server.recipients = lambda address: "550 nobody" if address.startswith("ada") else ""
    assert notifications.notify(NOW) == "1 mail"
    assert server.receivers == ["grace@example.com"]
    assert notifications.notify(NOW + HOUR) == ""


def test_a_sender_that_died_is_taken_over(provider: IdentityProvider, ada: User) -> None:
    sync(provider, NOW - HOUR, refused=2)
    cycles.observe_all(NOW)
    Notification.objects.create(key=f"refused {provider.key} 2030-01-31 2 user{ada.pk}", at=NOW - MINUTE)
    assert told() == []
    assert len(told(NOW + 15 * MINUTE)) == 1
