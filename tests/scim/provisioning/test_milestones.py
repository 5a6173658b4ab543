"""What an identity provider has done for the first time, told from its traffic and kept for good."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from scim.protocol.urns import PEAKON_USER
from scim.provisioning import cycles, milestones, redaction, services, tokens
from scim.provisioning.activity import DOUBLED_PATH, tally
from scim.provisioning.milestones import Step, Traffic, mentions_attribute
from scim.provisioning.models import Activity, BearerToken, Cycle, IdentityProvider, LogEntry
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.guided import Connection, connect
from tests.scim.provisioning.helpers import ACTOR, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return connect(IdentityProvider.Kind.ENTRA)


def observed(connection: Connection) -> Traffic:
    tally.flush()
    return milestones.observe(connection.provider.pk, timezone.now())


def steps(connection: Connection) -> set[str]:
    return set(observed(connection).moments)


def kept(connection: Connection) -> dict[str, str]:
    connection.provider.refresh_from_db()
    names: dict[str, str] = connection.provider.milestones
    return names


def test_nothing_has_happened_at_first(connection: Connection) -> None:
    assert steps(connection) == set()
    assert kept(connection) == {}


def test_each_step_follows_from_real_requests(connection: Connection) -> None:
    scim = connection.scim
    scim.get("/ServiceProviderConfig")
    assert steps(connection) == set(), "it is open to everybody"
    scim.get("/ResourceTypes")
    assert steps(connection) == {Step.REACHED, Step.ACCEPTED}
    scim.find('userName eq "nobody@example.com"')
    assert steps(connection) == {Step.REACHED, Step.ACCEPTED, Step.LOOKED_UP}
    ada = scim.create()
    assert steps(connection) == {Step.REACHED, Step.ACCEPTED, Step.LOOKED_UP, Step.CREATED}
    scim.patch(f"/Users/{ada['id']}", {"op": "add", "path": f"{PEAKON_USER}:Job Title", "value": "Chief"})
    assert steps(connection) == {*Step} - {Step.DEACTIVATED}
    scim.patch(f"/Users/{ada['id']}", {"op": "replace", "path": "active", "value": False})
    assert steps(connection) == {*Step}
    assert {*kept(connection)} == {*Step}


@pytest.mark.parametrize("how", ["patch", "put", "delete", "bulk"])
def test_any_removal_is_the_first_deactivation(connection: Connection, how: str) -> None:
    ada = connection.scim.create()
    path = f"/Users/{ada['id']}"
    patch = {"Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
    match how:
        case "patch":
            connection.scim.request("PATCH", path, patch)
        case "put":
            connection.scim.put(path, {**ada, "active": False})
        case "delete":
            connection.scim.delete(path)
        case "bulk":
            operation = {"method": "PATCH", "path": path, "data": patch}
            connection.scim.post("/Bulk", {"Operations": [operation]})
    assert Step.DEACTIVATED in steps(connection)


def test_a_moment_is_that_of_the_first_time_and_outlives_what_told_of_it(connection: Connection) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        connection.scim.create()
        steps(connection)
        clock.shift(3600)
        connection.scim.create("grace@example.com")
        steps(connection)
        assert kept(connection)[Step.CREATED] == NOW.isoformat()
    for model in (LogEntry, Activity, Cycle, BearerToken):
        model.objects.all().delete()
    assert steps(connection) == {Step.REACHED, Step.ACCEPTED, Step.CREATED}
    assert observed(connection).moments[Step.CREATED] == NOW


def test_what_is_folded_into_cycles_counts_too(connection: Connection) -> None:
    ada = connection.scim.create()
    connection.scim.find('userName eq "ada@example.com"')
    connection.scim.delete(f"/Users/{ada['id']}")
    tally.flush()
    cycles.observe(connection.provider, timezone.now())
    assert not Activity.objects.filter(identity_provider=connection.provider).exists()
    LogEntry.objects.all().delete()
    assert steps(connection) == {
        Step.REACHED,
        Step.ACCEPTED,
        Step.LOOKED_UP,
        Step.CREATED,
        Step.DEACTIVATED,
    }


def test_everybody_is_observed_before_the_log_is_pruned(connection: Connection) -> None:
    other = connect(IdentityProvider.Kind.OKTA)
    with time_machine.travel(NOW, tick=False) as clock:
        for each in (connection, other):
            each.scim.get("/Users")
            tally.flush()
            cycles.observe(each.provider, NOW)
            each.scim.create(f"{each.provider.key}@example.com", **{PEAKON_USER: {"Job Title": "Chief"}})
        tally.flush()
        clock.shift(timedelta(days=100))
        call_command("run_maintenance", stdout=StringIO())
    assert not LogEntry.objects.exists()
    for each in (connection, other):
        assert {Step.CREATED, Step.ATTRIBUTE} <= {*kept(each)}


def test_a_token_that_was_never_issued_reaches_the_url_and_no_more(connection: Connection) -> None:
    assert ScimClient("mistyped", "").get("/Users").status == 401
    assert steps(connection) == {Step.REACHED}


def test_who_knocked_before_it_was_connected_is_somebody_else() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        earlier = connect(IdentityProvider.Kind.OKTA)
        clock.shift(60)
        ScimClient("mistyped", "").get("/Users")
        tally.flush()
        clock.shift(60)
        connection = connect(IdentityProvider.Kind.ENTRA)
        assert steps(connection) == set()
        assert steps(earlier) == {Step.REACHED}


def test_an_ended_token_reaches_the_url_and_no_more(connection: Connection) -> None:
    tokens.revoke(connection.provider, actor=ACTOR)
    assert connection.scim.get("/Users").status == 401
    assert steps(connection) == {Step.REACHED}


def test_a_token_is_accepted_while_provisioning_is_disabled(connection: Connection) -> None:
    services.switch(False, actor=ACTOR)
    assert connection.scim.get("/Users").status == 403
    assert steps(connection) == {Step.REACHED, Step.ACCEPTED}


def test_a_refused_person_is_none(connection: Connection) -> None:
    answer = connection.scim.post("/Users", {PEAKON_USER: {"Job Title": "Chief"}})
    assert answer.status == 400
    assert steps(connection) == {Step.REACHED, Step.ACCEPTED}


def test_a_sign_stands_until_requests_come_without_it(connection: Connection) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        connection.scim.get("/scim/v2/Users")
        assert DOUBLED_PATH in steps(connection)
        Activity.objects.all().delete()
        assert DOUBLED_PATH in steps(connection), "nothing has come since"
        clock.shift(timedelta(minutes=40))
        connection.scim.get("/Users")
        assert DOUBLED_PATH not in steps(connection)
        assert DOUBLED_PATH not in kept(connection)


def test_few_queries_whatever_there_is(
    connection: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    connection.scim.create()
    connection.scim.find('userName eq "ada@example.com"')
    tally.flush()
    # the identity provider with its tokens, cycles and the settings; the log; counts; what is new
    with django_assert_num_queries(4):
        milestones.observe(connection.provider.pk, timezone.now())
    with django_assert_num_queries(3):
        milestones.observe(connection.provider.pk, timezone.now())


@pytest.mark.parametrize(
    "body",
    [
        {"userName": "ada@example.com", PEAKON_USER: {"Job Title": "Chief"}},
        {"userName": "ada@example.com", PEAKON_USER.upper(): {"Job Title": "Chief"}},
        {"Operations": [{"op": "Add", "path": f"{PEAKON_USER}:Job Title", "value": "Chief"}]},
        {"Operations": [{"op": "add", "value": {f"{PEAKON_USER}:Job Title": "Chief"}}]},
        {"Operations": [{"op": "add", "path": "active", "value": True}, {"value": {PEAKON_USER: {}}}]},
    ],
)
def test_an_attribute_is_recognised_in_any_shape(body: dict[str, Any]) -> None:
    assert mentions_attribute(redaction.outline(body))


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"userName": PEAKON_USER, "schemas": [PEAKON_USER]},
        {"Operations": [{"op": "add", "path": "title", "value": PEAKON_USER}]},
        {"Operations": [{"op": "add", "value": {"title": "Chief"}}]},
    ],
)
def test_anything_else_is_none(body: Any) -> None:
    assert not mentions_attribute(redaction.outline(body))
