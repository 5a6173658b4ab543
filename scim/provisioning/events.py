"""The record of what administrators and commands did to provisioning."""

from datetime import datetime, timedelta

from employees.audit import Actor

from .models import IdentityProvider, ProvisioningEvent


def record(
    action: ProvisioningEvent.Action,
    *,
    actor: Actor,
    identity_provider: IdentityProvider | None = None,
    details: str = "",
) -> ProvisioningEvent:
    """Writes one event, in the caller's transaction.

    Args:
        details: what else there is to know; never a token or a digest.
    """
    return ProvisioningEvent.objects.create(
        action=action,
        identity_provider=identity_provider,
        details=details,
        actor_kind=actor.kind,
        actor_key=actor.key,
        actor_name=actor.name,
    )


def expiry_in_words(expires_at: datetime | None) -> str:
    """`expires 2030-01-31 00:00 UTC`, or `does not expire`."""
    return f"expires {expires_at:%Y-%m-%d %H:%M %Z}" if expires_at else "does not expire"


def overlap_in_words(overlap: timedelta) -> str:
    """What becomes of the older tokens: `older tokens end after 24 h`."""
    hours = overlap.total_seconds() / 3600
    return f"older tokens end after {hours:g} h" if hours else "older tokens ended at once"
