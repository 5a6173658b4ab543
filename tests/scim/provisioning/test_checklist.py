"""The live checklist: what it recognises in real requests, what it says to click, what it costs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries, Settings

from scim.protocol.urns import ENTERPRISE_USER, PEAKON_USER
from scim.provisioning import services, steering, tokens
from scim.provisioning.activity import tally
from scim.provisioning.kinds import ENTRA_FLAG, GUIDES
from scim.provisioning.models import IdentityProvider
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.guided import PROVIDERS, Connection, administrator, connect
from tests.scim.provisioning.helpers import ACTOR, NOW

pytestmark = pytest.mark.django_db
Kind = IdentityProvider.Kind
URL = f"http://testserver/scim/v2{ENTRA_FLAG}"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def connection() -> Connection:
    return connect(Kind.ENTRA)


def seen(connection: Connection, client: Client | None = None) -> str:
    """The checklist as an administrator sees it when everything is written."""
    tally.flush()
    response = (client or administrator()).get(f"{connection.guide}checklist/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def patch(connection: Connection, *operations: dict[str, object]) -> None:
    ada = connection.scim.get("/Users", filter='userName eq "ada@example.com"').body["Resources"][0]
    answer = connection.scim.patch(f"/Users/{ada['id']}", *operations)
    assert answer.status == 200, answer.body


def test_it_begins_with_what_to_do_first(connection: Connection) -> None:
    page = seen(connection)
    assert "0 of 6 steps are done." in page
    assert "Paste the URL into Tenant URL. Click Test Connection, then save." in page
    assert page.count("is-next") == 1
    assert "is-done" not in page
    assert "guide-hint" not in page


def test_it_ends_when_everything_works(connection: Connection) -> None:
    connection.scim.find('userName eq "ada@example.com"')
    ada = connection.scim.create(name={"givenName": "Ada"}, **{PEAKON_USER: {"Job Title": "Chief"}})
    connection.scim.delete(f"/Users/{ada['id']}")
    page = seen(connection)
    assert "6 of 6 steps are done." in page
    assert "31 Jan 2030, 12:00" in page
    assert "Everything works. Entra ID keeps employees up to date" in page
    assert "guide-hint" not in page


@pytest.mark.parametrize("kind", Kind)
def test_it_speaks_the_words_of_each_product(kind: IdentityProvider.Kind) -> None:
    page, guide = seen(connect(kind)), GUIDES[kind]
    assert escape(f"Paste the URL into {guide.url_field}" if guide.url_field else guide.then) in page


def test_a_wrong_token(connection: Connection, clock: time_machine.Traveller) -> None:
    clock.shift(10)
    ScimClient("mistyped", "").get("/Users")
    page = seen(connection)
    assert "1 of 6 steps are done. A wrong token arrived." in page
    assert "Paste it into Secret Token once more." in page
    assert f'href="{PROVIDERS}{connection.provider.pk}/rotate/"' in page
    connection.scim.get("/Users")
    assert "A wrong token" not in seen(connection), "the token works; somebody else knocks"


def test_a_wrong_token_is_forgotten(connection: Connection, clock: time_machine.Traveller) -> None:
    clock.shift(10)
    ScimClient("mistyped", "").get("/Users")
    clock.shift(timedelta(hours=2))
    page = seen(connection)
    assert "A wrong token" not in page
    assert "1 of 6" in page


def test_a_wrong_token_after_rotation(connection: Connection, clock: time_machine.Traveller) -> None:
    connection.scim.get("/Users")
    clock.shift(60)
    tokens.rotate(connection.provider, actor=ACTOR, overlap=timedelta(0))
    clock.shift(60)
    ScimClient("mistyped", "").get("/Users")
    assert "A wrong token arrived" in seen(connection)


@pytest.mark.parametrize(("how", "words"), [("revoke", "a revoked token"), ("expire", "an expired token")])
def test_an_ended_token(connection: Connection, clock: time_machine.Traveller, how: str, words: str) -> None:
    connection.scim.get("/Users")
    clock.shift(60)
    if how == "revoke":
        tokens.revoke(connection.provider, actor=ACTOR)
        fresh = tokens.issue(connection.provider, actor=ACTOR)
    else:
        fresh = tokens.rotate(connection.provider, actor=ACTOR, overlap=timedelta(0))
    assert "It still uses" not in seen(connection)
    clock.shift(60)
    assert connection.scim.get("/Users").status == 401
    assert f"It still uses {words}" in seen(connection)
    clock.shift(60)
    ScimClient(fresh, connection.provider.key).get("/Users")
    assert "It still uses" not in seen(connection)


def test_no_token_is_left(connection: Connection) -> None:
    tokens.revoke(connection.provider, actor=ACTOR)
    page = seen(connection)
    assert "No token of it works any more" in page
    assert "A wrong token" not in page


def test_provisioning_is_disabled(connection: Connection) -> None:
    services.switch(False, actor=ACTOR)
    connection.scim.get("/Users")
    page = seen(connection)
    assert "2 of 6 steps are done. Employee provisioning is disabled." in page
    services.switch(True, actor=ACTOR)
    assert "disabled" not in seen(connection)


def test_it_is_paused(connection: Connection) -> None:
    steering.pause(connection.provider, actor=ACTOR)
    page = seen(connection)
    assert "Entra ID is paused" in page
    assert f'href="{PROVIDERS}{connection.provider.pk}/resume/"' in page
    steering.resume(connection.provider, actor=ACTOR)
    assert "is paused" not in seen(connection)


def test_a_doubled_path(connection: Connection, clock: time_machine.Traveller) -> None:
    assert connection.scim.get("/scim/v2/Users").status == 200
    page = seen(connection)
    assert "The path is in the URL twice" in page
    assert f"correct it: Tenant URL is exactly <code>{escape(URL)}</code>" in page
    clock.shift(120)
    connection.scim.get("/Users")
    assert "twice" not in seen(connection)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "displayName", "value": "Ada"},
        {"op": "Add", "path": f"{ENTERPRISE_USER}:department", "value": "Sales"},
        {"op": "replace", "path": "active", "value": "False"},
    ],
)
def test_a_missing_flag(connection: Connection, operation: dict[str, object]) -> None:
    connection.scim.create()
    assert "A flag is missing" not in seen(connection)
    patch(connection, operation)
    page = seen(connection)
    assert "A flag is missing from the Tenant URL" in page
    assert f"<code>{escape(URL)}</code>" in page
    patch(connection, {"op": "replace", "value": {"active": True, "name.givenName": "Ada"}})
    assert "A flag is missing" not in seen(connection)


def test_the_flag_is_a_matter_of_entra_alone() -> None:
    connection = connect(Kind.OKTA)
    connection.scim.create()
    patch(connection, {"op": "Replace", "path": "displayName", "value": "Ada"})
    assert "flag" not in seen(connection)


@pytest.mark.parametrize("kind", Kind)
def test_groups_are_left_on(kind: IdentityProvider.Kind) -> None:
    connection = connect(kind)
    connection.scim.get("/Groups")
    page = seen(connection)
    assert "It sends groups, which are not supported" in page
    assert escape(GUIDES[kind].groups_off) in page


def test_only_user_names_arrive(connection: Connection) -> None:
    connection.scim.create(externalId="1", active=True)
    assert "Only user names arrive" in seen(connection)
    connection.scim.create("grace@example.com", name={"givenName": "Grace"})
    page = seen(connection)
    assert "None of your attributes arrives" in page
    assert "Only user names" not in page
    connection.scim.create("mary@example.com", **{PEAKON_USER: {"Job Title": "Chief"}})
    assert "attributes arrives" not in seen(connection)


def test_it_is_rate_limited(
    connection: Connection, clock: time_machine.Traveller, settings: Settings
) -> None:
    settings.SCIM_RATE_LIMIT = 1
    statuses = {connection.scim.get("/Users").status for _ in range(20)}
    assert 429 in statuses
    assert "It sends faster than it may" in seen(connection)
    settings.SCIM_RATE_LIMIT = 0
    clock.shift(300)
    connection.scim.get("/Users")
    assert "faster" not in seen(connection)


def test_nothing_of_a_person_is_shown(connection: Connection) -> None:
    ada = connection.scim.create("ada@secret.example.com", displayName="Countess")
    connection.scim.delete(f"/Users/{ada['id']}")
    page = seen(connection)
    assert "secret" not in page
    assert "Countess" not in page


def test_it_costs_few_queries(
    connection: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = administrator()
    for number in range(30):
        connection.scim.create(f"person{number}@example.com")
    tally.flush()
    # session, user, two for permissions; three to observe, one to keep what is new
    with django_assert_num_queries(8):
        seen(connection, client)
    with django_assert_num_queries(7):
        seen(connection, client)


def test_others_are_refused(connection: Connection) -> None:
    assert Client().get(f"{connection.guide}checklist/").status_code == 302
    assert administrator().post(f"{connection.guide}checklist/").status_code == 405
    assert (
        administrator().get(connection.guide.replace(str(connection.provider.pk), "9999")).status_code == 404
    )
