"""The pages that pause an identity provider, limit its seats, and set what holds for all of them."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from peakon_scim.roles import AUDITOR, HR_ADMINISTRATOR
from scim.provisioning import services, steering
from scim.provisioning.models import IdentityProvider, ProvisioningEvent, ProvisioningSettings
from tests.scim.conftest import OPERATOR, ScimClient
from tests.scim.provisioning.test_hold_pages import send, signed_in, text_of

pytestmark = pytest.mark.django_db

HOME = "/admin/integrations/employee-provisioning/"
SETTINGS = f"{HOME}settings/"
Action = ProvisioningEvent.Action
KEPT = {"brake_percent": 20, "brake_hours": 24, "brake_from": 100, "log_days": 90}


@pytest.fixture
def hr(db: None) -> Client:
    return signed_in(HR_ADMINISTRATOR)


@pytest.fixture
def provider(scim: ScimClient) -> IdentityProvider:
    return IdentityProvider.objects.get()


def path(provider: IdentityProvider, page: str = "") -> str:
    return f"{HOME}identity-providers/{provider.pk}/{f'{page}/' if page else ''}"


def stored(provider: IdentityProvider) -> IdentityProvider:
    return IdentityProvider.objects.get(pk=provider.pk)


def settings() -> dict[str, int]:
    row = services.current_settings()
    return {name: getattr(row, name) for name in KEPT}


def test_pause_and_resume(hr: Client, provider: IdentityProvider, scim: ScimClient) -> None:
    ada = scim.create()
    assert "answered with 403 Forbidden" in text_of(hr.get(path(provider, "pause")))
    assert send(hr, path(provider, "pause")).headers["Location"] == path(provider)
    assert stored(provider).paused_by == "ada@example.com"
    refused = scim.delete(f"/Users/{ada['id']}")
    assert refused.error == (403, None)
    assert "Directory is paused here" in refused.body["detail"]
    assert scim.get(f"/Users/{ada['id']}").status == 200
    text = text_of(hr.get(path(provider, "resume")))
    assert "Directory was paused on" in text
    assert "by ada@example.com" in text
    assert send(hr, path(provider, "resume")).headers["Location"] == path(provider)
    assert scim.delete(f"/Users/{ada['id']}").status == 204
    acts = ProvisioningEvent.objects.filter(actor_name="ada@example.com").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == [Action.PAUSED, Action.RESUMED]


def test_twice_is_once(hr: Client, provider: IdentityProvider) -> None:
    for page in ("pause", "pause", "resume", "resume"):
        assert send(hr, path(provider, page)).status_code == 302
    assert ProvisioningEvent.objects.filter(actor_name="ada@example.com").count() == 2


@pytest.mark.parametrize("kind", ["entra", "okta"])
def test_what_entra_id_does_meanwhile(hr: Client, provider: IdentityProvider, kind: str) -> None:
    IdentityProvider.objects.update(kind=kind)
    for page in ("pause", "resume"):
        assert ("Entra ID" in text_of(hr.get(path(provider, page)))) is (kind == "entra")


def test_a_seat_limit_is_shown_before_it_is_set(
    hr: Client, provider: IdentityProvider, scim: ScimClient
) -> None:
    scim.create()
    assert "manages 1 active employee." in text_of(hr.get(path(provider, "seats")))
    text = text_of(send(hr, path(provider, "seats"), limit=1))
    assert "up to 1 active employee from now on" in text
    assert "New people are refused at once" in text
    assert stored(provider).seat_limit is None
    response = send(hr, path(provider, "seats"), limit=1, confirmed="on")
    assert response.headers["Location"] == path(provider)
    assert stored(provider).seat_limit == 1
    refused = scim.post("/Users", {"userName": "grace@example.com"})
    assert refused.error == (403, None)
    assert "1 seats of this identity provider are taken" in refused.body["detail"]
    assert "the limit is 1" in text_of(hr.get(path(provider, "seats")))
    assert "any number" in text_of(send(hr, path(provider, "seats"), limit=""))
    send(hr, path(provider, "seats"), limit="", confirmed="on")
    assert stored(provider).seat_limit is None
    assert scim.create("grace@example.com")


def test_what_changes_nothing_asks_nothing(hr: Client, provider: IdentityProvider) -> None:
    assert send(hr, path(provider, "seats"), limit="").headers["Location"] == path(provider)
    assert send(hr, SETTINGS, **KEPT).headers["Location"] == HOME
    assert not ProvisioningEvent.objects.filter(actor_name="ada@example.com").exists()


@pytest.mark.parametrize("limit", ["-1", "x", "1.5", "99999999999"])
def test_no_seat_limit(hr: Client, provider: IdentityProvider, limit: str) -> None:
    text = text_of(send(hr, path(provider, "seats"), limit=limit, confirmed="on"))
    assert "Ensure this value" in text or "Enter a whole number" in text
    assert stored(provider).seat_limit is None


def test_settings_are_shown_before_they_are_changed(hr: Client, db: None) -> None:
    assert 'value="20"' in hr.get(SETTINGS).text
    wanted = {**KEPT, "brake_percent": 100, "log_days": 30}
    text = text_of(send(hr, SETTINGS, **wanted))
    assert "Hold removals beyond (%): 20 → 100" in text
    assert "Keep the provisioning log (days): 90 → 30" in text
    assert "No removal is held any more" in text
    assert "older than 30 days are deleted" in text
    assert "Within (hours)" not in text
    assert settings() == KEPT
    assert send(hr, SETTINGS, confirmed="on", **wanted).headers["Location"] == HOME
    assert settings() == wanted
    assert ProvisioningEvent.objects.get(action=Action.SETTINGS_CHANGED).actor_name == "ada@example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [("brake_percent", 101), ("brake_percent", -1), ("brake_hours", 0), ("brake_hours", 721),
     ("brake_from", ""), ("log_days", 0), ("log_days", 3651)],
)  # fmt: skip
def test_no_settings(hr: Client, db: None, name: str, value: object) -> None:
    text = text_of(send(hr, SETTINGS, **{**KEPT, "confirmed": "on", name: value}))
    assert "Ensure this value" in text or "This field is required" in text
    assert not ProvisioningSettings.objects.filter(log_days__lt=1).exists()
    assert settings() == KEPT


def test_only_who_manages_provisioning(provider: IdentityProvider) -> None:
    pages = [SETTINGS, *(path(provider, page) for page in ("pause", "resume", "seats"))]
    for page in pages:
        assert Client().get(page).status_code == 302
    auditor = User.objects.create_user("eve@example.com", is_staff=True)
    auditor.groups.add(Group.objects.get(name=AUDITOR))
    client = Client()
    client.force_login(auditor)
    for page in pages:
        assert client.get(page).status_code == 403
        assert client.post(page, {"confirmed": "on", "limit": 1, **KEPT}).status_code == 403
    assert (stored(provider).paused_at, stored(provider).seat_limit) == (None, None)


def test_forged_forms_are_refused(hr: Client, provider: IdentityProvider) -> None:
    for page in (SETTINGS, *(path(provider, page) for page in ("pause", "resume", "seats"))):
        assert hr.post(page, {"confirmed": "on", "limit": 1, **KEPT}).status_code == 403
    assert stored(provider).paused_at is None


def test_the_pages_ask_few_queries(
    hr: Client, provider: IdentityProvider, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    steering.pause(provider, actor=OPERATOR)
    for page in (SETTINGS, *(path(provider, page) for page in ("pause", "resume", "seats"))):
        # session, user, two for permissions; settings or the identity provider, and its seats
        with django_assert_max_num_queries(6):
            hr.get(page)
