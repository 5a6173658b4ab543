"""Sync cycles: requests grouped by the pauses between them, and counted without a row that writers share."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from employees.models import Change
from scim.provisioning import cycles
from scim.provisioning.activity import tally
from scim.provisioning.cycles import Span, merged, observe
from scim.provisioning.log_models import COUNTED
from scim.provisioning.models import Activity, Cycle, IdentityProvider, LogEntry
from scim.provisioning.standing import State, rhythm, standing_of
from tests.scim.conftest import ScimClient

pytestmark = pytest.mark.django_db

NOON = datetime(2030, 6, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    tally.clear()


@pytest.fixture
def provider(scim: ScimClient) -> IdentityProvider:
    return IdentityProvider.objects.get()


def wrote(provider: IdentityProvider, at: datetime, outcome: str = "changed", *, held: bool = False) -> None:
    LogEntry.objects.create(
        identity_provider=provider, at=at, outcome=outcome, method="PATCH", target="/", status=200, held=held
    )


def read(provider: IdentityProvider, since: datetime, until: datetime, looked_up: int) -> None:
    Activity.objects.create(
        identity_provider=provider, started_at=since, ended_at=until, requests=looked_up, looked_up=looked_up
    )


def seen(provider: IdentityProvider) -> list[tuple[datetime, datetime, dict[str, int]]]:
    """The cycles from the oldest on, with what is not zero of their counts."""
    found = Cycle.objects.filter(identity_provider=provider).order_by("started_at")
    return [(c.started_at, c.ended_at, {k: v for k, v in c.counts.items() if v}) for c in found]


def test_real_requests(scim: ScimClient, provider: IdentityProvider) -> None:
    id_ = scim.create()["id"]
    for _ in range(3):
        scim.get("/Users", filter='userName eq "ada@example.com"')
    scim.get("/Schemas")
    scim.patch(f"/Users/{id_}", {"op": "replace", "path": "active", "value": False})
    scim.post("/Users", {"userName": "ada@example.com"})
    tally.flush()
    observe(provider, timezone.now(), fresh=True)
    cycle = Cycle.objects.get()
    counts = {name: number for name, number in cycle.counts.items() if number}
    assert counts == {"looked_up": 3, "created": 1, "deactivated": 1, "refused": 1}
    assert not cycle.closed
    assert LogEntry.objects.filter(cycles.entries(cycle)).count() == 3
    assert set(Change.objects.filter(cycles.changes(cycle))) == set(Change.objects.all())


def test_a_pause_ends_a_cycle(provider: IdentityProvider) -> None:
    for minutes in (0, 4, 9, 15):
        wrote(provider, NOON + minutes * MINUTE)
    observe(provider, NOON + 30 * MINUTE)
    assert seen(provider) == [
        (NOON, NOON + 9 * MINUTE, {"changed": 3}),
        (NOON + 15 * MINUTE, NOON + 15 * MINUTE, {"changed": 1}),
    ]
    assert set(Cycle.objects.values_list("closed", flat=True)) == {True}


def test_a_cycle_is_over_when_the_next_one_has_begun(provider: IdentityProvider) -> None:
    wrote(provider, NOON)
    wrote(provider, NOON + 6 * MINUTE)
    for minutes in (6, 7, 30):
        observe(provider, NOON + minutes * MINUTE)
        first, second = Cycle.objects.order_by("started_at")
        assert (first.closed, second.closed) == (True, minutes == 30)


def test_reads_and_writes_are_one_cycle(provider: IdentityProvider) -> None:
    read(provider, NOON - MINUTE, NOON + 3 * MINUTE, 212)
    wrote(provider, NOON, "created")
    wrote(provider, NOON + 2 * MINUTE, "deactivated", held=True)
    observe(provider, NOON + 4 * MINUTE)
    counts = {"looked_up": 212, "created": 1, "deactivated": 1, "held": 1}
    assert seen(provider) == [(NOON - MINUTE, NOON + 3 * MINUTE, counts)]
    assert not Activity.objects.exists()


def test_an_open_cycle_grows_and_keeps_its_number(provider: IdentityProvider) -> None:
    wrote(provider, NOON)
    observe(provider, NOON + MINUTE)
    number = Cycle.objects.get().pk
    read(provider, NOON - MINUTE, NOON + MINUTE, 5)  # counted by another process, written later
    wrote(provider, NOON + 4 * MINUTE, "refused")
    observe(provider, NOON + 5 * MINUTE)
    assert Cycle.objects.get().pk == number
    counts = {"looked_up": 5, "changed": 1, "refused": 1}
    assert seen(provider) == [(NOON - MINUTE, NOON + 4 * MINUTE, counts)]
    observe(provider, NOON + 6 * MINUTE)
    assert seen(provider) == [(NOON - MINUTE, NOON + 4 * MINUTE, counts)]
    observe(provider, NOON + 20 * MINUTE)
    assert Cycle.objects.get().closed


def test_what_is_closed_is_not_counted_again(provider: IdentityProvider) -> None:
    wrote(provider, NOON)
    observe(provider, NOON + 20 * MINUTE)
    LogEntry.objects.filter(at=NOON).delete()  # pruned
    wrote(provider, NOON + 40 * MINUTE)
    observe(provider, NOON + 60 * MINUTE)
    assert [counts for _, _, counts in seen(provider)] == [{"changed": 1}, {"changed": 1}]


def test_looking_twice_changes_nothing(provider: IdentityProvider) -> None:
    wrote(provider, NOON)
    read(provider, NOON, NOON, 3)
    for _ in range(3):
        observe(provider, NOON + MINUTE, fresh=True)
    assert seen(provider) == [(NOON, NOON, {"looked_up": 3, "changed": 1})]


def test_providers_are_apart(provider: IdentityProvider, other: ScimClient) -> None:
    second = IdentityProvider.objects.exclude(pk=provider.pk).get()
    wrote(provider, NOON)
    wrote(second, NOON, "created")
    cycles.observe_all(NOON + MINUTE)
    assert [counts for _, _, counts in seen(provider) + seen(second)] == [{"changed": 1}, {"created": 1}]


def test_queries_do_not_grow_with_the_log(provider: IdentityProvider) -> None:
    def asked(number: int) -> int:
        for second in range(number):
            wrote(provider, NOON + timedelta(seconds=second))
        with CaptureQueriesContext(connection) as captured:
            observe(provider, NOON + 3 * MINUTE, fresh=True)
        return len(captured)

    asked(1)
    assert asked(3) == asked(40)


def test_queries_of_an_open_cycle(provider: IdentityProvider) -> None:
    def asked(minutes: int) -> int:
        wrote(provider, NOON + minutes * MINUTE)
        read(provider, NOON + minutes * MINUTE, NOON + minutes * MINUTE, 1)
        with CaptureQueriesContext(connection) as captured:
            observe(IdentityProvider.objects.get(), NOON + minutes * MINUTE, fresh=True)
        return len(captured) - 1

    asked(0)
    # the open cycle, what was read, the log, the cycle; to begin one, the provider and the newest as well
    assert asked(1) == 4
    observe(provider, NOON + 20 * MINUTE)
    assert asked(40) == 6


def test_spans_in_any_order_become_the_same() -> None:
    spans = [Span(NOON + n * MINUTE, NOON + (n + 1) * MINUTE, dict.fromkeys(COUNTED, 1)) for n in (0, 4, 20)]
    shuffled = [Span(s.started_at, s.ended_at, dict(s.counts)) for s in reversed(spans)]
    first, second = merged(shuffled)
    assert (first.started_at, first.ended_at) == (NOON, NOON + 5 * MINUTE)
    assert (first.counts["created"], second.counts["created"]) == (2, 1)


def test_a_rhythm_needs_several_steady_intervals() -> None:
    steady = [NOON + n * 40 * MINUTE for n in range(4)]
    assert rhythm(steady[:3]) is None
    assert rhythm(steady) == 40 * MINUTE
    assert rhythm([NOON + n * MINUTE for n in (0, 40, 81, 119, 300, 340)]) == 40 * MINUTE
    assert rhythm([NOON + n * MINUTE for n in (0, 7, 90, 91, 400, 1_000)]) is None


@pytest.fixture
def steady(provider: IdentityProvider) -> IdentityProvider:
    """A provider whose cycles began every 40 minutes until noon."""
    for number in range(5):
        wrote(provider, NOON - number * 40 * MINUTE)
    return provider


def test_a_provider_is_expected_and_late(steady: IdentityProvider) -> None:
    observe(steady, NOON + 20 * MINUTE)
    standing = standing_of(steady, NOON + 20 * MINUTE)
    assert (standing.state, standing.next_expected) == (State.HEALTHY, NOON + 40 * MINUTE)
    assert standing_of(steady, NOON + 55 * MINUTE).state == State.HEALTHY
    assert standing_of(steady, NOON + 65 * MINUTE).state == State.LATE


def test_a_provider_whose_writes_are_refused_is_failing(steady: IdentityProvider) -> None:
    wrote(steady, NOON + MINUTE, "refused")
    wrote(steady, NOON + MINUTE, "refused")
    observe(steady, NOON + 2 * MINUTE)
    assert standing_of(steady, NOON + 2 * MINUTE).state == State.FAILING


def test_states_without_cycles(provider: IdentityProvider, scim: ScimClient) -> None:
    now = timezone.now()
    assert standing_of(provider, now).state == State.NEVER_SEEN
    scim.get("/Users")
    assert standing_of(provider, now).state == State.HEALTHY
    provider.paused_at = now
    assert standing_of(provider, now).state == State.PAUSED
    provider.paused_at = None
    provider.tokens.update(revoked_at=now)
    assert standing_of(provider, now).state == State.DISCONNECTED


def test_queries_of_a_standing(steady: IdentityProvider) -> None:
    observe(steady, NOON)
    with CaptureQueriesContext(connection) as captured:
        standing_of(steady, NOON)
    assert len(captured) == 4
