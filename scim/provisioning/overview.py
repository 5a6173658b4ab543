"""What the overview of employee provisioning shows, read with a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.timesince import timeuntil

from . import group_sync
from .models import BearerToken, IdentityProvider, ProvisioningEvent

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
    """An identity provider with its living tokens; `groups_off` is empty unless it sends groups."""

    identity_provider: IdentityProvider
    tokens: list[TokenRow]
    groups_off: str


def provider_rows() -> list[ProviderRow]:
    """Every identity provider with its living tokens, newest first; two queries."""
    now = timezone.now()
    living = Prefetch("tokens", BearerToken.objects.filter(BearerToken.living(now)))
    return [
        ProviderRow(
            provider,
            [_token_row(token, now) for token in provider.tokens.all()],
            groups_off=group_sync.switch_of(provider) if group_sync.is_on(provider, now) else "",
        )
        for provider in IdentityProvider.objects.prefetch_related(living)
    ]


def recent_events() -> QuerySet[ProvisioningEvent]:
    return ProvisioningEvent.objects.select_related("identity_provider")[:EVENTS_SHOWN]


def _token_row(token: BearerToken, now: datetime) -> TokenRow:
    soon = token.expires_at if token.expires_at and token.expires_at - now < SOON else None
    return TokenRow(
        token,
        last_used=str(naturaltime(token.last_used_at)) if token.last_used_at else "never",
        ends=f"in {timeuntil(soon, now, depth=1)}" if soon else "",
    )
