"""How an identity provider is doing: when it comes, when it is expected next, and whether it succeeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Final

from django.db.models import Max, Q

from employees.models import Employee

from .models import BearerToken, Cycle, IdentityProvider

LEARNED_FROM: Final = 12
"""Of how many of the latest cycles the rhythm is learned."""

LEAST_INTERVALS: Final = 3
STEADY_SHARE: Final = 0.75
"""The share of intervals that must lie near their median for it to be a rhythm; Okta comes when people do."""

NEAR: Final = 0.5
"""How far from the median an interval is still near it, as a share of it."""

KNOWN_RHYTHMS: Final = {IdentityProvider.Kind.ENTRA.value: timedelta(minutes=40)}
"""What is expected of a kind until there are enough cycles to learn its own rhythm from, if it has one."""

LEAST_GRACE: Final = timedelta(minutes=10)
FAILING_SHARE: Final = 0.5
"""From which share of refused writes in its latest cycle on a provider is failing."""


class State(StrEnum):
    NEVER_SEEN = "never seen"
    HEALTHY = "healthy"
    LATE = "late"
    FAILING = "failing"
    PAUSED = "paused"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True)
class Standing:
    """What administrators want to know of an identity provider at a glance.

    Args:
        rhythm: the usual time between the beginnings of two cycles; None while there is none to be seen.
        next_expected: when its next cycle should begin; None without a rhythm, and for one that cannot come.
        managed: how many employees it manages, active or not.
        latest: its latest cycle.
    """

    provider: IdentityProvider
    state: State
    last_seen: datetime | None
    token_used: datetime | None
    rhythm: timedelta | None
    next_expected: datetime | None
    managed: int
    held: int
    latest: Cycle | None


def standing_of(provider: IdentityProvider, now: datetime) -> Standing:
    """The standing at a moment, from its cycles as they were observed last (see `cycles`); four queries."""
    tokens = BearerToken.objects.filter(identity_provider=provider)
    used = tokens.aggregate(at=Max("last_used_at"), living=Max("pk", filter=BearerToken.living(now)))
    people = Employee.objects.order_by()
    return judged(
        provider,
        list(Cycle.objects.filter(identity_provider=provider).order_by("-started_at")[:LEARNED_FROM]),
        now,
        token_used=used["at"],
        connected=used["living"] is not None,
        managed=people.present().filter(managed_by=provider.key).count(),
        held=people.filter(~Q(held_by=""), held_by=provider.key).count(),
    )


def judged(
    provider: IdentityProvider,
    latest: Sequence[Cycle],
    now: datetime,
    *,
    token_used: datetime | None,
    connected: bool,
    managed: int,
    held: int,
) -> Standing:
    """The standing at a moment, of what is known.

    Args:
        latest: cycles, the newest first, as many as the rhythm is learned from.
        connected: whether one of its tokens works.
    """
    seen = max(filter(None, [token_used, latest[0].ended_at if latest else None]), default=None)
    usual = rhythm([cycle.started_at for cycle in reversed(latest)])
    if usual is None and len(latest) <= LEAST_INTERVALS:
        usual = KNOWN_RHYTHMS.get(provider.kind)
    expected = latest[0].started_at + usual if latest and usual else None
    state = _state(provider, connected, seen, latest, expected, usual, now)
    comes = state not in (State.PAUSED, State.DISCONNECTED)
    return Standing(
        provider=provider,
        state=state,
        last_seen=seen,
        token_used=token_used,
        rhythm=usual,
        next_expected=expected if comes else None,
        managed=managed,
        held=held,
        latest=latest[0] if latest else None,
    )


def rhythm(beginnings: list[datetime]) -> timedelta | None:
    """The usual time from one beginning to the next, in order; None while there is no steady one."""
    intervals = [(later - earlier).total_seconds() for earlier, later in pairwise(beginnings)]
    if len(intervals) < LEAST_INTERVALS:
        return None
    usual = median(intervals)
    near = sum(abs(interval - usual) <= usual * NEAR for interval in intervals)
    return timedelta(seconds=usual) if near >= STEADY_SHARE * len(intervals) else None


def is_failing(cycle: Cycle) -> bool:
    """Whether so many writes of a cycle were refused that the identity provider will give up on us."""
    done = cycle.created + cycle.changed + cycle.deactivated + cycle.reactivated + cycle.deleted
    return cycle.refused > 0 and cycle.refused >= FAILING_SHARE * (cycle.refused + done + cycle.unchanged)


def _state(
    provider: IdentityProvider,
    connected: bool,
    seen: datetime | None,
    latest: Sequence[Cycle],
    expected: datetime | None,
    usual: timedelta | None,
    now: datetime,
) -> State:
    if provider.paused_at:
        return State.PAUSED
    if not connected:
        return State.DISCONNECTED
    if seen is None:
        return State.NEVER_SEEN
    if latest and is_failing(latest[0]):
        return State.FAILING
    if expected and usual and now > expected + max(usual * NEAR, LEAST_GRACE):
        return State.LATE
    return State.HEALTHY
