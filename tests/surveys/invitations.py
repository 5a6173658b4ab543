"""Rounds and invitations as the database holds them, written by hand."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from employees.models import Employee
from employees.surveys.models import Invitation, Round, Schedule
from tests.employees.people import hire, now


def round_of(**facts: Any) -> Round:
    """A round that has just opened for a week, and its schedule."""
    schedule, _ = Schedule.objects.get_or_create(
        name="Weekly pulse", frequency=Schedule.Frequency.WEEKLY, starts_on=timezone.localdate()
    )
    opened_at = facts.pop("opened_at", timezone.now())
    values = {
        "number": schedule.rounds.count() + 1,
        "opened_at": opened_at,
        "closes_at": opened_at + timedelta(days=7),
        "participants_at": opened_at,
        "question": "How are you?",
        **facts,
    }
    return Round.objects.create(schedule=schedule, **values)


def invite(employee: Employee | str = "ada@example.com", to: Round | None = None, **facts: Any) -> Invitation:
    """An invitation that is due, of somebody who is hired for it when they are not there."""
    round_ = to or round_of()
    person = hire(employee) if isinstance(employee, str) else now(employee)
    since = person.active_since or timezone.now()
    values = {"due_at": round_.opened_at, "active_since": since, **facts}
    return Invitation.objects.create(round=round_, employee=person, **values)


def stored(invitation: Invitation) -> Invitation:
    """The invitation as the database has it."""
    return Invitation.objects.get(pk=invitation.pk)
