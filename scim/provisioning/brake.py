"""The brake: removals of more than a share of an identity provider's people wait for an administrator."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from employees.audit import Actor
from employees.models import Employee

from . import events
from .models import Hold, IdentityProvider, LogEntry, ProvisioningEvent, ProvisioningSettings
from .services import current_settings

AHEAD: Final = 1_000
"""How many removals one transaction may have, a bulk request included."""


@dataclass(frozen=True)
class Situation:
    """What one transaction finds before its own removals.

    Args:
        holding: a hold is open: every removal joins it.
        removed: removals within the window, since the last decision of an administrator.
    """

    settings: ProvisioningSettings
    holding: bool
    removed: int


class Brake:
    """Decides, within one transaction, which removals of somebody who takes part are held.

    Those of one identity provider wait for each other, so that none is counted without the others.

    Attributes:
        asked: removals of this transaction.
        held: how many of them are held.
    """

    def __init__(self, provider: IdentityProvider) -> None:
        self.asked = self.held = 0
        self._provider = provider
        self._situation: Situation | None = None
        self._managed: int | None = None
        self._holding = False

    def __call__(self) -> bool:
        """Whether one more removal is held."""
        self.asked += 1
        if self._situation is None:
            self._situation = self._look()
            self._holding = self._situation.holding
        if not self._holding and self._is_too_many(self._situation):
            self._holding = True
        self.held += self._holding
        return self._holding

    def _look(self) -> Situation:
        serialize(self._provider)
        settings = current_settings()
        holds = Hold.objects.filter(identity_provider=self._provider).order_by()
        known = holds.aggregate(open=Max("pk", filter=Q(decided_at=None)), decided=Max("decided_at"))
        since = timezone.now() - timedelta(hours=settings.brake_hours)
        since = max(since, known["decided"] or since)
        removals = LogEntry.objects.filter(identity_provider=self._provider, removal=True, at__gt=since)
        removed = 0 if known["open"] else removals.order_by().count()
        return Situation(settings, known["open"] is not None, removed)

    def _is_too_many(self, situation: Situation) -> bool:
        """Opens the hold when this removal is beyond the threshold."""
        settings, removed = situation.settings, situation.removed + self.asked
        if removed * 100 <= settings.brake_percent * settings.brake_from:
            return False
        if self._managed is None:
            # No more than it takes to tell for this whole transaction.
            enough = (situation.removed + AHEAD) * 100 // max(settings.brake_percent, 1) + 1
            self._managed = managed(self._provider.key, enough) + situation.removed
        # Whoever removes people whom another one manages is in charge of those at least.
        in_charge_of = max(self._managed, removed)
        threshold = in_charge_of * settings.brake_percent // 100
        if in_charge_of < settings.brake_from or removed <= threshold:
            return False
        self._open(removed - 1, in_charge_of, threshold)
        return True

    def _open(self, removed: int, managed: int, threshold: int) -> None:
        Hold.objects.create(
            identity_provider=self._provider, removed=removed, managed=managed, threshold=threshold
        )
        events.record(
            ProvisioningEvent.Action.HOLD_OPENED,
            actor=Actor.identity_provider(self._provider.key, self._provider.name),
            identity_provider=self._provider,
            details=f"{removed:,} of {managed:,} employees were removed before",
        )


def serialize(provider: IdentityProvider) -> None:
    """Waits for every transaction with removals by an identity provider, and lets others wait until the end.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            key = f"brake:{provider.pk}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def managed(provider_key: str, enough: int) -> int:
    """How many active employees an identity provider manages, counted up to `enough`."""
    people = Employee.objects.present().filter(managed_by=provider_key, active=True).order_by()
    return people.values("pk")[:enough].count()
