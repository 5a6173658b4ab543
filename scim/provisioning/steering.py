"""What administrators do to a connected identity provider: pause it, limit it, decide on its holds."""

from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from employees import holding
from employees.audit import Actor

from . import brake, events
from .models import Hold, IdentityProvider, ProvisioningEvent, ProvisioningSettings
from .services import locked_settings

Action = ProvisioningEvent.Action


@transaction.atomic
def pause(provider: IdentityProvider, *, actor: Actor) -> bool:
    """Refuses an identity provider's writes from now on, and nothing else of it.

    Returns:
        False when it was paused already: then nothing is written.
    """
    unpaused = IdentityProvider.objects.filter(pk=provider.pk, paused_at=None)
    if not unpaused.update(paused_at=timezone.now(), paused_by=actor.name):
        return False
    events.record(Action.PAUSED, actor=actor, identity_provider=provider)
    return True


@transaction.atomic
def resume(provider: IdentityProvider, *, actor: Actor) -> bool:
    """Takes an identity provider's writes again.

    Returns:
        False when it was not paused: then nothing is written.
    """
    paused = IdentityProvider.objects.filter(pk=provider.pk, paused_at__isnull=False)
    if not paused.update(paused_at=None, paused_by=""):
        return False
    events.record(Action.RESUMED, actor=actor, identity_provider=provider)
    return True


@transaction.atomic
def limit_seats(provider: IdentityProvider, limit: int | None, *, actor: Actor) -> bool:
    """Says how many active employees an identity provider may manage; None for any number.

    Returns:
        False when it was so already: then nothing is written.
    """
    current = IdentityProvider.objects.select_for_update().get(pk=provider.pk)
    if current.seat_limit == limit:
        return False
    IdentityProvider.objects.filter(pk=provider.pk).update(seat_limit=limit)
    details = f"{limit:,} seats" if limit is not None else "no limit"
    events.record(Action.SEATS_LIMITED, actor=actor, identity_provider=provider, details=details)
    return True


@transaction.atomic
def change_settings(
    *, brake_percent: int, brake_from: int, brake_hours: int, log_days: int, actor: Actor
) -> bool:
    """Sets when the brake holds removals, and how long the provisioning log is kept.

    Returns:
        False when they were so already: then nothing is written.
    """
    settings = locked_settings()
    wanted = {
        "brake_percent": brake_percent,
        "brake_from": brake_from,
        "brake_hours": brake_hours,
        "log_days": log_days,
    }
    changed = {name: value for name, value in wanted.items() if getattr(settings, name) != value}
    if not changed:
        return False
    ProvisioningSettings.objects.filter(pk=settings.pk).update(**changed)
    details = ", ".join(f"{name} {value}" for name, value in changed.items())
    events.record(Action.SETTINGS_CHANGED, actor=actor, details=details)
    return True


def open_hold(provider: IdentityProvider) -> Hold | None:
    """The hold of an identity provider that waits for a decision."""
    return Hold.objects.filter(identity_provider=provider, decided_at=None).first()


def release_hold(hold: Hold, *, actor: Actor) -> Iterator[int]:
    """Lets the removals of a hold take effect; tells after each batch how many people have left by then."""
    return _decide(hold, Hold.Decision.RELEASED, holding.release, actor)


def reject_hold(hold: Hold, *, actor: Actor) -> Iterator[int]:
    """Keeps the people of a hold; tells after each batch how many are active again by then."""
    return _decide(hold, Hold.Decision.REJECTED, holding.reject, actor)


def dissolve(hold: Hold, *, actor: Actor) -> bool:
    """Closes a hold whose people have all come back by themselves; False while somebody is left."""
    return _close(hold, Hold.Decision.DISSOLVED, actor)


Verb = Callable[..., Iterator[int]]


def _decide(hold: Hold, decision: Hold.Decision, verb: Verb, actor: Actor) -> Iterator[int]:
    """Decides about everybody, then closes the hold; begun again where somebody was interrupted."""
    decided = 0
    while not _close(hold, decision, actor):
        before = decided
        for done in verb(hold.identity_provider.key, actor=actor):
            batch, decided = before + done - decided, before + done
            Hold.objects.filter(pk=hold.pk).update(people=F("people") + batch)
            yield decided


@transaction.atomic
def _close(hold: Hold, decision: Hold.Decision, actor: Actor) -> bool:
    """Closes a hold unless somebody is left in it; True when it is closed, by whomever that was."""
    # Whoever removes people at this moment may have seen it open; what they have held is part of it.
    brake.serialize(hold.identity_provider)
    undecided = Hold.objects.filter(pk=hold.pk, decided_at=None)
    if undecided.exists() and holding.held(hold.identity_provider.key).exists():
        return False
    if not undecided.update(decided_at=timezone.now(), decision=decision, decided_by=actor.name):
        return True
    action = Action.HOLD_REJECTED if decision == Hold.Decision.REJECTED else Action.HOLD_RELEASED
    hold.refresh_from_db(fields=["people"])
    details = f"{hold.people:,} employees" if hold.people else "nobody was left"
    events.record(action, actor=actor, identity_provider=hold.identity_provider, details=details)
    return True
