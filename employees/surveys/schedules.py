"""Schedules as administrators define them: the one way to save and find them."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from employees.audit import Actor
from employees.folding import fold

from .models import Schedule

PLAN: Final = ("enabled", "frequency", "weeks", "starts_on", "time_zone")
"""What decides on which days rounds open."""


class NameTaken(Exception):
    """Another schedule has the name; the message says so."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a schedule {name} already.")


def save_schedule(schedule: Schedule, *, actor: Actor, now: datetime) -> None:
    """Saves a new schedule or one that was changed, and notes who did, and since when its days count.

    Raises:
        NameTaken: somebody else has saved one of that name, be it at the same moment.
    """
    before = Schedule.objects.filter(pk=schedule.pk).values(*PLAN).first()
    if before != {name: getattr(schedule, name) for name in PLAN}:
        schedule.planned_at = now
    schedule.changed_at, schedule.changed_by = now, actor.name
    try:
        with transaction.atomic():
            schedule.save()
    except IntegrityError as error:
        raise NameTaken(schedule.name) from error


def find_schedule(name: str) -> Schedule | None:
    """The schedule of a name, compared without case."""
    return Schedule.objects.filter(name_key=fold(name.strip())).first()
