"""What the overview of employee provisioning shows, read with a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import QuerySet
from django.utils.timesince import timeuntil

from . import group_sync
from .console_standings import known, standings
from .console_wording import COLOURS, Advice, advice, span, summary
from .models import BearerToken, ProvisioningEvent
from .standing import Standing

EVENTS_SHOWN = 8
SOON = timedelta(days=14)


@dataclass(frozen=True)
class TokenRow:
    """A living token; `ends` is empty unless it expires within two weeks."""

    token: BearerToken
    last_used: str
    ends: str


@dataclass(frozen=True)
class ProviderRow:
    """An identity provider with its standing and its living tokens.

    `groups_off` is empty unless it sends groups; `open_hold` is the key of the hold that waits.
    """

    standing: Standing
    advice: Advice
    tokens: list[TokenRow]
    groups_off: str
    open_hold: int | None

    @property
    def identity_provider(self) -> Any:
        return self.standing.provider

    @property
    def colour(self) -> str:
        return COLOURS.get(self.standing.state, "")

    @property
    def latest(self) -> str:
        """The latest cycle in one sentence, "" without one."""
        cycle = self.standing.latest
        return f"{span(cycle)}: {summary(cycle)}" if cycle else ""

    @property
    def last_seen(self) -> str:
        return _ago(self.standing.last_seen)

    @property
    def token_used(self) -> str:
        return _ago(self.standing.token_used)


def provider_rows(now: datetime) -> list[ProviderRow]:
    """Every identity provider as it is doing; four queries, and those that observe who has news."""
    return [row_of(standing, now) for standing in standings(known(now), now)]


def row_of(standing: Standing, now: datetime) -> ProviderRow:
    provider: Any = standing.provider
    return ProviderRow(
        standing,
        advice(standing, now),
        [_token_row(token, now) for token in provider.tokens.all()],
        groups_off=group_sync.switch_of(provider) if group_sync.is_on(provider, now) else "",
        open_hold=provider.open_hold,
    )


def recent_events() -> QuerySet[ProvisioningEvent]:
    return ProvisioningEvent.objects.select_related("identity_provider")[:EVENTS_SHOWN]


def _token_row(token: BearerToken, now: datetime) -> TokenRow:
    soon = token.expires_at if token.expires_at and token.expires_at - now < SOON else None
    return TokenRow(
        token,
        last_used=_ago(token.last_used_at),
        ends=f"in {timeuntil(soon, now, depth=1)}" if soon else "",
    )


def _ago(moment: datetime | None) -> str:
    return str(naturaltime(moment)) if moment else "never"
