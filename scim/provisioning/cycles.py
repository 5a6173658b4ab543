"""Sync cycles: the requests of an identity provider, grouped by the pauses between them, and counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncMinute

from . import milestones
from .log_models import COUNTED
from .models import Activity, Cycle, IdentityProvider, LogEntry

PAUSE: Final = timedelta(minutes=5)
"""How long nothing comes between two cycles; far less than the 40 minutes of Entra ID."""

SETTLED: Final = timedelta(minutes=2)
"""How long after a pause a transaction may still commit what belongs before it."""

STALE_ROWS: Final = 5_000
"""For each so many requests of an open cycle, it is counted anew a second less often."""


@dataclass
class Span:
    """Requests without a long pause between them, with how often what happened."""

    started_at: datetime
    ended_at: datetime
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))

    def take(self, other: "Span") -> None:
        self.started_at = min(self.started_at, other.started_at)
        self.ended_at = max(self.ended_at, other.ended_at)
        for name, number in other.counts.items():
            self.counts[name] += number


# Nobody goes on after a failure in here: within another transaction, that one ends.
@transaction.atomic(savepoint=False)
def observe(provider: IdentityProvider, now: datetime, *, fresh: bool = False) -> list[Cycle]:
    """Brings the cycles of an identity provider up to the moment `now`, from what was written since.

    Whoever looks does this, and maintenance: writers of employees never wait for a row of it. Four queries
    while a cycle is open, two more to begin one.

    Args:
        fresh: count an open cycle however recently it was counted.

    Returns:
        the cycles that were counted, from the oldest on.
    """
    going = _going(provider)
    since = going.started_at if going else _since(provider)
    if since is None or (going and not fresh and _was_just_counted(going, now)):
        return []
    activities = _taken(provider)
    if milestones.are_new(provider, activities):
        milestones.observe(provider.pk, now, activities)
    spans = [*_written(provider, since), *map(_read, activities)]
    if going:
        spans.append(Span(going.started_at, going.ended_at, _zero() | {"looked_up": going.looked_up}))
    spans, counted = merged(spans), []
    for span in spans:
        own = going if going and span.started_at <= going.started_at <= span.ended_at else None
        cycle = own or Cycle()
        cycle.identity_provider = provider
        _keep(cycle, span, now, closed=span is not spans[-1] or is_over(span.ended_at, now))
        counted.append(cycle)
    return counted


def observe_all(now: datetime, *, fresh: bool = False) -> None:
    """Observes every identity provider; see `observe`."""
    for provider in IdentityProvider.objects.order_by("pk"):
        observe(provider, now, fresh=fresh)


def is_over(ended_at: datetime, now: datetime) -> bool:
    """Whether nothing more belongs to a cycle whose last request came then."""
    return now - ended_at > PAUSE + SETTLED


def entries(cycle: Cycle) -> Q:
    """The condition for entries of the provisioning log that belong to a cycle."""
    return Q(identity_provider=cycle.identity_provider_id, at__gte=cycle.started_at, at__lte=cycle.ended_at)


def changes(cycle: Cycle) -> Q:
    """The condition for the changes to employees that a cycle brought about."""
    key = IdentityProvider(pk=cycle.identity_provider_id).key
    # A change is dated when its transaction begins, its entry in the log when it is done.
    return Q(actor_key=key, at__gte=cycle.started_at - PAUSE, at__lte=cycle.ended_at)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those without a pause between them as one."""
    together: list[Span] = []
    for span in sorted(spans, key=lambda span: span.started_at):
        if together and span.started_at - together[-1].ended_at <= PAUSE:
            together[-1].take(span)
        else:
            together.append(span)
    return together


def _going(provider: IdentityProvider) -> Cycle | None:
    """The open cycle, for one observer at a time."""
    cycles = Cycle.objects.filter(identity_provider=provider, closed=False).order_by("-started_at")
    return cycles.select_for_update(no_key=True).first()


def _since(provider: IdentityProvider) -> datetime | None:
    """From when on a new cycle is counted, by one observer at a time; None when another has just done so."""
    # There is no cycle yet to wait for; requests only read this row.
    IdentityProvider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    newest = Cycle.objects.filter(identity_provider=provider).order_by("-started_at").first()
    if newest is None:
        return datetime.min.replace(tzinfo=UTC)
    return newest.ended_at + timedelta.resolution if newest.closed else None


def _taken(provider: IdentityProvider) -> list[Activity]:
    """What was read since it was counted last, which is gone with that: a cycle has it from now on."""
    # Deleted and returned in one statement, which Django has no words for.
    taken = "DELETE FROM provisioning_activity WHERE identity_provider_id = %s RETURNING *"
    return list(Activity.objects.raw(taken, [provider.pk]))


def _written(provider: IdentityProvider, since: datetime) -> Iterator[Span]:
    """The log since a moment, a span for each minute and outcome; a minute is shorter than a pause."""
    entries = LogEntry.objects.filter(identity_provider=provider, at__gte=since).order_by()
    grouped = entries.annotate(minute=TruncMinute("at")).values("minute", "outcome", "held")
    for row in grouped.annotate(number=Count("pk"), first=Min("at"), last=Max("at")):
        counts = _zero() | {row["outcome"]: row["number"]}
        yield Span(row["first"], row["last"], counts | ({"held": row["number"]} if row["held"] else {}))


def _read(activity: Activity) -> Span:
    return Span(activity.started_at, activity.ended_at, _zero() | {"looked_up": activity.looked_up})


def _keep(cycle: Cycle, span: Span, now: datetime, *, closed: bool) -> None:
    cycle.started_at, cycle.ended_at, cycle.counted_at = span.started_at, span.ended_at, now
    cycle.closed = closed
    for name, number in span.counts.items():
        setattr(cycle, name, number)
    cycle.save()


def _zero() -> dict[str, int]:
    return dict.fromkeys(COUNTED, 0)


def _was_just_counted(cycle: Cycle, now: datetime) -> bool:
    return (now - cycle.counted_at).total_seconds() < sum(cycle.counts.values()) / STALE_ROWS
