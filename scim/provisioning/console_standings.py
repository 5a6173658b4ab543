"""The standings of identity providers for a page: those of all with as many queries as that of one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import RowNumber

from employees.models import Employee, EmployeeQuerySet

from . import cycles
from .models import Activity, BearerToken, Cycle, Hold, IdentityProvider, LogEntry
from .standing import LEARNED_FROM, Standing, judged


def known(now: datetime) -> QuerySet[IdentityProvider]:
    """Identity providers with what `standings` needs of each; two queries.

    Their living tokens are in `tokens`, the key of their open hold in `open_hold`.
    """
    provider = OuterRef("pk")
    tokens = BearerToken.objects.filter(identity_provider=provider).order_by()
    entries = LogEntry.objects.filter(identity_provider=provider).order_by("-at")
    newest = Cycle.objects.filter(identity_provider=provider).order_by("-started_at")
    annotated = IdentityProvider.objects.annotate(
        token_used=Subquery(_single(tokens, Max("last_used_at"), "identity_provider")),
        open_hold=Subquery(Hold.objects.filter(identity_provider=provider, decided_at=None).values("pk")),
        has_reads=Exists(Activity.objects.filter(identity_provider=provider)),
        written_at=Subquery(entries.values("at")[:1]),
        observed_until=Subquery(newest.values("ended_at")[:1]),
        observed=Subquery(newest.values("closed")[:1]),
    )
    return annotated.prefetch_related(Prefetch("tokens", BearerToken.objects.filter(BearerToken.living(now))))


def standings(providers: Iterable[Any], now: datetime) -> list[Standing]:
    """How those in `known` are doing, as `standing.standing_of` tells of each.

    Whoever has news is observed before; else two queries.
    """
    providers = list(providers)
    for provider in providers:
        if _has_news(provider, now):
            cycles.observe(provider, now)
    latest = _latest(providers)
    managed, held = _people(
        [provider.key for provider in providers],
        [provider.key for provider in providers if provider.open_hold],
    )
    return [
        judged(
            provider,
            latest[provider.pk],
            now,
            token_used=provider.token_used,
            connected=bool(provider.tokens.all()),
            managed=managed[provider.key],
            held=held[provider.key],
        )
        for provider in providers
    ]


def _has_news(provider: Any, now: datetime) -> bool:
    """Whether an identity provider did anything that its cycles do not tell yet, or one is over by now."""
    written, until = provider.written_at, provider.observed_until
    unknown = written is not None and (until is None or written > until)
    ended = provider.observed is False and cycles.is_over(until, now)
    return provider.has_reads or unknown or ended


def _latest(providers: Sequence[IdentityProvider]) -> dict[int, list[Cycle]]:
    """The latest cycles of each, the newest first."""
    place = Window(RowNumber(), partition_by="identity_provider", order_by=F("started_at").desc())
    found = Cycle.objects.filter(identity_provider__in=providers).annotate(place=place)
    by_provider: dict[int, list[Cycle]] = defaultdict(list)
    for cycle in found.filter(place__lte=LEARNED_FROM).order_by("-started_at"):
        by_provider[cycle.identity_provider_id].append(cycle)
    return by_provider


def _people(managing: Sequence[str], holding: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """How many people are managed, and how many held, by the keys of their identity providers; one query."""
    managed = _counted(Employee.objects.present(), "managed_by", managing)
    held = _counted(Employee.objects.filter(~Q(held_by="")), "held_by", holding)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for column, key, number in managed.union(held, all=True):
        counted[column][key] = number
    return counted["managed_by"], counted["held_by"]


def _counted(people: EmployeeQuerySet, column: str, keys: Sequence[str]) -> Any:
    # The rows, not their keys: those are not in the indexes of who manages and who holds.
    found = people.filter(**{f"{column}__in": keys}).order_by()
    return found.values_list(Value(column), column).annotate(number=Count("*"))


def _single(rows: QuerySet[Any], aggregate: Any, column: str) -> Any:
    """The aggregate of rows that all have the same value in a column."""
    return rows.values(column).annotate(single=aggregate).values("single")
