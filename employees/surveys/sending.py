"""Sends what is due, a batch at a time: the mails that invite to rounds, and one reminder each."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import BooleanField, F, Func, Q

from . import mail
from .alone import alone
from .delivery import NoServer, PutOff, Refused, deliver
from .eligibility import Dates, takes_part
from .ending import why_ended
from .models import Invitation, Round

BATCH: Final = 100
"""Most mails of one connection; with a pace, one second's: who leaves meanwhile may still be written to."""

RUN_SECONDS: Final = 240.0
"""How long one run sends, so that whatever else is due from time to time need not wait for its end."""

TIMEOUT_SECONDS: Final = 30
"""How long a server may take for a reply, unless EMAIL_TIMEOUT says otherwise."""

ATTEMPTS: Final = 10
FIRST_DELAY: Final = timedelta(minutes=1)
"""Doubles with every attempt: the tenth is made eight and a half hours after the first."""

logger = logging.getLogger(__name__)

State = Invitation.State
Written = Mapping[str, Any]


class IsUnsent(Func):
    """Whether a state is that of an invitation to be sent, in the words of the condition of its index.

    SQLite, which plans before it knows the values, recognizes the condition by its words alone.
    """

    template = "%(expressions)s IN ('waiting', 'sending')"
    output_field = BooleanField()


def _sent_invitation(invitation: Invitation, now: datetime) -> Written:
    return {"state": State.SENT, "sent_at": now, "remind_at": reminder_of(invitation.round, now)}


def _sent_reminder(invitation: Invitation, now: datetime) -> Written:
    return {"reminded_at": now, "remind_at": None}


def _cancelled(invitation: Invitation, now: datetime, dates: Dates) -> Written:
    return {"state": State.CANCELLED, "ended_why": why_ended(invitation, now, dates)}


@dataclass(frozen=True)
class Queue:
    """One of the two kinds of mail, and what is written down of an invitation on the way.

    Attributes:
        moment: the field that says when the mail is due.
        waiting: holds for those whose mail has not been sent.
        taken: when the mail is about to be sent.
        released: when it was not, and will be tried again.
        sent, refused: when it was, and when it never will be.
        ended: when the link has died.
    """

    kind: str
    moment: str
    waiting: Q
    taken: Written
    released: Written
    sent: Callable[[Invitation, datetime], Written]
    refused: Written
    ended: Callable[[Invitation, datetime, Dates], Written]

    def due(self, now: datetime) -> Q:
        return self.waiting & Q(**{f"{self.moment}__lte": now})


INVITATIONS: Final = Queue(
    mail.INVITES,
    "due_at",
    # Whoever sends is alone: what is being sent was left behind by a sender that has ended.
    Q(IsUnsent(F("state")), round__participants_at__isnull=False),
    taken={"state": State.SENDING},
    released={"state": State.WAITING},
    sent=_sent_invitation,
    refused={"state": State.FAILED},
    ended=_cancelled,
)
REMINDERS: Final = Queue(
    mail.REMINDS,
    "remind_at",
    Q(remind_at__isnull=False, state=State.SENT, answered_at=None),
    taken={},
    released={},
    sent=_sent_reminder,
    refused={"remind_at": None},
    ended=lambda invitation, now, dates: {"remind_at": None},
)


def send_due(now: datetime, *, seconds: float = RUN_SECONDS) -> str:
    """Sends what is due, invitations first, and says what became of it; "" while somebody else sends.

    Can be killed at any moment: only the mail in flight is sent again, with the same Message-ID.

    Args:
        seconds: after which the rest is left to the next run.
    """
    if not any(Invitation.objects.filter(queue.due(now)).exists() for queue in (INVITATIONS, REMINDERS)):
        return ""
    run = _Run(now, seconds)
    with alone("sending") as nobody_else_sends:
        if nobody_else_sends:
            run.send_all()
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(run.outcomes.items()))


def reminder_of(round_: Round, sent_at: datetime) -> datetime | None:
    """When somebody is reminded: half-way through the round, and not soon after they were invited.

    None for whom that would be too late, and where another tool asks and alone knows who has answered.
    """
    length = round_.closes_at - round_.opened_at
    moment = max(round_.opened_at + length / 2, sent_at + length / 4)
    return None if round_.external_url or moment >= round_.closes_at else moment


class _Run:
    """Sends until nothing is due, the time is up, or the server takes no mail.

    Attributes:
        outcomes: how many mails came to what.
    """

    def __init__(self, now: datetime, seconds: float) -> None:
        self.outcomes: Counter[str] = Counter()
        self._began, self._start = now, time.monotonic()
        self._next, self._end = self._start, self._start + seconds

    def send_all(self) -> None:
        """Sends what is due of both kinds, as far as the server takes mail."""
        try:
            self.send(INVITATIONS)
            self.send(REMINDERS)
        except NoServer as error:
            logger.warning("Survey mail waits for the next run. %s", error)

    def send(self, queue: Queue) -> None:
        """Sends what is due of one kind.

        Raises:
            NoServer: there is no use in going on.
        """
        while time.monotonic() < self._end and (batch := self._take(queue)):
            dates = Dates.read()
            with closing(get_connection(timeout=settings.EMAIL_TIMEOUT or TIMEOUT_SECONDS)) as connection:
                for position, invitation in enumerate(batch, start=1):
                    try:
                        self._send(queue, invitation, dates, connection)
                    except NoServer:
                        rest = [invitation.pk for invitation in batch[position:]]
                        Invitation.objects.filter(queue.waiting, pk__in=rest).update(**queue.released)
                        raise

    def _take(self, queue: Queue) -> list[Invitation]:
        """The next batch with their employees, written down as being sent before any of it is."""
        now = self._now()
        size = min(BATCH, settings.SURVEY_MAIL_RATE or BATCH)
        due = Invitation.objects.filter(queue.due(now)).order_by(queue.moment, "pk")
        mine = Q(queue.waiting, pk__in=list(due.values_list("pk", flat=True)[:size]))
        Invitation.objects.filter(mine).update(claimed_at=now, **queue.taken)
        people = Invitation.objects.select_related("round__schedule", "employee")
        return list(people.filter(mine).order_by(queue.moment, "pk"))

    def _send(self, queue: Queue, invitation: Invitation, dates: Dates, connection: BaseEmailBackend) -> None:
        """Sends one mail, unless the link has died, and writes down what became of it."""
        employee, now = invitation.employee, self._now()
        if employee is None or not takes_part(invitation, now, dates):
            self._note(invitation, f"{queue.kind}s cancelled", **queue.ended(invitation, now, dates))
            return
        try:
            if not employee.work_email:
                raise Refused("No e-mail address is known.")
            self._wait()
            deliver(mail.mail_of(invitation, queue.kind, connection), connection)
        except Refused as error:
            self._fail(queue, invitation, str(error))
        except PutOff as error:
            self._put_off(queue, invitation, str(error))
            if isinstance(error, NoServer):
                raise
        else:
            sent = queue.sent(invitation, self._now())
            self._note(invitation, f"{queue.kind}s sent", attempts=0, problem="", **sent)

    def _put_off(self, queue: Queue, invitation: Invitation, problem: str) -> None:
        attempts = invitation.attempts + 1
        if attempts >= ATTEMPTS:
            self._fail(queue, invitation, f"Given up after {attempts} attempts. {problem}")
            return
        later = {queue.moment: self._now() + FIRST_DELAY * 2**invitation.attempts}
        written = {"attempts": attempts, "problem": problem, **queue.released, **later}
        self._note(invitation, f"{queue.kind}s put off", **written)

    def _fail(self, queue: Queue, invitation: Invitation, problem: str) -> None:
        written = {"attempts": invitation.attempts + 1, "problem": problem, **queue.refused}
        self._note(invitation, f"{queue.kind}s failed", **written)

    def _note(self, invitation: Invitation, outcome: str, **written: Any) -> None:
        Invitation.objects.filter(pk=invitation.pk).update(**written)
        self.outcomes[outcome] += 1

    def _wait(self) -> None:
        """Keeps the pace."""
        time.sleep(max(0.0, self._next - time.monotonic()))
        gap = 1 / settings.SURVEY_MAIL_RATE if settings.SURVEY_MAIL_RATE else 0
        self._next = max(self._next, time.monotonic()) + gap

    def _now(self) -> datetime:
        return self._began + timedelta(seconds=time.monotonic() - self._start)
