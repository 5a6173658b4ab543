"""Bearer tokens from issue to end."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from pytest_django import DjangoAssertNumQueries

from employees.audit import Actor
from scim.provisioning import services, tokens
from scim.provisioning.models import BearerToken, IdentityProvider, ProvisioningEvent
from scim.provisioning.tokens import Standing
from tests.scim.provisioning.helpers import ACTOR, NOW, standing

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def provider() -> IdentityProvider:
    return services.connect("Entra ID", IdentityProvider.Kind.ENTRA, actor=ACTOR)


def test_it_works(provider: IdentityProvider, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    services.switch(True, actor=ACTOR)
    token = tokens.issue(provider, actor=ACTOR)
    with django_assert_num_queries(1):  # the token with its identity provider and the switch
        credential = tokens.authenticate(token)
        assert credential
        assert credential.standing is Standing.LIVING
        assert credential.provisioning_enabled
        assert credential.identity_provider == provider
        assert credential.actor == Actor.identity_provider(provider.key, "Entra ID")
        assert credential.identity_provider.kind == IdentityProvider.Kind.ENTRA
        assert credential.token.last_used_at is None


def test_a_typing_error_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert tokens.authenticate("peakon_scim_" + "0" * 49) is None


def test_a_token_never_issued_is_unknown() -> None:
    assert tokens.authenticate(tokens.generate()) is None


@pytest.mark.parametrize(("decision", "enabled"), [(None, False), (True, True), (False, False)])
def test_the_switch_comes_with_the_token(
    provider: IdentityProvider, decision: bool | None, enabled: bool
) -> None:
    if decision is not None:
        services.switch(decision, actor=ACTOR)
    credential = tokens.authenticate(tokens.issue(provider, actor=ACTOR))
    assert credential
    assert credential.provisioning_enabled is enabled


def test_the_clear_text_is_nowhere_in_the_database(provider: IdentityProvider) -> None:
    secrets = [tokens.issue(provider, actor=ACTOR), tokens.rotate(provider, actor=ACTOR, overlap=HOUR)]
    tokens.revoke(provider, actor=ACTOR)
    everything = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            everything.append(repr(cursor.fetchall()))
    text = "".join(everything)
    assert text.count("ada@example.com") > 3, "the dump sees the audit rows"
    for secret in secrets:
        assert secret not in text
        assert secret.removeprefix("peakon_scim_")[:20] not in text
        assert tokens.digest(secret) in text


def test_a_token_expires(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        token = tokens.issue(provider, actor=ACTOR, expires_at=NOW + HOUR)
        clock.shift(HOUR - timedelta(seconds=1))
        assert standing(token) is Standing.LIVING
        clock.shift(1)
        assert standing(token) is Standing.EXPIRED


@pytest.mark.parametrize("overlap", [HOUR, timedelta(hours=24)])
def test_both_tokens_work_until_the_overlap_is_over(provider: IdentityProvider, overlap: timedelta) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        old = tokens.issue(provider, actor=ACTOR)
        new = tokens.rotate(provider, actor=ACTOR, overlap=overlap)
        clock.shift(overlap - timedelta(seconds=1))
        assert (standing(old), standing(new)) == (Standing.LIVING, Standing.LIVING)
        clock.shift(1)
        assert (standing(old), standing(new)) == (Standing.EXPIRED, Standing.LIVING)


def test_rotated_at_once_the_old_token_is_dead(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW, tick=False):
        old = tokens.issue(provider, actor=ACTOR)
        new = tokens.rotate(provider, actor=ACTOR, overlap=timedelta(0))
        assert (standing(old), standing(new)) == (Standing.EXPIRED, Standing.LIVING)


def test_rotation_never_prolongs_a_life(provider: IdentityProvider) -> None:
    with time_machine.travel(NOW, tick=False):
        tokens.issue(provider, actor=ACTOR, expires_at=NOW - HOUR)
        tokens.issue(provider, actor=ACTOR, expires_at=NOW + HOUR)
        tokens.issue(provider, actor=ACTOR, expires_at=NOW + 48 * HOUR)
        tokens.rotate(provider, actor=ACTOR, overlap=24 * HOUR, expires_at=NOW + 72 * HOUR)
    ends = provider.tokens.order_by("pk").values_list("expires_at", flat=True)
    assert [end and (end - NOW) // HOUR for end in ends] == [-1, 1, 24, 72]


def test_rotation_is_of_one_identity_provider(provider: IdentityProvider) -> None:
    other = tokens.issue(services.connect("Okta", IdentityProvider.Kind.OKTA, actor=ACTOR), actor=ACTOR)
    tokens.rotate(provider, actor=ACTOR, overlap=timedelta(0))
    tokens.revoke(provider, actor=ACTOR)
    assert standing(other) is Standing.LIVING


def test_a_negative_overlap_changes_nothing(provider: IdentityProvider) -> None:
    token = tokens.issue(provider, actor=ACTOR)
    with pytest.raises(ValueError, match="cannot be negative"):
        tokens.rotate(provider, actor=ACTOR, overlap=-HOUR)
    assert standing(token) is Standing.LIVING
    assert provider.tokens.count() == 1


def test_revoked_tokens_are_dead_and_told_apart(provider: IdentityProvider) -> None:
    issued = [tokens.issue(provider, actor=ACTOR) for _ in range(2)]
    assert tokens.revoke(provider, actor=ACTOR) == 2
    assert [standing(token) for token in issued] == [Standing.REVOKED, Standing.REVOKED]
    assert tokens.revoke(provider, actor=ACTOR) == 0
    assert ProvisioningEvent.objects.filter(action=ProvisioningEvent.Action.TOKEN_REVOKED).count() == 2


def test_one_token_is_revoked_alone(provider: IdentityProvider) -> None:
    first, second = (tokens.issue(provider, actor=ACTOR) for _ in range(2))
    row = BearerToken.objects.get(digest=tokens.digest(first))
    assert tokens.revoke_token(row, actor=ACTOR)
    assert not tokens.revoke_token(row, actor=ACTOR), "it ends once"
    assert (standing(first), standing(second)) == (Standing.REVOKED, Standing.LIVING)


def test_last_used_is_written_every_ten_seconds(
    provider: IdentityProvider, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = tokens.issue(provider, actor=ACTOR)
    with time_machine.travel(NOW, tick=False) as clock:
        for seconds, writes, last_used_at in [
            (0, 1, NOW),
            (9, 0, NOW),
            (1, 1, NOW + timedelta(seconds=10)),
        ]:
            clock.shift(seconds)
            credential = tokens.authenticate(token)
            assert credential
            with django_assert_num_queries(writes):
                tokens.touch(credential.token)
            assert provider.tokens.get().last_used_at == last_used_at


def test_of_two_workers_one_writes_last_used(provider: IdentityProvider) -> None:
    token = tokens.issue(provider, actor=ACTOR)
    first, second = tokens.authenticate(token), tokens.authenticate(token)
    assert first
    assert second
    with time_machine.travel(NOW, tick=False) as clock:
        tokens.touch(first.token)
        clock.shift(60)
        tokens.touch(second.token)
    assert provider.tokens.get().last_used_at == NOW


def test_a_busy_database_fails_no_request(
    provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    token = tokens.issue(provider, actor=ACTOR)
    credential = tokens.authenticate(token)
    assert credential

    def busy(*args: object) -> None:
        raise OperationalError(f"database is locked: {token}")

    with caplog.at_level(logging.WARNING), connection.execute_wrapper(busy):
        tokens.touch(credential.token)
    assert "too busy" in caplog.text
    assert token not in caplog.text
    assert "database is locked" not in caplog.text
