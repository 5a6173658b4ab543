"""What the command line tells of identity providers, for programs."""

from datetime import datetime
from typing import Any, Final

from . import cycles, steering
from .brake import managed
from .models import Cycle, IdentityProvider, ProvisioningSettings
from .services import current_settings
from .standing import Standing, standing_of

CYCLES_SHOWN: Final = 10


def status(now: datetime) -> dict[str, Any]:
    """Whether provisioning is enabled, and each identity provider with its latest cycles, as JSON's types.

    Moments are ISO 8601 in UTC, or None.
    """
    settings, providers = current_settings(), []
    for provider in IdentityProvider.objects.order_by("name_key"):
        cycles.observe(provider, now, fresh=True)
        providers.append(_provider(standing_of(provider, now), settings))
    return {"enabled": bool(settings.enabled), "identity_providers": providers}


def _provider(standing: Standing, settings: ProvisioningSettings) -> dict[str, Any]:
    provider = standing.provider
    hold = steering.open_hold(provider)
    latest = Cycle.objects.filter(identity_provider=provider)[:CYCLES_SHOWN]
    return {
        "name": provider.name,
        "kind": provider.kind,
        "state": standing.state.value,
        "last_seen": _moment(standing.last_seen),
        "token_last_used": _moment(standing.token_used),
        "next_expected": _moment(standing.next_expected),
        "employees_managed": standing.managed,
        "seat_limit": provider.seat_limit,
        "holds": {
            "people_held": standing.held,
            "threshold": hold.threshold if hold else _threshold(standing, settings),
            "since": _moment(hold.opened_at if hold else None),
        },
        "cycles": [_cycle(cycle) for cycle in latest],
    }


def _threshold(standing: Standing, settings: ProvisioningSettings) -> int | None:
    """How many removals the brake lets pass now; None while too few people are managed for it."""
    active = managed(standing.provider.key, standing.managed)
    return active * settings.brake_percent // 100 if active >= settings.brake_from else None


def _cycle(cycle: Cycle) -> dict[str, Any]:
    return {
        "id": cycle.pk,
        "started_at": _moment(cycle.started_at),
        "ended_at": _moment(cycle.ended_at),
        "closed": cycle.closed,
        **cycle.counts,
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
