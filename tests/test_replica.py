"""Reads by way of a real streaming replica, and by the primary whenever the replica will not do."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections, router, transaction
from django.db.utils import ConnectionHandler
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees import databases, facts, services
from employees.audit import Actor
from employees.databases import REPLICA, Freshness, ReplicaRouter, reading
from employees.models import Attribute, Employee
from peakon_scim.settings import _database
from scim.provisioning import services as provisioning
from scim.provisioning import tokens
from scim.provisioning.models import BearerToken, IdentityProvider
from tests.replica import Replica, pair, until
from tests.site import ROOT, Site

OPERATOR = Actor.command("test")
ALIASES = (DEFAULT_DB_ALIAS, REPLICA)
NEEDS_POSTGRESQL = "Replicas are for PostgreSQL."


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[str, Replica]]:
    if settings.DATABASES[DEFAULT_DB_ALIAS]["ENGINE"] != "django.db.backends.postgresql":
        pytest.skip(NEEDS_POSTGRESQL)
    with pair() as both:
        yield both


@pytest.fixture(scope="module")
def databases_of_this_process(servers: tuple[str, Replica], django_db_blocker: object) -> Iterator[Replica]:
    """A migrated primary as this process's database, and its replica beside it."""
    primary, replica = servers
    handler = ConnectionHandler(
        {DEFAULT_DB_ALIAS: _database(primary), REPLICA: _database(replica.url)}  # as the settings would
    )
    former, former_routers = connections[DEFAULT_DB_ALIAS], router.routers
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections.settings[REPLICA] = handler.settings[REPLICA]
        for alias in handler:
            connections[alias] = handler[alias]
        router.routers = [ReplicaRouter()]
        try:
            call_command("migrate", verbosity=0)
            yield replica
        finally:
            handler.close_all()
            router.routers = former_routers
            del connections[REPLICA], connections.settings[REPLICA]
            connections[DEFAULT_DB_ALIAS] = former


@pytest.fixture
def replica(databases_of_this_process: Replica, monkeypatch: pytest.MonkeyPatch) -> Replica:
    """The replica as a process knows it that has just started, with all that was committed so far."""
    monkeypatch.setattr(databases, "_freshness", Freshness())
    connections[REPLICA].close()
    databases_of_this_process.catch_up()
    return databases_of_this_process


def arrive(**stated: object) -> Employee:
    """Somebody new, committed on the primary."""
    return services.create_employee({"user_name": f"{uuid4()}@example.com", **stated}, actor=OPERATOR)


def answers_for(person: Employee) -> str:
    """The alias of the database that answers a read of somebody within `reading`."""
    with reading():
        found = Employee.objects.for_reading().get(uuid=person.uuid)
    assert found.user_name == person.user_name
    return str(found._state.db)


def until_replica_answers_for(person: Employee) -> None:
    """Waits: a primary writes on its own account, too, and the replica is behind for a moment."""
    until(lambda: answers_for(person) == REPLICA)


@contextmanager
def reading_from_the_replica(times: int = 100) -> Iterator[list[list[dict[str, str]]]]:
    """`reading`, begun again until the replica is not behind; yields the queries of primary and replica."""
    asked: list[list[dict[str, str]]] = []
    for _ in range(times):
        with ExitStack() as stack:
            captured = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in ALIASES]
            stack.enter_context(reading())
            if router.db_for_read(Employee) == REPLICA:
                yield asked
                asked += [list(queries) for queries in captured]
                return
    pytest.fail("The replica was behind each time.")


def test_a_read_asks_each_server_once_and_then_the_replica(replica: Replica) -> None:
    boss = arrive()
    person = arrive(**{"manager": boss, facts.EMAILS: [{"value": "ada@example.com", "type": "work"}]})
    replica.catch_up()
    with reading_from_the_replica() as queries:
        people = Employee.objects.for_reading().filter(search_keys__key="ada@example.com")
        assert [(found.pk, found._state.db, found.manager) for found in people] == [
            (person.pk, REPLICA, boss)
        ]
        assert Attribute.objects.filter(active=True).prefetch_related("aliases")[0]._state.db == REPLICA
    assert ["pg_current_wal" in query["sql"] for query in queries[0]] == [True]
    assert ["pg_last_wal_replay_lsn" in query["sql"] for query in queries[1]] == [
        True,
        False,
        False,
        False,
    ]


def test_everything_else_is_the_primarys(replica: Replica) -> None:
    person = arrive()
    replica.catch_up()
    with reading_from_the_replica():
        found = Employee.objects.get(pk=person.pk)
        assert found._state.db == REPLICA
        assert router.db_for_write(Employee, instance=found) == DEFAULT_DB_ALIAS
        assert router.allow_relation(found, person)
        assert BearerToken.objects.all().db == DEFAULT_DB_ALIAS
        assert Employee.objects.select_for_update().db == DEFAULT_DB_ALIAS
        with transaction.atomic():
            assert Employee.objects.get(pk=person.pk)._state.db == DEFAULT_DB_ALIAS
        newcomer = arrive()
        assert newcomer._state.db == DEFAULT_DB_ALIAS
    assert Employee.objects.get(pk=newcomer.pk)._state.db == DEFAULT_DB_ALIAS
    assert router.allow_migrate(DEFAULT_DB_ALIAS, "employees")
    assert not router.allow_migrate(REPLICA, "employees")


@pytest.mark.parametrize("commit", ["on", "off"])
def test_what_was_just_written_is_found(replica: Replica, commit: str) -> None:
    """Whoever answers; with synchronous_commit off, commits are seen before they are written."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(f"SET synchronous_commit = {commit}")
    for _ in range(100):
        answers_for(arrive())
    until_replica_answers_for(arrive())


def test_a_replica_that_is_behind(replica: Replica, caplog: pytest.LogCaptureFixture) -> None:
    with replica.paused():
        person = arrive()
        assert [answers_for(person) for _ in range(3)] == [DEFAULT_DB_ALIAS] * 3
    assert caplog.messages == ["The primary answers for the replica, which is behind, or is none."]
    replica.catch_up()
    until_replica_answers_for(person)


def test_a_replica_that_is_away(replica: Replica, caplog: pytest.LogCaptureFixture) -> None:
    """The first request that finds out asks no longer, nor do those of the next minute; then it is asked."""
    person = arrive()
    replica.catch_up()
    until_replica_answers_for(person)
    databases._freshness.quiet_until = -float("inf")
    replica.stop()
    try:
        with CaptureQueriesContext(connections[DEFAULT_DB_ALIAS]) as queries:
            assert [answers_for(person) for _ in range(3)] == [DEFAULT_DB_ALIAS] * 3
        assert len(queries) == 4
    finally:
        replica.start()
    assert "The primary answers for the replica, which cannot be asked (OperationalError)." in caplog.messages
    assert answers_for(person) == DEFAULT_DB_ALIAS
    databases._freshness.left_alone_until -= databases.QUIET_SECONDS
    until_replica_answers_for(person)


def test_a_replica_that_was_restarted(replica: Replica, caplog: pytest.LogCaptureFixture) -> None:
    """The connection to it has died meanwhile, which nobody has to notice."""
    person = arrive()
    replica.catch_up()
    until_replica_answers_for(person)
    replica.stop()
    replica.start()
    replica.catch_up()
    until_replica_answers_for(person)
    assert "cannot be asked" not in caplog.text


def test_a_server_that_is_no_replica_any_more(replica: Replica, caplog: pytest.LogCaptureFixture) -> None:
    """One that was promoted keeps the position of its last moment as a replica."""
    person = arrive()
    replica.catch_up()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_promote()")
    try:
        assert answers_for(person) == DEFAULT_DB_ALIAS
        assert "is none" in caplog.text
    finally:
        replica.stop()
        replica.copy()
        replica.start()


def test_requests_of_an_identity_provider(replica: Replica) -> None:
    """The SCIM service as it is, with nothing but the replica to read employees from."""
    provisioning.switch(True, actor=OPERATOR)
    provider = provisioning.connect("Directory", IdentityProvider.Kind.OTHER, actor=OPERATOR)
    bearer = f"Bearer {tokens.issue(provider, actor=OPERATOR)}"
    client = Client(headers={"Authorization": bearer}, SERVER_NAME="localhost")
    body = {"userName": "grace@example.com", "title": "Admiral"}
    created = client.post("/scim/v2/Users", json.dumps(body), content_type="application/json").json()
    client.get("/scim/v2/Users")  # notes when the token was used
    replica.catch_up()
    with reading_from_the_replica() as queries:
        assert client.get(f"/scim/v2/Users/{created['id']}").json() == created
        page = client.get("/scim/v2/Users", {"filter": 'userName eq "Grace@Example.com"'}).json()
    assert page["Resources"] == [created]
    assert len(queries[1]) > 1


def test_a_site_with_a_replica(servers: tuple[str, Replica], tmp_path: Path) -> None:
    """From the first migration on: what a request has written, the next one of any worker reads."""
    primary, replica = servers
    with psycopg.connect(primary, autocommit=True) as connection:
        connection.execute("CREATE DATABASE site")
    urls = [url.replace("/postgres?", "/site?") for url in (primary, replica.url)]
    replica.catch_up()
    site = Site(tmp_path, urls[0], DATABASE_REPLICA_URL=urls[1], SCIM_RATE_LIMIT="0")
    site.manage("prepare")
    site.manage("provisioning", "enable")
    headers = {"Authorization": f"Bearer {site.token('Directory')}"}
    with (
        site.serving(),
        httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60) as http,
    ):
        for number in range(25):
            name = f"p{number}"
            id_ = http.post("/Users", json={"userName": name}).json()["id"]
            found = http.get("/Users", params={"filter": f'userName eq "{name}"'}).json()["Resources"]
            assert [person["id"] for person in found] == [id_]
            assert http.delete(f"/Users/{id_}").status_code == 204
            assert http.get(f"/Users/{id_}").status_code == 404
        until(lambda: http.get("/Users").is_success and times_read(urls[1]) > 0)
    assert "ERROR" not in site.log()


def times_read(url: str) -> int:
    """How often employees were read on a server, as far as it has counted."""
    scans = "SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'employees_employee'"
    with psycopg.connect(url) as connection:
        row = connection.execute(scans).fetchone()
    return row[0] if row else 0


@pytest.mark.django_db
def test_without_a_replica_nothing_is_asked(django_assert_num_queries: object) -> None:
    assert settings.DATABASE_ROUTERS == []
    assert list(settings.DATABASES) == [DEFAULT_DB_ALIAS]
    with django_assert_num_queries(1), reading():  # type: ignore[operator]
        assert not Employee.objects.exists()


@pytest.mark.parametrize(
    ("database_url", "replica_url"),
    [
        ("", "postgres://db.example.com/peakon"),
        ("postgres://db.example.com/peakon", "sqlite:////tmp/replica"),
    ],
)
def test_sqlite_has_no_replicas(tmp_path: Path, database_url: str, replica_url: str) -> None:
    environment = Site(tmp_path, database_url, DATABASE_REPLICA_URL=replica_url).environment
    command = [sys.executable, "manage.py", "check"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "DATABASE_REPLICA_URL needs PostgreSQL" in result.stderr.splitlines()[-1]
