"""Integrations > Employee provisioning, for administrators only."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from scim.provisioning import services, tokens
from scim.provisioning.kinds import GUIDES
from scim.provisioning.models import BearerToken, IdentityProvider, ProvisioningEvent
from scim.provisioning.tokens import Standing
from tests.scim.provisioning.helpers import ACTOR, NOW, standing

pytestmark = pytest.mark.django_db

OVERVIEW = "/admin/integrations/employee-provisioning/"
PAGES = ("", "disable/", "connect/", "identity-providers/{pk}/rotate/", "identity-providers/{pk}/revoke/")
POSTS = (*PAGES[1:], "enable/", "tokens/{token}/revoke/")


@pytest.fixture
def client() -> Client:
    """Signed in with the permission to manage provisioning, and as strict about forgery as production."""
    user = User.objects.create_user("ada@example.com", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="manage_provisioning"))
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


@pytest.fixture
def provider() -> IdentityProvider:
    services.switch(True, actor=ACTOR)
    return services.connect_with_token("Entra ID", IdentityProvider.Kind.ENTRA, actor=ACTOR)[0]


def submit(client: Client, path: str, **fields: object) -> HttpResponse:
    """Posts a form as a browser does, with what is hidden in the page."""
    source = client.get(path)
    page = source.content.decode() if source.status_code == 200 else client.get(OVERVIEW).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    response = client.post(path, hidden | {name: str(value) for name, value in fields.items()})
    assert isinstance(response, HttpResponse)
    return response


def token_in(response: HttpResponse) -> str:
    token: str = re.findall(r"peakon_scim_\w{49}", response.content.decode())[0]
    return token


def everything() -> list[object]:
    return [list(model.objects.values()) for model in (IdentityProvider, BearerToken, ProvisioningEvent)]


def paths(provider: IdentityProvider, patterns: tuple[str, ...]) -> Iterator[str]:
    token = provider.tokens.get()
    yield from (OVERVIEW + pattern.format(pk=provider.pk, token=token.pk) for pattern in patterns)


def test_it_works(client: Client) -> None:
    assert b"Let your identity provider keep employees up to date" in client.get(OVERVIEW).content
    assert submit(client, f"{OVERVIEW}enable/").status_code == 302
    connected = submit(client, f"{OVERVIEW}connect/", name="Entra ID Germany", kind="entra")
    credential = tokens.authenticate(token_in(connected))
    assert credential
    assert credential.provisioning_enabled
    page = client.get(OVERVIEW).content.decode()
    assert "http://testserver/scim/v2" in page
    assert f"…{token_in(connected)[-4:]}" in page
    assert "never" in page
    assert token_in(connected) not in page


def test_overview_reads_a_fixed_number_of_queries(
    client: Client, provider: IdentityProvider, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        services.connect_with_token(f"Okta {number}", IdentityProvider.Kind.OKTA, actor=ACTOR)
    # session, user, two for permissions; settings, identity providers, tokens, cycles, how many people each
    # manages, unknown names, events
    with django_assert_num_queries(11):
        client.get(OVERVIEW)


def test_visitors_are_asked_to_sign_in(provider: IdentityProvider) -> None:
    for path in paths(provider, PAGES):
        assert Client().get(path).headers["Location"] == f"{reverse('admin:login')}?next={path}"
    before = everything()
    for path in paths(provider, POSTS):
        assert Client().post(path).headers["Location"] == f"{reverse('admin:login')}?next={OVERVIEW}"
    assert everything() == before


@pytest.mark.parametrize(("staff", "permitted"), [(True, False), (False, True), (False, False)])
def test_others_are_refused(provider: IdentityProvider, staff: bool, permitted: bool) -> None:
    user = User.objects.create_user("eve@example.com", is_staff=staff)
    if permitted:
        user.user_permissions.add(Permission.objects.get(codename="manage_provisioning"))
    client = Client()
    client.force_login(user)
    before = everything()
    assert {client.get(path).status_code for path in paths(provider, PAGES)} == {403}
    assert {client.post(path).status_code for path in paths(provider, POSTS)} == {403}
    assert everything() == before


def test_forged_forms_are_refused(client: Client, provider: IdentityProvider) -> None:
    before = everything()
    assert {client.post(path).status_code for path in paths(provider, POSTS)} == {403}
    assert everything() == before


def test_get_changes_nothing(client: Client, provider: IdentityProvider) -> None:
    before = everything()
    statuses = [client.get(path).status_code for path in paths(provider, (*PAGES, *POSTS))]
    assert set(statuses) == {200, 405}
    assert statuses.count(405) == 1, "only `enable` has no page of its own"
    assert everything() == before
    assert services.current_settings().enabled


@pytest.mark.parametrize("kind", IdentityProvider.Kind)
def test_the_token_is_shown_once_with_what_to_paste_where(
    client: Client, kind: IdentityProvider.Kind
) -> None:
    response = submit(client, f"{OVERVIEW}connect/", name="Directory", kind=kind)
    page, guide = response.content.decode(), GUIDES[kind]
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert guide.token_field in page
    assert (guide.url_field or "Tenant URL") in page or guide.url_field is None
    assert ("http://testserver/scim/v2" in page) is (guide.url_field is not None)
    assert standing(token_in(response)) is Standing.LIVING
    assert token_in(response) not in repr(dict(client.session.items()))


def test_a_reload_connects_and_rotates_once(client: Client, provider: IdentityProvider) -> None:
    fields = {"overlap": "24", "newest": provider.newest_token_id() or 0}
    rotate = f"{OVERVIEW}identity-providers/{provider.pk}/rotate/"
    token = token_in(submit(client, rotate, **fields))
    again = submit(client, rotate, **fields)
    assert again.status_code == 302
    assert "received another token" in client.get(OVERVIEW).content.decode()
    assert provider.tokens.count() == 2
    assert standing(token) is Standing.LIVING
    again = submit(client, f"{OVERVIEW}connect/", name="ENTRA id", kind="entra")
    assert "is connected already" in again.content.decode()
    assert IdentityProvider.objects.count() == 1


def test_rotate_at_once_ends_the_old_token(client: Client, provider: IdentityProvider) -> None:
    old = tokens.issue(provider, actor=ACTOR)
    response = submit(client, f"{OVERVIEW}identity-providers/{provider.pk}/rotate/", overlap=0)
    assert (standing(old), standing(token_in(response))) == (Standing.EXPIRED, Standing.LIVING)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", " ", "Enter a name."),
        ("name", "x" * 101, "at most 100 characters"),
        ("name", "a\0b", "Null characters are not allowed"),
        ("kind", "ldap", "Select a valid choice"),
        ("expires_on", "2030-01-30", "Choose a day from today on"),
        ("expires_on", "9999-12-31", "at most ten years ahead"),
        ("expires_on", "soon", "Enter a valid date"),
    ],
)
def test_mistakes_are_named(client: Client, field: str, value: str, message: str) -> None:
    fields = {"name": "Okta", "kind": "okta", field: value}
    with time_machine.travel(NOW, tick=False):
        client.force_login(User.objects.get())
        response = submit(client, f"{OVERVIEW}connect/", **fields)
    assert message in response.content.decode()
    assert not IdentityProvider.objects.exists()


def test_a_token_lives_until_the_end_of_its_last_day(client: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        client.force_login(User.objects.get())
        submit(client, f"{OVERVIEW}connect/", name="Okta", kind="okta", expires_on="2030-01-31")
        assert "in 11 hours" in client.get(OVERVIEW).content.decode().replace("\xa0", " ")
    assert BearerToken.objects.get().expires_at == datetime(2030, 1, 31, 23, 59, 59, tzinfo=UTC)


def test_last_used_is_told_in_words(client: Client, provider: IdentityProvider) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(User.objects.get())
        tokens.touch(provider.tokens.get())
        clock.shift(180)
        assert "3 minutes ago" in client.get(OVERVIEW).content.decode().replace("\xa0", " ")


def test_disable_and_enable(client: Client, provider: IdentityProvider) -> None:
    assert "403 Forbidden" in client.get(f"{OVERVIEW}disable/").content.decode()
    for path, enabled in [("disable/", False), ("enable/", True)]:
        submit(client, OVERVIEW + path)
        assert services.current_settings().enabled is enabled
    assert BearerToken.objects.get().revoked_at is None


def test_revoke_disconnects(client: Client, provider: IdentityProvider) -> None:
    tokens.issue(provider, actor=ACTOR)
    submit(client, f"{OVERVIEW}identity-providers/{provider.pk}/revoke/")
    assert not provider.tokens.filter(revoked_at=None).exists()
    assert "Disconnected" in client.get(OVERVIEW).content.decode()


def test_the_site_url_goes_before_the_host(client: Client, settings: Settings) -> None:
    settings.SITE_URL = "https://peakon.example.com"
    response = submit(client, f"{OVERVIEW}connect/", name="Okta", kind="okta")
    assert "https://peakon.example.com/scim/v2" in response.content.decode()
