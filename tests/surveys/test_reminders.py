"""One reminder, half-way through the round, to those who have not answered and still can."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from employees.surveys import answering, mail
from employees.surveys.models import Invitation, Round
from employees.surveys.progress import failures, progress
from employees.surveys.sending import reminder_of, send_due
from tests.employees.people import change
from tests.surveys.invitations import invite, round_of, stored
from tests.surveys.mail_server import MailServer

pytestmark = pytest.mark.django_db

HALF = timedelta(days=3.5)


@pytest.fixture
def round_() -> Round:
    return round_of()


def test_who_has_not_answered_is_reminded_once(mail_server: MailServer, round_: Round) -> None:
    silent, answered = invite("ada@example.com", round_), invite("bob@example.com", round_)
    send_due(timezone.now())
    answering.record(answered, 7, "", timezone.now())
    half = round_.opened_at + HALF
    assert send_due(half - timedelta(seconds=1)) == ""
    assert send_due(half) == "1 reminders sent"
    assert send_due(half + timedelta(days=3)) == ""
    reminder = mail_server.mails[-1]
    assert len(mail_server.mails) == 3
    assert reminder["To"] == "ada@example.com"
    assert reminder["Subject"] == "Reminder: How are you?"
    assert reminder["Message-ID"] == mail.message_id(silent, mail.REMINDS)
    assert stored(silent).reminded_at is not None
    assert stored(silent).state == Invitation.State.SENT
    assert progress(round_).reminded == 1


def test_who_has_left_or_answered_meanwhile_is_not(mail_server: MailServer, round_: Round) -> None:
    off, back, answered, ended = (invite(f"p{number}@example.com", round_) for number in range(4))
    send_due(timezone.now())
    for invitation in (off, back):
        assert invitation.employee is not None
        change(invitation.employee, active=False)
    assert back.employee is not None
    change(back.employee, active=True)
    answering.record(answered, 7, "", timezone.now())
    Invitation.objects.filter(pk=ended.pk).update(ended_at=timezone.now())
    assert send_due(round_.opened_at + HALF) == "3 reminders cancelled"
    assert send_due(round_.opened_at + HALF) == ""
    assert len(mail_server.mails) == 4
    assert {stored(each).state for each in (off, back)} == {Invitation.State.SENT}


def test_nobody_is_reminded_of_a_round_that_has_closed(mail_server: MailServer, round_: Round) -> None:
    invite("ada@example.com", round_)
    send_due(timezone.now())
    Round.objects.update(closed_at=timezone.now())
    assert send_due(round_.opened_at + HALF) == "1 reminders cancelled"
    assert len(mail_server.mails) == 1


def test_a_reminder_is_put_off_and_refused_too(mail_server: MailServer, round_: Round) -> None:
    invitation = invite("ada@example.com", round_)
    send_due(timezone.now())
    mail_server.recipients = lambda address: "452 Mailbox full"
    assert send_due(round_.opened_at + HALF) == "1 reminders put off"
    assert send_due(round_.opened_at + HALF) == ""
    later = stored(invitation).remind_at
    assert later is not None
    mail_server.recipients = lambda address: "550 Mailbox unavailable"
    assert send_due(later) == "1 reminders failed"
    assert send_due(later + timedelta(days=1)) == ""
    [failure] = failures(round_)
    assert (failure.state, failure.reminded_at) == (Invitation.State.SENT, None)


OPENED = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent_on_day", "reminded_on_day"),
    [(0.4, 3.5), (1.75, 3.5), (2, 3.75), (5, 6.75), (5.25, None), (6, None)],
)
def test_no_reminder_comes_soon_after_the_invitation(
    sent_on_day: float, reminded_on_day: float | None
) -> None:
    week = Round(opened_at=OPENED, closes_at=OPENED + timedelta(days=7))
    moment = reminder_of(week, OPENED + timedelta(days=sent_on_day))
    assert moment == (None if reminded_on_day is None else OPENED + timedelta(days=reminded_on_day))


def test_another_survey_tool_reminds_by_itself() -> None:
    week = Round(
        opened_at=OPENED, closes_at=OPENED + timedelta(days=7), external_url="https://surveys.example.com/42"
    )
    assert reminder_of(week, OPENED) is None
