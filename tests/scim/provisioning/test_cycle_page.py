"""A sync cycle: its figures, the people and differences behind each, and what is unusual about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from employees.audit import Actor
from scim.provisioning.console_unusual import unusual
from scim.provisioning.models import Cycle, IdentityProvider
from tests.employees.people import change, hire
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.consoles import PROVISIONING, QUERIES, connected, cycle, signed_in, words, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> IdentityProvider:
    return connected()


@pytest.fixture
def client() -> Client:
    return signed_in("provisioning.view_cycle", "provisioning.view_logentry", "employees.view_employee")


def shown(client: Client, cycle: Cycle, **query: Any) -> str:
    response = client.get(f"{PROVISIONING}cycles/{cycle.pk}/", query)
    assert response.status_code == 200
    return words(response.text)


def test_figures_lead_to_people(client: Client, provider: IdentityProvider) -> None:
    start = timezone.now() - timedelta(hours=1)
    person = hire(title="Painter")
    changed = change(person, title="Sculptor")
    at = start + timedelta(minutes=1)
    write(provider, at=at, employee=person, change=changed)
    write(provider, "deactivated", at=at, employee=hire("grace@example.com"), held=True, removal=True)
    write(provider, at=start + timedelta(minutes=20), employee=hire("eve@example.com"))
    one = cycle(provider, start, changed=1, deactivated=1, held=1, looked_up=1_212)
    everything = shown(client, one)
    assert "1,212" in everything
    assert f"/cycles/{one.pk}/?show=changed#people" in everything
    assert "?show=looked_up" not in everything, "reads leave no entries behind"
    assert "?show=deleted" not in everything
    for person_shown in ("ada@example.com", "grace@example.com", "Painter", "Sculptor"):
        assert person_shown in everything
    assert "eve@example.com" not in everything
    held = shown(client, one, show="held")
    assert "grace@example.com" in held
    assert "ada@example.com" not in held
    assert "Sculptor" in shown(client, one, show="nonsense")


def test_refusals_are_explained(scim: ScimClient, client: Client) -> None:
    scim.create()
    for _ in range(3):
        assert scim.post("/Users", {"userName": "ada@example.com"}).status == 409
    assert scim.delete(f"/Users/{'0' * 8}-0000-4000-8000-{'0' * 12}").status == 404
    client.get(f"{PROVISIONING}identity-providers/{IdentityProvider.objects.get().pk}/")
    text = shown(client, Cycle.objects.get())
    assert 'The user name belongs to somebody else <span class="text-subtle">3 times</span>' in text
    assert 'This employee does not exist any more <span class="text-subtle">1 time</span>' in text
    assert "What to do:" in text
    assert "Going on" in text


def test_queries(client: Client, provider: IdentityProvider) -> None:
    start = timezone.now() - timedelta(hours=1)
    for number in range(20):
        cycle(provider, start - timedelta(hours=number + 1), changed=1)
        person = hire(f"{number}@example.com", title="Painter")
        write(provider, at=start, employee=person, change=change(person, title="Sculptor"))
        write(provider, "refused", at=start)
    one = cycle(provider, start, changed=20, refused=20)
    with CaptureQueriesContext(connection) as queries:
        shown(client, one)
    # session, user, two for permissions; the cycle, those before, their maxima, what was cleared, refusals,
    # entries, changes
    assert len(queries) == 11 <= QUERIES


def test_permissions(provider: IdentityProvider) -> None:
    start = timezone.now() - timedelta(hours=1)
    person = hire(display_name="Grace", title="Painter")
    write(provider, at=start, employee=person, change=change(person, title="Sculptor"))
    one = cycle(provider, start, changed=1)
    for permission in ("provisioning.view_cycle", "provisioning.manage_provisioning"):
        text = shown(signed_in(permission), one)
        assert [word for word in ("Grace", "Painter", "Sculptor") if word in text] == []
        assert (f"/cycles/{one.pk}/undo" in text) <= (permission == "provisioning.manage_provisioning")
    assert signed_in("provisioning.view_logentry").get(f"{PROVISIONING}cycles/{one.pk}/").status_code == 403
    assert Client().get(f"{PROVISIONING}cycles/{one.pk}/").status_code == 302


def test_nothing_is_unusual_about_the_first(provider: IdentityProvider) -> None:
    assert unusual(cycle(provider, timezone.now(), created=10_000, refused=1_000)) == []


def after(provider: IdentityProvider, minutes: float = 3, **counts: int) -> list[str]:
    """What is unusual about a cycle after twelve alike."""
    now = timezone.now()
    for number in range(12):
        cycle(provider, now - timedelta(hours=number + 1), changed=9, deactivated=2, refused=0)
    return unusual(cycle(provider, now, minutes, **counts))


def test_an_ordinary_cycle(provider: IdentityProvider) -> None:
    assert after(provider, changed=12, deactivated=6) == []


def test_far_more_than_usual(provider: IdentityProvider) -> None:
    assert after(provider, deactivated=1_007) == [
        "1,007 employees were deactivated; in the 12 syncs before there were at most 2."
    ]


def test_for_the_first_time(provider: IdentityProvider) -> None:
    assert after(provider, refused=1) == [
        "1 request was refused: the first time that this identity provider has any refused."
    ]


def test_far_longer(provider: IdentityProvider) -> None:
    assert after(provider, minutes=25) == ["It took 25 minutes; usually it takes 3 minutes."]


def test_an_attribute_is_cleared_for_many(provider: IdentityProvider) -> None:
    actor = Actor.identity_provider(provider.key, provider.name)
    people = [hire(f"{number}@example.com", title="Painter", department="Art") for number in range(8)]
    for number, person in enumerate(people):
        change(person, actor=actor, title="" if number < 6 else "Sculptor", department="Music")
    assert after(provider, changed=8) == ["Title was cleared for 6 employees: perhaps its mapping is broken."]
