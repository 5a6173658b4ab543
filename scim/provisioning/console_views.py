"""An identity provider and its sync cycles: how it is doing, and the people behind each figure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from employees.keysets import key_in

from . import console_people, cycles
from .brake import managed
from .console_chart import chart_of
from .console_standings import known, standings
from .console_unusual import unusual
from .console_wording import lasting, span, summary
from .explanations import Explanation, explain
from .log_filters import HELD, Search, happened
from .models import Cycle, LogEntry
from .overview import provider_rows, row_of
from .pages import for_readers, for_readers_of_cycles, may_read_log, page

CYCLES_SHOWN: Final = 20
REFUSALS_SHOWN: Final = 5
SHOWN: Final = (
    *("created", "changed", "deactivated", "reactivated", "deleted", "unchanged", "refused"),
    HELD,
)
"""The figures of a cycle that have entries of the log behind them."""


@dataclass(frozen=True)
class Figure:
    """How often something happened in a cycle, and where the people behind it are listed."""

    name: str
    label: str
    number: int
    url: str
    current: bool


@dataclass(frozen=True)
class Refusals:
    """How often a cycle was refused for one reason; `latest` is the key of the last entry."""

    explanation: Explanation
    detail: str
    number: int
    latest: int


@require_GET
@for_readers
def providers(request: HttpRequest) -> HttpResponse:
    """The part of the overview that updates itself."""
    return render(
        request, "provisioning/overview_providers.html", {"providers": provider_rows(timezone.now())}
    )


@require_GET
@for_readers
def provider(request: HttpRequest, pk: int) -> HttpResponse:
    """How one identity provider is doing, what to do about it, and its cycles."""
    now = timezone.now()
    found = get_object_or_404(known(now), pk=pk)
    [standing] = standings([found], now)
    lines, older = _cycles_before(found.pk, request.GET.get("before", ""))
    return page(
        request,
        "provider.html",
        found.name,
        row=row_of(standing, now),
        provider=found,
        chart=chart_of(found, now),
        cycles=[(cycle, span(cycle), summary(cycle)) for cycle in lines],
        older=older,
        seats_taken=managed(found.key, found.seat_limit + 1) if found.seat_limit is not None else None,
        rhythm=lasting(standing.rhythm) if standing.rhythm else "",
    )


@require_GET
@for_readers_of_cycles
def cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of a cycle, what is unusual about it, and the people behind a figure."""
    found = get_object_or_404(Cycle.objects.select_related("identity_provider"), pk=pk)
    if not found.closed:
        counted = cycles.observe(found.identity_provider, timezone.now())
        found = next((cycle for cycle in counted if cycle.pk == pk), found)
    people = console_people.sees_people(request)
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    entries, older = _entries(found, shown).page(key_in(request.GET.get("before")) or None)
    providers = {found.identity_provider_id: found.identity_provider}
    return page(
        request,
        "cycle.html",
        f"{found.identity_provider}, {span(found)}",
        cycle=found,
        provider=found.identity_provider,
        summary=summary(found),
        lasted=lasting(found.ended_at - found.started_at),
        figures=_figures(found, shown),
        unusual=unusual(found),
        refusals=_refusals(found) if found.refused and not shown else (),
        shown=shown,
        rows=console_people.rows(entries, providers, people=people),
        people=people,
        entries_open=may_read_log(request),
        older=older,
    )


def _cycles_before(provider_id: int, before: str) -> tuple[list[Cycle], datetime | None]:
    """A page of cycles that began before a moment, and that of the next page."""
    of_provider = Cycle.objects.filter(identity_provider=provider_id).order_by("-started_at")
    moment = _moment(before)
    found = list((of_provider.filter(started_at__lt=moment) if moment else of_provider)[: CYCLES_SHOWN + 1])
    more = len(found) > CYCLES_SHOWN
    return found[:CYCLES_SHOWN], found[CYCLES_SHOWN - 1].started_at if more else None


def _entries(cycle: Cycle, shown: str) -> Search:
    condition = cycles.entries(cycle) & happened({"outcome": shown})
    return Search(console_people.with_people(LogEntry.objects.filter(condition)), by_moment=True)


def _figures(cycle: Cycle, shown: str) -> list[Figure]:
    base = reverse("provisioning:cycle", args=[cycle.pk])
    return [
        Figure(
            name,
            Cycle._meta.get_field(name).verbose_name,  # type: ignore[union-attr, arg-type]
            number,
            url=f"{base}?show={name}" if number and name in SHOWN else "",
            current=name == shown,
        )
        for name, number in cycle.counts.items()
    ]


def _refusals(cycle: Cycle) -> list[Refusals]:
    """The most frequent reasons for which a cycle was refused."""
    refused = LogEntry.objects.filter(cycles.entries(cycle), outcome=LogEntry.Outcome.REFUSED).order_by()
    reasons: Any = refused.values("status", "scim_type", "detail")
    most = reasons.annotate(number=Count("pk"), latest=Max("pk"), path=Max("target")).order_by("-number")
    kind = cycle.identity_provider.kind
    return [
        Refusals(
            explain(
                LogEntry(
                    status=row["status"],
                    scim_type=row["scim_type"],
                    detail=row["detail"],
                    target=row["path"],
                ),
                kind,
            ),
            row["detail"],
            row["number"],
            row["latest"],
        )
        for row in most[:REFUSALS_SHOWN]
    ]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
