"""How far the mail of a round has got."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from .models import Invitation, Round

State = Invitation.State


@dataclass(frozen=True)
class Progress:
    """How many invitations of a round are waiting to be sent, were sent, failed for good or were cancelled.

    Attributes:
        retried: those of the waiting that could not be sent so far.
        reminded: those of the sent who got a reminder too.
    """

    waiting: int
    retried: int
    sent: int
    reminded: int
    failed: int
    cancelled: int


def progress(round_: Round) -> Progress:
    """How far the mail of a round has got; one query."""
    unsent = Q(state__in=(State.WAITING, State.SENDING))
    conditions = {
        "waiting": unsent,
        "retried": unsent & ~Q(problem=""),
        "sent": Q(state=State.SENT),
        "reminded": Q(reminded_at__isnull=False),
        "failed": Q(state=State.FAILED),
        "cancelled": Q(state=State.CANCELLED),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    return Progress(**round_.invitations.aggregate(**counts))


def failures(round_: Round) -> QuerySet[Invitation]:
    """The invitations whose last mail was not taken, with their employees: given up, or to be tried again."""
    return round_.invitations.exclude(problem="").select_related("employee").order_by("state", "pk")
