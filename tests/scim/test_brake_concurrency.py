"""The brake with many clients at once: not one removal more than was allowed takes effect."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import UUID

import pytest
from django.db import connection

from employees import services
from employees.audit import Actor
from employees.models import Employee, ParticipationPeriod
from scim.provisioning import steering
from scim.provisioning.brake import Brake
from scim.provisioning.models import Hold, IdentityProvider, LogEntry
from tests.scim import bulk_requests as bulk
from tests.scim.conftest import OPERATOR, ScimClient
from tests.scim.removals import DELETING, REMOVALS, hire, low_brake, remove

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS, EACH, LEAVE = 6, 5, 8
"""Forty people, of whom thirty are removed at once and eight may be."""


@pytest.fixture
def ids(scim: ScimClient) -> list[str]:
    low_brake()
    return hire(scim, 40)


def at_once(scim: ScimClient, parts: Sequence[Sequence[str]], *, in_bulk: bool) -> None:
    barrier = Barrier(len(parts))

    def work(part: Sequence[str]) -> None:
        client = ScimClient(scim.token, scim.provider_key)
        barrier.wait(timeout=60)
        try:
            if in_bulk:
                statuses = bulk.statuses(bulk.run(client, *map(bulk.delete, part)))
                assert set(statuses) == {204}
            else:
                remove(client, part, list(REMOVALS.values()))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(parts)) as threads:
        list(threads.map(work, parts))


@pytest.mark.parametrize("in_bulk", [False, True])
def test_many_clients(scim: ScimClient, ids: list[str], in_bulk: bool) -> None:
    parts = [ids[number * EACH : (number + 1) * EACH] for number in range(CLIENTS)]
    at_once(scim, parts, in_bulk=in_bulk)
    held = Employee.objects.exclude(held_by="").count()
    assert (ParticipationPeriod.objects.count(), held) == (LEAVE, CLIENTS * EACH - LEAVE)
    assert LogEntry.objects.filter(removal=True, held=True).count() == held
    [hold] = Hold.objects.all()
    assert (hold.removed, hold.threshold) == (LEAVE, LEAVE)


def test_the_same_people(scim: ScimClient, ids: list[str]) -> None:
    """Removed by everybody at once, each is one removal."""
    ways = [way for name, way in REMOVALS.items() if name not in DELETING]
    barrier = Barrier(4)

    def work(number: int) -> None:
        client = ScimClient(scim.token, scim.provider_key)
        barrier.wait(timeout=60)
        try:
            remove(client, ids[:12], [ways[number]])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    held = Employee.objects.exclude(held_by="").count()
    assert (ParticipationPeriod.objects.count(), held) == (LEAVE, 12 - LEAVE)
    assert LogEntry.objects.filter(removal=True).count() == 12


def test_decisions_go_on_beside_writers_of_the_same_people(scim: ScimClient, ids: list[str]) -> None:
    """Whoever the database rolls back to end a deadlock begins again."""
    remove(scim, ids[:30])
    over = Event()

    def write(number: int) -> None:
        client = ScimClient(scim.token, scim.provider_key)
        try:
            while not over.is_set():
                for id_ in ids[8:30]:
                    emails = [{"value": f"{number}{id_[:8]}@example.com"}]
                    operation = {"op": "replace", "path": "emails", "value": emails}
                    assert client.patch(f"/Users/{id_}", operation).status == 200
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        writers = [threads.submit(write, number) for number in range(3)]
        try:
            assert list(steering.release_hold(Hold.objects.get(), actor=OPERATOR)) == [22]
        finally:
            over.set()
        for writer in writers:
            writer.result()
    assert Employee.objects.filter(active_since__isnull=False).count() == 10


@pytest.mark.parametrize("decide", [steering.release_hold, steering.reject_hold])
def test_a_removal_under_way_while_the_hold_is_decided(
    scim: ScimClient, ids: list[str], decide: Callable[..., Iterator[int]]
) -> None:
    """It has seen the hold open: nobody is left in a hold that is closed."""
    remove(scim, ids[:10])
    provider, begun = IdentityProvider.objects.get(), Event()

    def slowly() -> None:
        actor = Actor.identity_provider(provider.key, provider.name)
        try:
            with services.writing(actor, brake=Brake(provider)) as writer:
                writer.update(writer.people.get(UUID(ids[20])), {"active": False})
                begun.set()
                time.sleep(1)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        removal = threads.submit(slowly)
        assert begun.wait(timeout=60)
        list(decide(Hold.objects.get(), actor=OPERATOR))
        removal.result()
    assert Hold.objects.get().decided_at is not None
    assert not Employee.objects.exclude(held_by="").exists()
