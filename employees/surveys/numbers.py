"""What has become of the invitations of rounds, and who left a schedule's rounds since the last one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from employees.models import Employee, ParticipationPeriod

from .audience import holds
from .eligibility import reasons
from .models import Exclusion, Invitation, Round, Schedule

DELETED: Final = "deleted"
NOT_IN_AUDIENCE: Final = "audience"
DROPPED_OUT: Final = {
    **{str(value): str(label) for value, label in Exclusion.Reason.choices},
    DELETED: "Deleted",
    NOT_IN_AUDIENCE: "No longer in the audience",
}
"""Why somebody drops out, in words, by what `dropped_out` says."""


@dataclass(frozen=True)
class Numbers:
    """How many were invited to a round, and what came of it.

    Attributes:
        sent: of those invited, whom the mail has reached as far as the mail server knows.
        opened, answered: who opened their link, and who answered, be they here still or not.
        ended: those without an answer whose link died before the round ended.
        excluded: how many of the audience are not in it, by `Exclusion.Reason`, as far as that was news.
    """

    invited: int = 0
    sent: int = 0
    opened: int = 0
    answered: int = 0
    ended: int = 0
    excluded: Mapping[str, int] = field(default_factory=dict)


def numbers_of(rounds: Collection[Round]) -> dict[int, Numbers]:
    """The numbers of rounds by their primary keys; two queries for all of them."""
    counts = {
        "invited": Count("pk"),
        "sent": Count("pk", filter=Q(sent_at__isnull=False)),
        "opened": Count("pk", filter=Q(opened_at__isnull=False)),
        "answered": Count("pk", filter=Q(answered_at__isnull=False)),
        "ended": Count("pk", filter=Q(answered_at=None) & (Q(ended_at__isnull=False) | has_died())),
    }
    ids = [round_.pk for round_ in rounds]
    invitations = Invitation.objects.filter(round__in=ids).order_by().values("round")
    found = {row["round"]: row for row in invitations.annotate(**counts)}
    excluded: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    left_out = Exclusion.objects.filter(round__in=ids).values_list("round", "reason")
    for pk, reason, number in left_out.annotate(number=Count("pk")):
        excluded[pk][reason] = number
    return {pk: _numbers(found.get(pk, {}), counts, excluded[pk]) for pk in ids}


def _numbers(row: Mapping[str, Any], counted: Iterable[str], excluded: Mapping[str, int]) -> Numbers:
    return Numbers(**{name: row.get(name, 0) for name in counted}, excluded=excluded)


def of_invitation() -> Q:
    """For querysets of periods: the one in which somebody was invited, of an outer query of invitations."""
    return Q(employee=OuterRef("employee_id"), started_at=OuterRef("active_since"))


def has_died() -> Q:
    """For invitations of rounds that are open: their participant has left since, or is gone for good."""
    left = Exists(ParticipationPeriod.objects.filter(of_invitation()))
    return Q(round__closed_at=None) & (Q(employee=None) | Q(left))


def dropped_out(schedule: Schedule, on: date) -> QuerySet[Employee, Any]:
    """Who was invited to the latest round of a schedule and will not be to one on a day.

    Each has `why`, a key of `DROPPED_OUT`. Of those who take part no longer, `left_at`, `left_reason`,
    `left_by` and `left_by_kind` say what their last `ParticipationPeriod` does; others are left out by the
    hold, a date or the audience.
    """
    latest = schedule.rounds.order_by("-number").first()
    if latest is None:
        return Employee.objects.none()
    found = {str(reason): condition for reason, condition in reasons(on).items()}
    held = Exclusion.Reason.HELD.value
    conditions = {held: found.pop(held), DELETED: Q(deleted_at__isnull=False), **found}
    if schedule.audience:
        conditions[NOT_IN_AUDIENCE] = ~holds(schedule.audience)
    why = Case(*(When(condition, then=Value(reason)) for reason, condition in conditions.items()))
    ends = {f"left_{name}": _ended(f"ended_{name}") for name in ("at", "by", "by_kind")}
    ends["left_reason"] = _ended("reason")
    invited = Invitation.objects.filter(round=latest, employee=OuterRef("pk"))
    people = Employee.objects.filter(Exists(invited), reduce(or_, conditions.values()))
    return people.annotate(why=why, **ends)


def _ended(name: str) -> Case:
    """What the last period of somebody who takes part no longer says."""
    last = ParticipationPeriod.objects.filter(employee=OuterRef("pk")).order_by("-ended_at", "-pk")
    return Case(When(active_since=None, then=Subquery(last.values(name)[:1])))
