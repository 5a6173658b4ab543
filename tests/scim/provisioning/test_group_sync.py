"""A group sync that was left on: noted, shown with the switch to turn, forgotten after a week."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from scim.provisioning import group_sync, services
from scim.provisioning.kinds import GUIDES
from scim.provisioning.models import IdentityProvider
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.helpers import ACTOR, NOW

pytestmark = pytest.mark.django_db

NOTE = 'UPDATE "provisioning_identityprovider"'
HINT = "It sends groups, which are not supported."
Kind = IdentityProvider.Kind


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def connect(kind: IdentityProvider.Kind) -> tuple[IdentityProvider, ScimClient]:
    services.switch(True, actor=ACTOR)
    provider, token = services.connect_with_token(kind.label, kind, actor=ACTOR)
    return provider, ScimClient(token, provider.key)


def overview() -> str:
    """The page as an administrator sees it."""
    user, _ = User.objects.get_or_create(username="ada@example.com", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="manage_provisioning"))
    client = Client()
    client.force_login(user)
    return client.get("/admin/integrations/employee-provisioning/").content.decode()


@pytest.mark.parametrize("kind", Kind)
def test_the_switch_is_told_to_the_client_and_to_administrators(kind: IdentityProvider.Kind) -> None:
    provider, scim = connect(kind)
    connect(Kind.OTHER if kind is not Kind.OTHER else Kind.OKTA)
    scim.get("/Users")
    assert HINT not in overview()
    answer = scim.get("/Groups", filter='displayName eq "Sales"')
    assert answer.error == (404, None)
    assert GUIDES[kind].groups_off in answer.body["detail"]
    page = overview()
    assert page.count(HINT) == 1, "the other identity provider sends none"
    assert page.index(f'id="provider-{provider.pk}"') < page.index(HINT)
    assert escape(GUIDES[kind].groups_off) in page


def test_every_kind_has_a_switch_of_its_own() -> None:
    assert GUIDES.keys() == set(Kind)
    assert len({guide.groups_off for guide in GUIDES.values()}) == len(Kind)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/Groups"), ("POST", "/Groups"), ("PATCH", "/Groups/1"), ("HEAD", "/Groups/")],
)
def test_every_request_for_groups_is_noted(method: str, path: str) -> None:
    provider, scim = connect(Kind.ENTRA)
    scim.request(method, path, {})
    provider.refresh_from_db()
    assert provider.groups_seen_at == NOW


def test_strangers_are_not_noted() -> None:
    provider, scim = connect(Kind.ENTRA)
    services.switch(False, actor=ACTOR)
    assert (ScimClient("", "").get("/Groups").status, scim.get("/Groups").status) == (401, 403)
    provider.refresh_from_db()
    assert provider.groups_seen_at is None


def test_it_is_written_once_an_hour(clock: time_machine.Traveller) -> None:
    provider, scim = connect(Kind.OKTA)
    written = []
    for _ in range(6):
        with CaptureQueriesContext(connection) as captured:
            scim.get("/Groups")
        written.append(sum(query["sql"].startswith(NOTE) for query in captured))
        clock.shift(timedelta(minutes=25))
    assert written == [1, 0, 0, 1, 0, 0]
    provider.refresh_from_db()
    assert provider.groups_seen_at == NOW + timedelta(minutes=75)


def test_the_hint_is_gone_after_a_week(clock: time_machine.Traveller) -> None:
    scim = connect(Kind.ENTRA)[1]
    scim.get("/Groups")
    clock.shift(timedelta(days=7, seconds=-1))
    assert HINT in overview()
    clock.shift(timedelta(seconds=1))
    assert HINT not in overview()
    scim.get("/Groups")
    assert HINT in overview()


def test_a_busy_database_fails_no_request(caplog: pytest.LogCaptureFixture) -> None:
    provider, _ = connect(Kind.OKTA)

    def busy(*args: object) -> None:
        raise OperationalError("database is locked: ada@example.com")

    with caplog.at_level(logging.WARNING), connection.execute_wrapper(busy):
        group_sync.note(provider)
    assert "too busy" in caplog.text
    assert "ada@example.com" not in caplog.text
