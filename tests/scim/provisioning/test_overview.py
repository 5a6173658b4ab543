"""The overview: how each identity provider is doing, for those who manage and for those who only read."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scim.provisioning import activity
from scim.provisioning.models import Hold, IdentityProvider
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.consoles import PROVISIONING, QUERIES, connected, cycle, signed_in, words
from tests.scim.provisioning.helpers import NOW

pytestmark = pytest.mark.django_db

FRAGMENT = f"{PROVISIONING}identity-providers/"


def test_each_with_its_standing() -> None:
    entra, okta = connected(), connected("Okta", IdentityProvider.Kind.OKTA)
    with time_machine.travel(NOW, tick=False):
        client = signed_in("provisioning.manage_provisioning")
        cycle(entra, NOW - timedelta(hours=3), looked_up=212, created=3, refused=2)
        hold = Hold.objects.create(identity_provider=okta, removed=1, managed=2, threshold=1)
        text = words(client.get(PROVISIONING).text)
    for part in (
        "Late",
        "The next sync was expected by 09:40",
        "09:00–09:03: 212 looked up, 3 created, 2 refused",
        "2 hours ago",
        "Never seen",
        f"/holds/{hold.pk}/",
        "0 removals held.",
        f'data-refresh-url="{FRAGMENT}"',
    ):
        assert part in text


def test_it_refreshes_itself(scim: ScimClient) -> None:
    activity.tally.clear()
    client = signed_in("provisioning.view_cycle")
    before = client.get(FRAGMENT).text
    assert "<html" not in before
    assert "sync" not in before
    scim.create()
    assert "1 created" in client.get(FRAGMENT).text


def test_queries() -> None:
    client = signed_in("provisioning.manage_provisioning")
    used = []
    for number in range(2):
        for name in range(4):
            provider = connected(f"{number}-{name}")
            Hold.objects.create(identity_provider=provider, removed=1, managed=2, threshold=1)
            for ago in range(15):
                cycle(provider, timezone.now() - timedelta(hours=ago + 1), changed=1)
        with CaptureQueriesContext(connection) as queries:
            client.get(PROVISIONING)
        used.append(len(queries))
    assert used[0] == used[1] <= QUERIES


def test_readers_see_nothing_that_they_cannot_do() -> None:
    provider = connected()
    one = cycle(provider, timezone.now() - timedelta(hours=1), changed=1)
    changing = ("connect/", "disable/", "settings/", "/rotate/", "/revoke/", "attribute-inbox/")
    manager = words(signed_in("provisioning.manage_provisioning").get(PROVISIONING).text)
    assert [part for part in changing[:-1] if part not in manager] == []
    for permission in ("provisioning.view_cycle", "provisioning.view_logentry"):
        text = words(signed_in(permission).get(PROVISIONING).text)
        assert [part for part in changing if f'{part}"' in text] == []
        assert "What happened last" not in text
        assert (f"/cycles/{one.pk}/" in text) is (permission == "provisioning.view_cycle")
        assert (f"{PROVISIONING}log/" in text) is (permission == "provisioning.view_logentry")
    both = signed_in("provisioning.view_cycle", "provisioning.view_provisioningevent")
    assert "What happened last" in both.get(PROVISIONING).text
    assert signed_in("provisioning.view_hold").get(PROVISIONING).status_code == 403
    for page in (PROVISIONING, FRAGMENT):
        assert Client().get(page).status_code == 302


def test_before_anybody_decided() -> None:
    assert (
        "Let your identity provider keep"
        in signed_in("provisioning.manage_provisioning").get(PROVISIONING).text
    )
    text = signed_in("provisioning.view_cycle").get(PROVISIONING).text
    assert "No identity provider is connected yet" in text
    assert "<form" not in text[text.index('aria-labelledby="status-title"') :]
