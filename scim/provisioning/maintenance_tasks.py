"""What provisioning does from time to time, as `manage.py run_maintenance` calls it."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from employees import maintenance, purging
from employees.audit import Actor

from . import cycles, milestones, notifications, steering
from .models import Activity, Hold, IdentityProvider, LogEntry
from .services import current_settings

ACTOR: Final = Actor.command("run_maintenance")
BATCH: Final = 2_000
"""Entries of the log that one transaction deletes."""

UNKNOWN_KEPT: Final = timedelta(days=1)
"""How long it is kept that requests came with tokens that were never issued."""


def register() -> None:
    """Registers everything, in the order in which it is done: what is told of is looked at before."""
    maintenance.register("observe sync cycles", observe)
    maintenance.register("close holds", close_holds)
    maintenance.register("notify administrators", notifications.notify)
    maintenance.register("prune the provisioning log", prune)
    maintenance.register("purge deleted employees", purge)


def observe(now: datetime) -> str:
    milestones.observe_all(now)
    cycles.observe_all(now)
    return ""


def close_holds(now: datetime) -> str:
    """Closes the holds whose people have all come back or left by other ways."""
    waiting = Hold.objects.filter(decided_at=None).select_related("identity_provider").order_by("pk")
    closed = sum(steering.dissolve(hold, actor=ACTOR) for hold in waiting)
    return f"{closed:,} closed" if closed else ""


def prune(now: datetime) -> str:
    """Deletes what is older than the log is kept, but not what the brake counts or mail would repeat."""
    kept = current_settings()
    before = now - max(timedelta(days=kept.log_days), timedelta(hours=kept.brake_hours))
    pruned = 0
    for pk in IdentityProvider.objects.order_by("pk").values_list("pk", flat=True):
        pruned += _delete(LogEntry.objects.filter(identity_provider=pk, at__lt=before).order_by("at"))
    _delete(Activity.objects.filter(identity_provider=None, started_at__lt=now - UNKNOWN_KEPT))
    notifications.forget(now, before)
    return f"{pruned:,} entries" if pruned else ""


def purge(now: datetime) -> str:
    """Deletes employees for good who were deleted so long ago that nobody will restore them."""
    purged = purging.purge(now - timedelta(days=settings.DELETED_EMPLOYEE_DAYS))
    return f"{purged:,} employees" if purged else ""


def _delete(rows: QuerySet[Any]) -> int:
    """Deletes rows, a batch in each transaction, and returns how many."""
    deleted = 0
    while True:
        with transaction.atomic():
            # What somebody else is deleting already is theirs.
            batch = rows.select_for_update(skip_locked=True).values_list("pk", flat=True)
            ids = list(batch[:BATCH])
            rows.model._default_manager.filter(pk__in=ids).delete()
        deleted += len(ids)
        if len(ids) < BATCH:
            return deleted
