"""Bearer tokens of identity providers: issued, rotated, revoked, and looked up at every SCIM request."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q, Subquery, TextField
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from employees.audit import Actor
from employees.models import AttributeCatalog
from employees.statements import Parameter, Statement

from . import events
from .models import BearerToken, IdentityProvider, ProvisioningEvent, ProvisioningSettings
from .token_format import digest, generate, hint, well_formed

__all__ = [
    "Credential",
    "Standing",
    "authenticate",
    "digest",
    "generate",
    "issue",
    "revoke",
    "revoke_token",
    "rotate",
    "touch",
    "well_formed",
]

TOUCH_INTERVAL = timedelta(seconds=10)
logger = logging.getLogger(__name__)


class Standing(StrEnum):
    LIVING = "living"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Credential:
    """A token that was issued here, and what else every request needs to know: one query brings it all."""

    token: BearerToken
    standing: Standing
    provisioning_enabled: bool
    attributes_version: int

    @property
    def identity_provider(self) -> IdentityProvider:
        return self.token.identity_provider

    @property
    def actor(self) -> Actor:
        return Actor.identity_provider(self.identity_provider.key, self.identity_provider.name)


@transaction.atomic
@sensitive_variables("token")
def issue(identity_provider: IdentityProvider, *, actor: Actor, expires_at: datetime | None = None) -> str:
    """Issues one more token; the older ones keep working.

    Returns:
        the clear text, which exists nowhere else from then on.
    """
    token = _create(identity_provider, actor, expires_at)
    events.record(
        ProvisioningEvent.Action.TOKEN_ISSUED,
        actor=actor,
        identity_provider=identity_provider,
        details=f"…{hint(token)}, {events.expiry_in_words(expires_at)}",
    )
    return token


@transaction.atomic
@sensitive_variables("token")
def rotate(
    identity_provider: IdentityProvider,
    *,
    actor: Actor,
    overlap: timedelta,
    expires_at: datetime | None = None,
) -> str:
    """Issues a new token and ends the older living ones after `overlap`, or at their own earlier expiry.

    Args:
        overlap: how long both work; zero ends the older ones at once.
        expires_at: end of the new token; None for none.

    Returns:
        the clear text of the new token.

    Raises:
        ValueError: the overlap is negative.
    """
    if overlap < timedelta(0):
        raise ValueError("The overlap cannot be negative; 0 ends the older tokens at once.")
    IdentityProvider.objects.select_for_update().get(pk=identity_provider.pk)
    now = timezone.now()
    ends_at = now + overlap
    older = BearerToken.objects.filter(BearerToken.living(now), identity_provider=identity_provider)
    older.filter(Q(expires_at=None) | Q(expires_at__gt=ends_at)).update(expires_at=ends_at)
    token = _create(identity_provider, actor, expires_at)
    events.record(
        ProvisioningEvent.Action.TOKEN_ROTATED,
        actor=actor,
        identity_provider=identity_provider,
        details=f"…{hint(token)}, {events.expiry_in_words(expires_at)}; {events.overlap_in_words(overlap)}",
    )
    return token


@transaction.atomic
def revoke(identity_provider: IdentityProvider, *, actor: Actor) -> int:
    """Ends every living token of the identity provider at once.

    Returns:
        how many there were; without any, nothing is written.
    """
    living = BearerToken.objects.filter(
        BearerToken.living(timezone.now()), identity_provider=identity_provider
    )
    tokens = list(living.select_for_update())
    for token in reversed(tokens):
        revoke_token(token, actor=actor)
    return len(tokens)


@transaction.atomic
def revoke_token(token: BearerToken, *, actor: Actor) -> bool:
    """Ends one token at once.

    Returns:
        False when it had ended already: then nothing is written.
    """
    now = timezone.now()
    if not BearerToken.objects.filter(BearerToken.living(now), pk=token.pk).update(revoked_at=now):
        return False
    events.record(
        ProvisioningEvent.Action.TOKEN_REVOKED,
        actor=actor,
        identity_provider=token.identity_provider,
        details=f"…{token.hint}",
    )
    return True


def authenticate(text: str) -> Credential | None:
    """Looks a token up with one query, or none when its checksum is wrong.

    Returns:
        None for a text that was never issued here; an expired or revoked token is told apart by `standing`,
        which only someone who holds the real token can learn.
    """
    if not well_formed(text):
        return None
    token = next(iter(_issued().fetch({"digest": digest(text)})), None)
    if token is None:
        return None
    known: Any = token
    return Credential(
        token, _standing(token), bool(known.provisioning_enabled), known.attributes_version or 0
    )


@cache
def _issued() -> Statement[BearerToken]:
    """A token with its identity provider, by its digest; annotated with what else a request needs to know."""
    enabled = ProvisioningSettings.objects.filter(pk=ProvisioningSettings.SINGLE_ROW).values("enabled")
    version = AttributeCatalog.objects.filter(pk=AttributeCatalog.SINGLE_ROW).values("version")
    annotated = BearerToken.objects.annotate(
        provisioning_enabled=Subquery(enabled), attributes_version=Subquery(version)
    )
    found = annotated.filter(digest=Parameter("digest", TextField())).select_related("identity_provider")
    return Statement(
        found.only(
            "expires_at",
            "revoked_at",
            "last_used_at",
            "identity_provider__name",
            "identity_provider__kind",
            "identity_provider__groups_seen_at",
            "identity_provider__paused_at",
            "identity_provider__seat_limit",
        ).order_by()
    )


def touch(token: BearerToken) -> None:
    """Notes that the token was used, at most every ten seconds; call it outside of a transaction.

    The old value guards the update, so that of several workers one writes. A database too busy to take it is
    left alone: when a token was last used is a courtesy to administrators, and no reason to fail a request.
    """
    now = timezone.now()
    if token.last_used_at and now - token.last_used_at < TOUCH_INTERVAL:
        return
    try:
        BearerToken.objects.filter(pk=token.pk, last_used_at=token.last_used_at).update(last_used_at=now)
    except OperationalError:
        # No exception text: a driver may quote values of the statement in it.
        logger.warning("The database was too busy to note when token %s was last used.", token.pk)


def _standing(token: BearerToken) -> Standing:
    if token.revoked_at:
        return Standing.REVOKED
    if token.expires_at and token.expires_at <= timezone.now():
        return Standing.EXPIRED
    return Standing.LIVING


@sensitive_variables("text")
def _create(identity_provider: IdentityProvider, actor: Actor, expires_at: datetime | None) -> str:
    text = generate()
    BearerToken.objects.create(
        identity_provider=identity_provider,
        digest=digest(text),
        hint=hint(text),
        created_by=actor.name,
        expires_at=expires_at,
    )
    return text
