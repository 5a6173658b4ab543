"""What an identity provider has done for the first time and when, told from its traffic and kept for good."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from scim.protocol.urns import PEAKON_USER

from .activity import DOUBLED_PATH, RATE_LIMITED
from .models import Activity, BearerToken, Cycle, IdentityProvider, LogEntry, ProvisioningSettings

LATEST: Final = 200
"""How many of the latest entries of the log, and of the counts of requests, are looked at."""

OVER: Final = timedelta(minutes=1)
"""How long requests must come without a sign before it is over: two workers count side by side."""

SIGNS: Final = (DOUBLED_PATH, RATE_LIMITED)
"""What is noticed of requests and stands until later ones come without it."""


class Step(StrEnum):
    """The steps of connecting, by the names under which `IdentityProvider.milestones` keeps them."""

    REACHED = "URL reached"
    ACCEPTED = "token accepted"
    LOOKED_UP = "people looked up"
    CREATED = "first person created"
    ATTRIBUTE = "first attribute"
    DEACTIVATED = "first deactivation"


@dataclass(frozen=True)
class Traffic:
    """What is known of an identity provider at a moment.

    Args:
        enabled: whether provisioning is.
        connected: whether it has a token that works.
        fresh_since: when its newest token was issued, as long as nobody has used it; otherwise None.
        last_used: when any of its tokens was used last.
        knocked: when anybody came with a token that was never issued, last.
        entries: the latest of the log, newest first.
        moments: its milestones, and the signs that stand.
    """

    provider: IdentityProvider
    enabled: bool
    connected: bool
    fresh_since: datetime | None
    last_used: datetime | None
    knocked: datetime | None
    entries: list[LogEntry]
    moments: Mapping[str, datetime]


def observe(pk: int, now: datetime, activities: Sequence[Activity] | None = None) -> Traffic:
    """Reads the traffic of an identity provider, and keeps what is new in it; three queries, four then.

    Args:
        activities: its counts of requests, for whoever has read them already.

    Raises:
        IdentityProvider.DoesNotExist: there is none of that primary key.
    """
    known: Any = _known(now).get(pk=pk)
    entries = list(LogEntry.objects.filter(identity_provider=pk).order_by("-at", "-pk")[:LATEST])
    if activities is None:
        activities = list(Activity.objects.filter(identity_provider=pk).order_by("-started_at")[:LATEST])
    kept = _kept(known)
    found = {step: at for step, at in _found(known, entries, activities).items() if step not in kept}
    moments = with_signs({**kept, **found}, activities)
    if moments != kept:
        known.milestones = {name: at.isoformat() for name, at in moments.items()}
        IdentityProvider.objects.filter(pk=pk).update(milestones=known.milestones)
    return Traffic(
        provider=known,
        enabled=bool(known.enabled),
        connected=known.connected,
        fresh_since=None if known.newest_used else known.newest_issued,
        last_used=known.last_used,
        knocked=known.knocked,
        entries=entries,
        moments=moments,
    )


def observe_all(now: datetime) -> None:
    """Observes every identity provider, before anything of the log is pruned; see `observe`."""
    for pk in IdentityProvider.objects.order_by("pk").values_list("pk", flat=True):
        observe(pk, now)


def are_new(provider: IdentityProvider, activities: Sequence[Activity]) -> bool:
    """Whether counts of requests tell of anything that is not kept yet; no query."""
    kept = _kept(provider)
    told = {Step.REACHED, Step.ACCEPTED, *(Step.LOOKED_UP for each in activities if each.looked_up)}
    return bool(activities) and (not told <= kept.keys() or with_signs(kept, activities) != kept)


def with_signs(moments: Mapping[str, datetime], activities: Iterable[Activity]) -> dict[str, datetime]:
    """The moments with the signs of these counts, each until requests have come without it for a while."""
    known = dict(moments)
    for activity in sorted(activities, key=lambda activity: activity.ended_at):
        for sign in SIGNS:
            if sign in activity.signs:
                known[sign] = activity.ended_at
            elif sign in known and activity.ended_at - known[sign] > OVER:
                del known[sign]
    return known


def mentions_attribute(outline: Any) -> bool:
    """Whether the outline of a request names anything under the Peakon extension (see `redaction`)."""
    match outline:
        case dict():
            return any(
                _is_under_peakon(name) or (name.casefold() == "path" and _is_under_peakon(value))
                for name, value in outline.items()
            ) or any(
                mentions_attribute(value)
                for name, value in outline.items()
                if name.casefold() in ("operations", "value")
            )
        case list():
            return any(map(mentions_attribute, outline))
    return False


def _is_under_peakon(name: Any) -> bool:
    return isinstance(name, str) and name.casefold().startswith(PEAKON_USER.casefold())


def _kept(provider: IdentityProvider) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(at) for name, at in provider.milestones.items()}


def _known(now: datetime) -> QuerySet[IdentityProvider]:
    """Identity providers with what their tokens, their cycles and the settings say: all in one query."""
    tokens = BearerToken.objects.filter(identity_provider=OuterRef("pk"))
    used, living = tokens.exclude(last_used_at=None), tokens.filter(BearerToken.living(now))
    settings = ProvisioningSettings.objects.filter(pk=ProvisioningSettings.SINGLE_ROW)
    strangers = Activity.objects.filter(identity_provider=None)
    removed = Q(deactivated__gt=0) | Q(deleted__gt=0) | Q(held__gt=0)
    return IdentityProvider.objects.annotate(
        enabled=Subquery(settings.values("enabled")),
        connected=Exists(living),
        newest_issued=_first(living.order_by("-created_at"), "created_at"),
        newest_used=_first(living.order_by("-created_at"), "last_used_at"),
        first_used=_first(used.order_by("last_used_at"), "last_used_at"),
        last_used=_first(used.order_by("-last_used_at"), "last_used_at"),
        knocked=_first(strangers.order_by("-started_at"), "ended_at"),
        cycle_looking_up=_cycle(Q(looked_up__gt=0)),
        cycle_creating=_cycle(Q(created__gt=0)),
        cycle_removing=_cycle(removed),
    )


def _first(rows: QuerySet[Any], field: str) -> Subquery:
    return Subquery(rows.values(field)[:1])


def _cycle(condition: Q) -> Subquery:
    """When the first cycle began of which the condition holds."""
    cycles = Cycle.objects.filter(condition, identity_provider=OuterRef("pk"))
    return _first(cycles.order_by("started_at"), "started_at")


def _found(known: Any, entries: Sequence[LogEntry], activities: Sequence[Activity]) -> dict[str, datetime]:
    """The steps that the traffic shows, each with the earliest moment that shows it."""
    outcome = LogEntry.Outcome
    let_in = [entry for entry in entries if entry.status != HTTPStatus.UNAUTHORIZED]
    done = [entry for entry in let_in if entry.outcome != outcome.REFUSED]
    removals = [
        entry for entry in done if entry.removal or entry.outcome in (outcome.DEACTIVATED, outcome.DELETED)
    ]
    attributes = [] if Step.ATTRIBUTE in known.milestones else done
    accepted = [known.first_used, known.cycle_looking_up, *_times(let_in), *_starts(activities)]
    knocked = known.knocked if known.knocked and known.knocked > known.created_at else None
    evidence: dict[str, list[datetime | None]] = {
        Step.REACHED: [*accepted, *_times(entries), knocked],
        Step.ACCEPTED: accepted,
        Step.LOOKED_UP: [known.cycle_looking_up, *_starts(each for each in activities if each.looked_up)],
        Step.CREATED: [known.cycle_creating, *_times(e for e in done if e.outcome == outcome.CREATED)],
        Step.ATTRIBUTE: [*_times(entry for entry in attributes if mentions_attribute(entry.request))],
        Step.DEACTIVATED: [known.cycle_removing, *_times(removals)],
    }
    moments = {step: list(filter(None, moments)) for step, moments in evidence.items()}
    return {step: min(times) for step, times in moments.items() if times}


def _times(entries: Iterable[LogEntry]) -> list[datetime]:
    return [entry.at for entry in entries]


def _starts(activities: Iterable[Activity]) -> list[datetime]:
    return [activity.started_at for activity in activities]
