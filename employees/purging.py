"""Employees who were deleted long ago leave the database for good."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from .models import Change, Employee, EmployeeQuerySet
from .retry import retried

BATCH: Final = 200
"""People of one transaction."""


def purge(before: datetime) -> int:
    """Purges everybody who was deleted before a moment and has not been touched since.

    With the record go its search keys, its participation and whatever else hangs on it; invitations to
    surveys, and people who report to it, lose the way to it. What happened to somebody, when and by whom
    stays as rows without a value. Somebody whose removal is held is not purged: it may be rejected.

    Returns:
        How many people that were; of several at once each counts its own.
    """
    purged = 0
    while number := _purge_some(before):
        purged += number
    return purged


@retried
@transaction.atomic
def _purge_some(before: datetime) -> int:
    # Who is locked is being restored, or purged by somebody else.
    people = _deleted(before).order_by("pk").select_for_update(skip_locked=True)
    ids = list(people.values_list("pk", flat=True)[:BATCH])
    if ids:
        _forget_values(ids)
        _deleted(before).filter(pk__in=ids).delete()
    return len(ids)


def _deleted(before: datetime) -> EmployeeQuerySet:
    """Who was deleted, and not released from a hold after that, before a moment."""
    return Employee.objects.filter(deleted_at__lt=before, updated_at__lt=before, held_by="")


def _forget_values(ids: list[int]) -> None:
    """Empties the changes of people: the one way around `AppendOnly`, for the one reason there can be."""
    QuerySet(Change).filter(employee__in=ids).update(before={}, after={})
