"""Identity providers that send groups although there are none here, noted and shown to administrators."""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError
from django.utils import timezone

from .kinds import GUIDES
from .models import IdentityProvider

NOTE_INTERVAL = timedelta(hours=1)
SHOWN_FOR = timedelta(days=7)
logger = logging.getLogger(__name__)


def note(provider: IdentityProvider) -> None:
    """Notes that groups came, at most once an hour; call it outside of a transaction.

    The old value guards the update, so that of several workers one writes. A database too busy to take it is
    left alone: the identity provider comes again, and what it gets is an error about groups either way.
    """
    now = timezone.now()
    try:
        seen_at = provider.groups_seen_at
        if seen_at is None or now - seen_at >= NOTE_INTERVAL:
            IdentityProvider.objects.filter(pk=provider.pk, groups_seen_at=seen_at).update(groups_seen_at=now)
    except OperationalError:
        # No exception text: a driver may quote values of the statement in it.
        logger.warning("The database was too busy to note that %s sends groups.", provider.key)


def is_on(provider: IdentityProvider, now: datetime) -> bool:
    """Whether groups came within the last seven days before `now`."""
    return provider.groups_seen_at is not None and now - provider.groups_seen_at < SHOWN_FOR


def switch_of(provider: IdentityProvider) -> str:
    """Where the identity provider's own pages switch groups off, in sentences."""
    return GUIDES[IdentityProvider.Kind(provider.kind)].groups_off
