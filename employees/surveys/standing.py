"""What the page of a round says about each participant: how far they are, never what they answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from employees.keysets import SHOWN, Keyset, keyset
from employees.models import Employee

from .eligibility import Dates, is_open, takes_part
from .ending import why_ended
from .models import Invitation, Round

State = Invitation.State


@dataclass(frozen=True)
class Participant:
    """Somebody who was invited.

    Attributes:
        employee: None when they have been purged since.
        state: in a word or two.
        why: what their link died of, or what kept the mail from them.
        colour: of the label, by the names of the theme.
    """

    employee: Employee | None
    state: str
    why: str = ""
    colour: str = "info"
    is_held: bool = False
    added_by: str = ""


def participants(round_: Round, now: datetime, after: int = 0) -> tuple[list[Participant], Keyset]:
    """A page of the participants; at the end of the last one those who have been purged; three queries."""
    invitations = round_.invitations.select_related("employee")
    # In the order of the invitations' own keys a database would walk through those of all other rounds.
    page = keyset(invitations, after, by="employee_id")
    purged = [] if page.following else invitations.filter(employee=None).order_by()[:SHOWN]
    return list(_described(round_, [*page.rows, *purged], now)), page


def _described(round_: Round, invitations: Iterable[Invitation], now: datetime) -> Iterator[Participant]:
    dates = Dates.read()
    for invitation in invitations:
        invitation.round = round_
        state, why, colour = _standing(invitation, now, dates)
        employee = invitation.employee
        held = employee is not None and bool(employee.held_by)
        yield Participant(employee, state, why, colour, held, invitation.added_by)


def _standing(invitation: Invitation, now: datetime, dates: Dates) -> tuple[str, str, str]:
    if invitation.answered_at:
        return "Answered", "", "success"
    if invitation.ended_at:
        return "Left", invitation.ended_why, "warning"
    if is_open(invitation.round, now) and not takes_part(invitation, now, dates):
        return "Left", why_ended(invitation, now, dates), "warning"
    if invitation.state in (State.FAILED, State.CANCELLED):
        colour = "danger" if invitation.state == State.FAILED else "warning"
        return invitation.get_state_display(), invitation.problem or invitation.ended_why, colour
    if invitation.opened_at:
        return "Opened", "", "info"
    return invitation.get_state_display(), invitation.problem, "info" if invitation.sent_at else "default"
