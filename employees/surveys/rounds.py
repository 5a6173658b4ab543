"""Rounds open, close, and take somebody in later: the one place that writes them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, Max, Subquery, Value, When

from employees.audit import Actor
from employees.models import Employee, ParticipationPeriod

from .eligibility import Dates, is_open, separated, takes_part, why_not
from .models import Exclusion, Invitation, Round, Schedule
from .numbers import of_invitation
from .participants import due_moment, write_down
from .timetable import closes_at, due_day, latest_rounds, today_of
from .zones import TIMEZONE


class NotOpen(Exception):
    """The round is closed."""


class OpenedMeanwhile(Exception):
    """Somebody else has opened a round of the schedule."""


class AlreadyInvited(Exception):
    """They are in the round, and their link works or was used."""


class CannotTakePart(Exception):
    """Somebody cannot take part now.

    Args:
        reason: why.
    """

    def __init__(self, reason: Exclusion.Reason) -> None:
        super().__init__(reason.label)
        self.reason = reason


def open_due(now: datetime) -> str:
    """Opens the rounds that are due, and says which; a task of `employees.maintenance`."""
    latest = latest_rounds()
    schedules = Schedule.objects.filter(enabled=True)
    due = [each for each in schedules if due_day(each, latest.get(each.pk), now) is not None]
    opened = [round_ for schedule in due if (round_ := _open_due(schedule, now))]
    return ", ".join(f"{round_.schedule} {round_.number} opened" for round_ in opened)


def close_due(now: datetime) -> str:
    """Closes the rounds whose end has come, and says which; a task of `employees.maintenance`."""
    ended = Round.objects.filter(closed_at=None, closes_at__lte=now).select_related("schedule")
    closed = [round_ for round_ in ended if _close(round_, "", round_.closes_at)]
    return ", ".join(f"{round_} closed" for round_ in closed)


@transaction.atomic
def open_round(schedule: Schedule, *, actor: Actor, now: datetime, after: int | None = None) -> Round:
    """Opens a round at once, whether the schedule is switched on or not, and closes the one before.

    Args:
        after: how many rounds there were when it was asked for; None for any number.

    Raises:
        OpenedMeanwhile: there are not that many any more.
    """
    schedule = _locked(schedule)
    if after is not None and schedule.rounds.count() != after:
        raise OpenedMeanwhile(schedule.name)
    closes = now + timedelta(days=schedule.duration_days)
    return _open(schedule, today_of(schedule, now), now, closes_at=closes, opened_by=actor.name)


def close_round(round_: Round, *, actor: Actor, now: datetime) -> None:
    """Closes a round before its time.

    Raises:
        NotOpen: it is closed already.
    """
    if not _close(round_, actor.name, now):
        raise NotOpen(str(round_))


@transaction.atomic
def add_participant(round_: Round, employee: Employee, *, actor: Actor, now: datetime) -> Invitation:
    """Invites somebody to a round that is open, or again after their link has died.

    Args:
        employee: anybody present, be they in the audience or not.

    Raises:
        NotOpen, AlreadyInvited, CannotTakePart: see there.
    """
    locked = Round.objects.select_for_update(of=("self",), no_key=True).select_related("schedule")
    round_ = locked.get(pk=round_.pk)
    if not is_open(round_, now):
        raise NotOpen(str(round_))
    employee = Employee.objects.present().get(pk=employee.pk)
    dates, today = Dates.read(), today_of(round_.schedule, now)
    reason = why_not(employee, today, dates)
    if reason or employee.active_since is None:
        raise CannotTakePart(reason or Exclusion.Reason.DEACTIVATED)
    invitation = Invitation.objects.filter(round=round_, employee=employee).first()
    if invitation is not None:
        invitation.round, invitation.employee = round_, employee
        if invitation.answered_at or takes_part(invitation, now, dates):
            raise AlreadyInvited(str(round_))
    due = due_moment(round_.schedule, today, now, employee.profile.get(TIMEZONE))
    # Whoever is invited again starts anew, under the same link.
    fresh = Invitation(pk=invitation.pk if invitation else None, round=round_, employee=employee, due_at=due)
    fresh.active_since, fresh.added_by = employee.active_since, actor.name
    fresh.save()
    Exclusion.objects.filter(round=round_, employee=employee).delete()
    return fresh


@transaction.atomic
def _open_due(schedule: Schedule, now: datetime) -> Round | None:
    """Opens the round that is due, unless somebody else has done so meanwhile."""
    schedule = _locked(schedule)
    latest = schedule.rounds.order_by("-number").first()
    day = due_day(schedule, latest, now)
    if day is None:
        return None
    return _open(schedule, day, now, closes_at=closes_at(schedule, day), occurrence=day)


def _locked(schedule: Schedule) -> Schedule:
    """The schedule as it is, which nobody else opens a round of until the transaction ends."""
    return Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)


def _open(schedule: Schedule, on: date, now: datetime, **fields: Any) -> Round:
    """A new round of a schedule that is locked; one that is open still is closed."""
    for earlier in schedule.rounds.filter(closed_at=None):
        _close(earlier, fields.get("opened_by", ""), min(now, earlier.closes_at))
    newest = schedule.rounds.aggregate(newest=Max("number"))["newest"] or 0
    round_ = Round.objects.create(
        schedule=schedule,
        number=newest + 1,
        opened_at=now,
        participants_at=now,
        question=schedule.question,
        external_url=schedule.external_url,
        audience=schedule.audience,
        **fields,
    )
    write_down(round_, today_of(schedule, now), on)
    return round_


@transaction.atomic
def _close(round_: Round, closed_by: str, at: datetime) -> bool:
    """Closes a round and writes down whose link had died by then; False when it is closed already."""
    if not Round.objects.filter(pk=round_.pk, closed_at=None).update(closed_at=at, closed_by=closed_by):
        return False
    unanswered = Invitation.objects.filter(round=round_, answered_at=None, ended_at=None)
    ended = ParticipationPeriod.objects.filter(of_invitation(), ended_at__lte=at)
    labels = ParticipationPeriod.Reason.choices
    why = Case(*(When(reason=reason, then=Value(label)) for reason, label in labels))
    ended_at, ended_why = (Subquery(ended.annotate(why=why).values(name)[:1]) for name in ("ended_at", "why"))
    unanswered.filter(Exists(ended)).update(ended_at=ended_at, ended_why=ended_why)
    unanswered.filter(employee=None).update(ended_at=at, ended_why=ParticipationPeriod.Reason.DELETED.label)
    if Dates.read().separation:
        passed = separated(today_of(round_.schedule, at), "employee_id")
        unanswered.filter(passed).update(ended_at=at, ended_why=Exclusion.Reason.SEPARATED.label)
    waiting = Invitation.objects.filter(round=round_, state=Invitation.State.WAITING)
    waiting.update(state=Invitation.State.CANCELLED)
    return True
