"""What there is to tell administrators by mail about identity providers, each under a key of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, auto
from typing import Final

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timesince import timeuntil
from django.utils.timezone import localtime

from employees import holding

from .brake import managed
from .cycles import entries
from .models import BearerToken, Cycle, Hold, IdentityProvider, LogEntry, Notification
from .services import current_settings
from .standing import State, is_failing, standing_of

RECENT: Final = timedelta(days=1)
"""How long ago a sync may have failed to be news."""

EXPIRED_LATELY: Final = timedelta(days=14)
WARNINGS: Final = (timedelta(days=3), timedelta(days=14))
"""How long before a token's end administrators are warned, the shortest time first."""

SEATS_LOW, SEATS_FREED = 0.9, 0.8
"""Shares of the seats that are taken: from which on it is told, and below which that is forgotten."""

KEPT_OUT: Final = (401, 403)
"""Refusals with a reason of their own: the token, the pause, the seats."""

REASONS_SHOWN: Final = 3


class Urgency(IntEnum):
    """The most urgent first: it gives the mail its subject."""

    HOLD = auto()
    FAILING = auto()
    TOKEN_EXPIRED = auto()
    SEATS_FULL = auto()
    LATE = auto()
    TOKEN_EXPIRES = auto()
    REFUSED = auto()
    SEATS_LOW = auto()


@dataclass(frozen=True)
class Notice:
    """One thing to tell.

    Args:
        key: what it is about; whoever was told of it is not told again.
        title: in one line, with the identity provider's name.
        page: the path of the page that shows it.
    """

    key: str
    urgency: Urgency
    title: str
    text: str
    page: str
    provider: IdentityProvider


def notices(now: datetime) -> list[Notice]:
    """Everything there is to tell at a moment, known already or not, the most urgent first.

    The cycles are those that were observed last (see `cycles`).
    """
    found: dict[str, Notice] = {}
    enabled = bool(current_settings().enabled)
    for provider in IdentityProvider.objects.order_by("name_key"):
        for notice in _about(provider, now, enabled=enabled):
            found.setdefault(notice.key, notice)
    return sorted(found.values(), key=lambda notice: notice.urgency)


def _about(provider: IdentityProvider, now: datetime, *, enabled: bool) -> Iterator[Notice]:
    yield from _holds(provider)
    yield from _tokens(provider, now)
    if enabled and not provider.paused_at:
        yield from _refusals(provider, now)
        yield from _late(provider, now)
        yield from _seats(provider)


def _holds(provider: IdentityProvider) -> Iterator[Notice]:
    hold = Hold.objects.filter(identity_provider=provider, decided_at=None).first()
    held = holding.held(provider.key).count() if hold else 0
    if hold is None or not held:
        return
    yield Notice(
        f"hold {hold.pk}",
        Urgency.HOLD,
        f"{provider}: {held:,} {_plural(held, 'removal waits', 'removals wait')} for your decision",
        f"{provider} wants to remove more than {hold.threshold:,} of its {hold.managed:,} employees. It was"
        f" told that all went well, but {held:,} of them {_plural(held, 'is', 'are')} held and still"
        f" {_plural(held, 'takes', 'take')} part in surveys, until you release or reject the removals.",
        reverse("provisioning:hold", args=[hold.pk]),
        provider,
    )


def _tokens(provider: IdentityProvider, now: datetime) -> Iterator[Notice]:
    """The end of the token that lasts longest, when there is one; whoever was disconnected has none."""
    issued = BearerToken.objects.filter(identity_provider=provider, revoked_at=None)
    tokens = list(issued.order_by("expires_at", "pk"))
    if not tokens or any(token.expires_at is None for token in tokens):
        return
    last = tokens[-1]
    expires_at = last.expires_at or now
    page = reverse("provisioning:rotate", args=[provider.pk])
    what = f"Rotate it and paste the new one into {provider.get_kind_display()}"
    if expires_at <= now:
        if now - expires_at < EXPIRED_LATELY:
            yield Notice(
                f"token {last.pk} expired",
                Urgency.TOKEN_EXPIRED,
                f"{provider}: the token {last} has expired",
                f"Since {moment(expires_at)} every request of {provider} is refused. {what}.",
                page,
                provider,
            )
        return
    for warning in WARNINGS:
        if expires_at - now <= warning:
            yield Notice(
                f"token {last.pk} {warning.days}",
                Urgency.TOKEN_EXPIRES,
                f"{provider}: the token {last} expires in {_until(expires_at, now)}",
                f"From {moment(expires_at)} on every request of {provider} will be refused. {what} before.",
                page,
                provider,
            )
            return


def _refusals(provider: IdentityProvider, now: datetime) -> Iterator[Notice]:
    """Syncs with refusals: one notice a day, and one more for each time that they are twice as many.

    An identity provider that fails to write somebody tries again each time it comes.
    """
    recent = Cycle.objects.filter(identity_provider=provider, closed=True, ended_at__gt=now - RECENT)
    for cycle in recent.filter(refused__gt=0).order_by("-started_at"):
        refused = LogEntry.objects.filter(entries(cycle), outcome=LogEntry.Outcome.REFUSED)
        grouped = refused.exclude(status__in=KEPT_OUT).order_by().values_list("status", "scim_type")
        reasons = sorted(grouped.annotate(number=Count("pk")), key=lambda reason: -reason[2])
        number = sum(reason[2] for reason in reasons)
        if not number:
            continue
        failing = is_failing(cycle)
        told = ", ".join(_reason(*reason) for reason in reasons[:REASONS_SHOWN])
        title = "most writes are" if failing else f"{number:,} {_plural(number, 'write was', 'writes were')}"
        yield Notice(
            f"{'failing' if failing else 'refused'} {provider.key} {cycle.ended_at:%Y-%m-%d}"
            f" {number.bit_length()}",
            Urgency.FAILING if failing else Urgency.REFUSED,
            f"{provider}: {title} refused",
            f"In the sync from {moment(cycle.started_at)} on, {number:,}"
            f" {_plural(number, 'write was', 'writes were')} refused ({told}). The page of the sync says why"
            " and what to do about it.",
            reverse("provisioning:cycle", args=[cycle.pk]),
            provider,
        )


def _late(provider: IdentityProvider, now: datetime) -> Iterator[Notice]:
    standing = standing_of(provider, now)
    if standing.state is not State.LATE or standing.latest is None or standing.next_expected is None:
        return
    yield Notice(
        f"late {provider.key} {standing.latest.pk}",
        Urgency.LATE,
        f"{provider} is late",
        f"The next sync was expected by {moment(standing.next_expected)}, and nothing has come since"
        f" {moment(standing.latest.ended_at)}. Look in {provider.get_kind_display()} whether provisioning is"
        " still switched on there, and what its log says.",
        reverse("provisioning:provider", args=[provider.pk]),
        provider,
    )


def _seats(provider: IdentityProvider) -> Iterator[Notice]:
    limit, prefix = provider.seat_limit, f"seats {provider.key} "
    taken = managed(provider.key, limit) if limit else 0
    if limit is None or taken < limit * SEATS_FREED:
        # When they run out again, that is news.
        Notification.objects.filter(key__startswith=prefix).delete()
        return
    if taken < limit * SEATS_LOW:
        return
    full = taken >= limit
    refused = "New people are refused" if full else "When all are taken, new people are refused"
    yield Notice(
        f"{prefix}{limit} {'full' if full else 'low'}",
        Urgency.SEATS_FULL if full else Urgency.SEATS_LOW,
        f"{provider}: {'all' if full else f'{taken:,} of'} {limit:,} seats are taken",
        f"{refused}; everybody who is here already goes on being updated. Raise the seat limit, or let"
        f" {provider} deactivate somebody.",
        reverse("provisioning:seats", args=[provider.pk]),
        provider,
    )


def moment(at: datetime) -> str:
    """A moment in the site's time zone, which is named."""
    local = localtime(at)
    return f"{date_format(local, 'j F Y, H:i')} ({local.tzname()})"


def _until(end: datetime, now: datetime) -> str:
    return timeuntil(end, now, depth=1).replace("\xa0", " ")


def _reason(status: int, scim_type: str, number: int) -> str:
    return f"{number:,} × {status}{f' {scim_type}' if scim_type else ''}"


def _plural(number: int, one: str, many: str) -> str:
    return one if number == 1 else many
