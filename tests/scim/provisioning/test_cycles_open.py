"""A sync that is going on: pages count it anew with few queries, and however many look at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from employees.models import Employee
from scim.provisioning import cycles, steering
from scim.provisioning.activity import tally
from scim.provisioning.models import Activity, Cycle, Hold, IdentityProvider, LogEntry
from tests.scim.conftest import OPERATOR, ScimClient
from tests.scim.provisioning.consoles import PROVISIONING, QUERIES, cycle, signed_in, write

EACH, WRITERS, READERS = 15, 2, 3


@pytest.fixture
def provider(scim: ScimClient) -> IdentityProvider:
    tally.clear()
    return IdentityProvider.objects.get()


def traffic(scim: ScimClient, number: int) -> None:
    """Somebody is looked up and created, somebody else refused."""
    scim.find(f'userName eq "{number}@example.com"')
    scim.create(f"{number}@example.com")
    assert scim.post("/Users", {"userName": "0@example.com"}).status == 409
    tally.flush()


@pytest.mark.django_db
def test_queries_of_every_page(scim: ScimClient, provider: IdentityProvider) -> None:
    client = signed_in("provisioning.manage_provisioning", "employees.view_employee")
    cycle(provider, timezone.now() - timedelta(hours=1), changed=1)
    hold = Hold.objects.create(identity_provider=provider, removed=1, managed=2, threshold=1)
    steering.limit_seats(provider, 1_000, actor=OPERATOR)
    traffic(scim, 0)
    Employee.objects.update(held_by=provider.key)
    client.get(PROVISIONING)
    going = Cycle.objects.get(closed=False)
    pages = ["", "identity-providers/", f"identity-providers/{provider.pk}/", f"cycles/{going.pk}/"]
    used = {}
    for number, page in enumerate([*pages, f"holds/{hold.pk}/"], 1):
        traffic(scim, number)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{PROVISIONING}{page}")
        used[page] = len(queries)
        assert (response.status_code, Activity.objects.count()) == (200, 0)
        going.refresh_from_db()
        assert (going.looked_up, going.created, going.refused) == (number + 1, number + 1, number + 1)
    assert {page: number for page, number in used.items() if number > QUERIES} == {}


@pytest.mark.django_db
def test_nothing_is_counted_anew_while_nothing_comes(scim: ScimClient, provider: IdentityProvider) -> None:
    client = signed_in("provisioning.view_cycle")
    traffic(scim, 0)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{PROVISIONING}identity-providers/")
    assert [query["sql"] for query in queries if "DELETE" in query["sql"] or "UPDATE" in query["sql"]] == []


@pytest.mark.django_db(transaction=True)
def test_everything_is_counted_once_by_many_at_once(provider: IdentityProvider) -> None:
    barrier = Barrier(WRITERS + READERS)

    def often(what: Callable[[], object]) -> None:
        barrier.wait(timeout=60)
        try:
            for _ in range(EACH):
                what()
        finally:
            connection.close()

    def request() -> None:
        now = timezone.now()
        write(provider, at=now)
        Activity.objects.create(
            identity_provider=provider, started_at=now, ended_at=now, requests=1, looked_up=1
        )

    def look() -> None:
        cycles.observe(provider, timezone.now(), fresh=True)

    with ThreadPoolExecutor(WRITERS + READERS) as threads:
        list(threads.map(often, [request] * WRITERS + [look] * READERS))
    look()
    counted = Cycle.objects.get().counts
    assert (counted["looked_up"], counted["changed"]) == (EACH * WRITERS, EACH * WRITERS)
    assert LogEntry.objects.count() == EACH * WRITERS
