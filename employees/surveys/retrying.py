"""Mail that was not taken is tried again when an administrator says so."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from .eligibility import is_open
from .models import Invitation, Round

State = Invitation.State


@transaction.atomic
def try_again(round_: Round, *, now: datetime) -> int:
    """Makes the mails of an open round due that failed or were put off, as if none had been tried.

    Returns:
        How many; none of a round that is closed.
    """
    if not is_open(round_, now):
        return 0
    afresh = {"attempts": 0, "problem": ""}
    failed = round_.invitations.exclude(problem="").filter(answered_at=None, ended_at=None)
    reminders = failed.filter(state=State.SENT, reminded_at=None)
    number = reminders.update(remind_at=now, **afresh)
    invitations = failed.filter(Q(state=State.FAILED) | Q(state=State.WAITING))
    return number + invitations.update(state=State.WAITING, due_at=now, **afresh)
