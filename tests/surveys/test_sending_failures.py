"""What a mail server puts off is tried again, what it refuses is listed, and nobody waits for either."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from employees.surveys import mail
from employees.surveys.models import Invitation, Round
from employees.surveys.progress import failures, progress
from employees.surveys.sending import ATTEMPTS, send_due
from tests.employees.people import hire
from tests.site import free_port
from tests.surveys.invitations import invite, round_of, stored
from tests.surveys.mail_server import Judge, MailServer

pytestmark = pytest.mark.django_db

State = Invitation.State
START = timezone.now()


@pytest.fixture
def round_() -> Round:
    return round_of(opened_at=START)


def of(address: str, reply: str) -> Judge:
    """Replies so to an address, and takes every other one."""
    return lambda recipient: reply if recipient == address else ""


def after(**elapsed: float) -> datetime:
    # Rounds begin when the module is imported, and people are hired after that.
    return timezone.now() + timedelta(**elapsed)


@pytest.mark.parametrize("step", ["recipients", "content"])
def test_what_is_refused_is_listed_and_not_tried_again(
    mail_server: MailServer, round_: Round, step: str
) -> None:
    setattr(
        mail_server, step, of("ada@example.com", "550 5.1.1 <ada@example.com> unknown, ask ada@example.com")
    )
    for name in ("ada", "bob", "cid"):
        invite(f"{name}@example.com", round_)
    assert send_due(after()) == "1 invitations failed, 2 invitations sent"
    assert mail_server.receivers == ["bob@example.com", "cid@example.com"]
    assert mail_server.connections == 1
    [failure] = failures(round_)
    assert failure.employee is not None
    assert failure.employee.user_name == "ada@example.com"
    assert failure.state == State.FAILED
    assert failure.problem == "The mail server answered 550: 5.1.1 [address] unknown, ask [address]"
    assert send_due(after(days=1)) == ""
    assert progress(round_).failed == 1


@pytest.mark.parametrize("step", ["recipients", "content"])
def test_what_is_put_off_is_tried_again_later_and_later(
    mail_server: MailServer, round_: Round, step: str
) -> None:
    setattr(mail_server, step, of("ada@example.com", "451 4.7.1 Try again later"))
    invitation = invite("ada@example.com", round_)
    invite("bob@example.com", round_)
    assert send_due(after()) == "1 invitations put off, 1 invitations sent"
    waits, moment = [], after()
    for _ in range(ATTEMPTS - 2):
        due_at = stored(invitation).due_at
        assert send_due(due_at - timedelta(seconds=1)) == ""
        waits.append((due_at - moment) / timedelta(minutes=1))
        moment = due_at
        assert send_due(moment) == "1 invitations put off"
    assert [round(wait) for wait in waits] == [1, 2, 4, 8, 16, 32, 64, 128]
    assert [failure.problem for failure in failures(round_)] == [
        "The mail server answered 451: 4.7.1 Try again later"
    ]
    assert progress(round_).retried == 1
    assert send_due(stored(invitation).due_at) == "1 invitations failed"
    assert stored(invitation).problem.startswith("Given up after 10 attempts. The mail server answered 451")
    assert send_due(after(days=1)) == ""


def test_a_second_attempt_that_succeeds(mail_server: MailServer, round_: Round) -> None:
    mail_server.recipients = of("ada@example.com", "452 Mailbox full")
    invitation = invite("ada@example.com", round_)
    send_due(after())
    mail_server.recipients = of("", "")
    assert send_due(stored(invitation).due_at) == "1 invitations sent"
    assert mail_server.message_ids == [mail.message_id(invitation, mail.INVITES)]
    assert not failures(round_)


def test_a_server_that_is_away_is_asked_once_a_run(
    mail_server: MailServer, round_: Round, settings: Any
) -> None:
    settings.EMAIL_PORT = free_port()
    invitations = [invite(f"p{number}@example.com", round_) for number in range(5)]
    assert send_due(after()) == "1 invitations put off"
    assert send_due(after()) == "1 invitations put off"
    assert [stored(each).attempts for each in invitations] == [1, 1, 0, 0, 0]
    assert {stored(each).state for each in invitations} == {State.WAITING}
    assert stored(invitations[0]).problem == "The mail server cannot be reached: Connection refused"
    settings.EMAIL_PORT = mail_server.port
    assert send_due(after(minutes=1)) == "5 invitations sent"
    assert len(set(mail_server.message_ids)) == len(mail_server.mails) == 5


@pytest.mark.parametrize("step", ["recipients", "content"])
def test_a_server_that_closes_is_left_alone(mail_server: MailServer, round_: Round, step: str) -> None:
    setattr(mail_server, step, of("p2@example.com", "421 Going down"))
    invitations = [invite(f"p{number}@example.com", round_) for number in range(5)]
    assert send_due(after()) == "1 invitations put off, 2 invitations sent"
    assert [stored(each).state for each in invitations] == [State.SENT] * 2 + [State.WAITING] * 3
    assert [stored(each).attempts for each in invitations] == [0, 0, 1, 0, 0]


def test_a_sender_who_is_refused_costs_nobody_their_invitation(
    mail_server: MailServer, round_: Round, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.sender = lambda address: f"550 Not from {address}"
    invitations = [invite(f"p{number}@example.com", round_) for number in range(3)]
    assert send_due(after()) == "1 invitations put off"
    assert {stored(each).state for each in invitations} == {State.WAITING}
    assert "550 Not from [address]" in stored(invitations[0]).problem
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == [f"Survey mail waits for the next run. {stored(invitations[0]).problem}"]


@pytest.mark.parametrize("address", ["a,b@example.com", "adä@example.com", "@@example.com"])
def test_an_address_that_is_none(mail_server: MailServer, round_: Round, address: str) -> None:
    person = hire("ada", emails=[{"value": address, "type": "work"}])
    assert person.work_email == address
    invite(person, round_)
    invite("bob@example.com", round_)
    assert send_due(after()) == "1 invitations failed, 1 invitations sent"
    [failure] = failures(round_)
    assert failure.problem == "The e-mail address cannot be written to."


def test_logs_tell_nobodys_address(
    mail_server: MailServer, round_: Round, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.recipients = of("ada@example.com", "550 No <ada@example.com>")
    invite("ada@example.com", round_)
    invite("bob@example.com", round_)
    send_due(after())
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert not [line for line in ours if "@example.com" in line or "/s/" in line]
