"""An identity provider's page: its standing with what to do, its syncs, and what one may do to it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scim.provisioning import activity, steering, tokens
from scim.provisioning.console_standings import known, standings
from scim.provisioning.models import Cycle, Hold, IdentityProvider
from scim.provisioning.standing import standing_of
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.consoles import PROVISIONING, QUERIES, connected, cycle, signed_in, words, write
from tests.scim.provisioning.helpers import ACTOR, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> IdentityProvider:
    return connected()


def page_of(provider: IdentityProvider) -> str:
    return f"{PROVISIONING}identity-providers/{provider.pk}/"


def shown(client: Client, provider: IdentityProvider, **query: Any) -> str:
    response = client.get(page_of(provider), query)
    assert response.status_code == 200
    return words(response.text)


@pytest.fixture
def client() -> Client:
    return signed_in("provisioning.manage_provisioning")


def test_standing_in_words(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW, tick=False):
        client = signed_in("provisioning.manage_provisioning")
        assert "Nothing has come with its token yet" in shown(client, provider)
        cycle(provider, NOW - timedelta(minutes=10), created=2, looked_up=1_212)
        text = shown(client, provider)
        assert "Healthy" in text
        assert "Next sync expected by 12:30" in text
        assert "11:50–11:53: 1,212 looked up, 2 created" in text
        steering.pause(provider, actor=ACTOR)
        assert "Paused since 12:00 by ada@example.com" in shown(client, provider)
        steering.resume(provider, actor=ACTOR)
        tokens.revoke(provider, actor=ACTOR)
        assert "None of its tokens works any more" in shown(client, provider)


def test_late_and_failing_say_what_to_do(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW, tick=False):
        client = signed_in("provisioning.manage_provisioning")
        cycle(provider, NOW - timedelta(hours=3), changed=2)
        text = shown(client, provider)
        assert "Late" in text
        assert "The next sync was expected by 09:40" in text
        assert "Restart provisioning" in text
        cycle(provider, NOW - timedelta(minutes=20), changed=2, refused=8)
        text = shown(client, provider)
        assert "Failing" in text
        assert "8 of its requests were refused" in text


def test_standings_are_those_of_each_alone(scim: ScimClient, provider: IdentityProvider) -> None:
    """One way to tell the standing of many must not differ from that of one."""
    scim.create()
    okta = connected("Okta", IdentityProvider.Kind.OKTA)
    now = timezone.now()
    for number in range(15):
        cycle(okta, now - timedelta(hours=number), changed=number)
    Hold.objects.create(identity_provider=okta, removed=1, managed=2, threshold=1)
    together = standings(known(now), now)
    assert {standing.provider.name for standing in together} == {"Directory", "Entra ID", "Okta"}
    for standing in together:
        alone = standing_of(standing.provider, now)
        assert standing == alone
    assert [standing.managed for standing in together] == [1, 0, 0]


def test_real_traffic_is_a_sync(scim: ScimClient, client: Client) -> None:
    activity.tally.clear()
    provider = IdentityProvider.objects.get()
    scim.create()
    scim.find('userName eq "ada@example.com"')
    assert scim.post("/Users", {"userName": "ada@example.com"}).status == 409
    activity.tally.flush()
    text = shown(client, provider)
    assert "1 looked up, 1 created, 1 refused" in text
    assert "(going on)" in text
    assert Cycle.objects.count() == 1


def test_syncs_by_pages(client: Client, provider: IdentityProvider) -> None:
    now = timezone.now()
    for number in range(45):
        cycle(provider, now - timedelta(hours=number + 1), changed=number + 1_000)
    seen: list[int] = []
    query: dict[str, Any] = {}
    while True:
        response = client.get(page_of(provider), query)
        seen += [line[0].changed for line in response.context["cycles"]]
        if (older := response.context["older"]) is None:
            break
        assert 'rel="next"' in response.text
        query = {"before": older.isoformat()}
    assert seen == [number + 1_000 for number in range(45)]
    assert "1,000 changed" in shown(client, provider, before="nonsense")


def test_queries(client: Client, provider: IdentityProvider) -> None:
    now = timezone.now()
    for number in range(30):
        cycle(provider, now - timedelta(hours=number + 1), changed=1)
    Hold.objects.create(identity_provider=provider, removed=1, managed=2, threshold=1)
    steering.limit_seats(provider, 10, actor=ACTOR)
    client.get(page_of(provider))
    with CaptureQueriesContext(connection) as queries:
        client.get(page_of(provider))
    # session, user, two for permissions; the provider, tokens, cycles, people, those listed, chart, seats
    assert len(queries) == 11 <= QUERIES


def test_a_hold_and_seats(client: Client, provider: IdentityProvider) -> None:
    hold = Hold.objects.create(identity_provider=provider, removed=1, managed=2, threshold=1)
    assert f"/holds/{hold.pk}/" in shown(client, provider)
    steering.limit_seats(provider, 1_000, actor=ACTOR)
    assert "0 of 1,000 seats are taken" in shown(client, provider)
    steering.limit_seats(provider, 0, actor=ACTOR)
    assert "All 0 seats are taken" in shown(client, provider)


def test_the_chart_has_a_table(client: Client, provider: IdentityProvider) -> None:
    assert "Nothing was created, changed, removed or refused" in shown(client, provider)
    cycle(provider, timezone.now() - timedelta(hours=1), changed=1_234, refused=5)
    text = shown(client, provider)
    assert 'role="img"' in text
    assert "<td>1,234</td>" in text
    assert "<td>5</td>" in text


def test_permissions(provider: IdentityProvider) -> None:
    one = cycle(provider, timezone.now() - timedelta(hours=1), changed=1)
    actions = [f"{page_of(provider)}{name}/" for name in ("pause", "seats", "rotate", "revoke", "guide")]
    manager = shown(signed_in("provisioning.manage_provisioning"), provider)
    assert [action for action in actions if action not in manager] == []
    for permission, leads in (("provisioning.view_cycle", True), ("provisioning.view_logentry", False)):
        text = shown(signed_in(permission), provider)
        assert [action for action in actions if action in text] == []
        assert (f"/cycles/{one.pk}/" in text) is leads
        assert (f"/log/?provider={provider.pk}" in text) is not leads
    assert signed_in().get(page_of(provider)).status_code == 403
    assert Client().get(page_of(provider)).status_code == 302
    assert signed_in("provisioning.view_cycle").get(f"{page_of(provider)[:-2]}99/").status_code == 404


def test_a_refusal_after_the_cycle_is_news(client: Client, provider: IdentityProvider) -> None:
    cycle(provider, timezone.now() - timedelta(hours=2), changed=1)
    write(provider, "refused")
    assert "1 refused" in shown(client, provider)
