"""Invitations go out once, to those who still take part, as fast as the server likes."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from employees.surveys import mail
from employees.surveys.alone import alone
from employees.surveys.models import Invitation
from employees.surveys.progress import Progress, failures, progress
from employees.surveys.sending import BATCH, INVITATIONS, REMINDERS, Queue, send_due
from tests.employees.people import change, delete, hire
from tests.surveys.invitations import invite, round_of, stored
from tests.surveys.mail_server import MailServer
from tests.surveys.test_answer_page import DATES, UPDATE

pytestmark = pytest.mark.django_db

State = Invitation.State


def send(**options: Any) -> str:
    return send_due(timezone.now(), **options)


def states() -> list[str]:
    return list(Invitation.objects.order_by("pk").values_list("state", flat=True))


def crowd(number: int, **facts: Any) -> list[Invitation]:
    round_ = round_of(**facts)
    return [invite(f"p{each:03}@example.com", round_) for each in range(number)]


def test_what_is_due_is_sent_once(mail_server: MailServer) -> None:
    invitations = crowd(3)
    assert send() == "3 invitations sent"
    assert send() == ""
    assert sorted(mail_server.receivers) == [f"p{each:03}@example.com" for each in range(3)]
    assert mail_server.message_ids == [mail.message_id(each, mail.INVITES) for each in invitations]
    assert states() == [State.SENT] * 3
    assert all(each.sent_at and each.claimed_at for each in map(stored, invitations))


def test_what_is_not_due_waits(mail_server: MailServer) -> None:
    invite("ada@example.com", due_at=timezone.now() + timedelta(minutes=1))
    invite("bob@example.com", round_of(participants_at=None))
    assert send() == ""
    assert states() == [State.WAITING] * 2
    assert send_due(timezone.now() + timedelta(minutes=1)) == "1 invitations sent"
    assert mail_server.receivers == ["ada@example.com"]


def test_who_left_between_is_not_written_to(mail_server: MailServer) -> None:
    round_ = round_of()
    names = ("here", "off", "back", "left", "separated", "purged")
    people = {name: hire(f"{name}@example.com") for name in names}
    invitations = {name: invite(person, round_) for name, person in people.items()}
    change(people["off"], active=False)
    change(people["back"], active=False)
    change(people["back"], active=True)
    delete(people["left"])
    change(people["separated"], attribute_separationdate="2001-01-01")
    Invitation.objects.filter(pk=invitations["purged"].pk).update(employee=None)
    assert send() == "5 invitations cancelled, 1 invitations sent"
    assert mail_server.receivers == ["here@example.com"]
    assert {name: stored(each).ended_why for name, each in invitations.items()} == {
        "here": "",
        "off": "Deactivated",
        "back": "Deactivated",
        "left": "Deleted",
        "separated": "Separation date has passed",
        "purged": "Deleted",
    }
    assert states() == [State.SENT] + [State.CANCELLED] * 5


def test_nothing_goes_out_after_the_end(mail_server: MailServer) -> None:
    late = invite("ada@example.com", round_of(opened_at=timezone.now() - timedelta(days=8)))
    closed = invite("bob@example.com", round_of(closed_at=timezone.now()))
    assert send() == "2 invitations cancelled"
    assert {stored(each).ended_why for each in (late, closed)} == {"The round has closed"}
    assert not mail_server.mails


def test_nobody_without_an_address_is_written_to(mail_server: MailServer) -> None:
    round_ = round_of()
    invite("ada", round_)
    invite("bob@example.com", round_)
    assert send() == "1 invitations failed, 1 invitations sent"
    [failure] = failures(round_)
    assert (failure.state, failure.problem) == (State.FAILED, "No e-mail address is known.")


def test_a_batch_has_one_connection(mail_server: MailServer) -> None:
    crowd(BATCH + 1)
    assert send() == f"{BATCH + 1} invitations sent"
    assert mail_server.connections == 2
    assert len(set(mail_server.message_ids)) == len(mail_server.mails) == BATCH + 1


def test_the_pace(mail_server: MailServer, settings: Any) -> None:
    settings.SURVEY_MAIL_RATE = 20
    crowd(11)
    began = time.monotonic()
    send()
    assert time.monotonic() - began >= 10 / 20
    assert len(mail_server.mails) == 11


def test_a_run_has_an_end(mail_server: MailServer, settings: Any) -> None:
    settings.SURVEY_MAIL_RATE = 5  # a batch is a second's
    crowd(12)
    assert send(seconds=0.5) == "5 invitations sent"
    assert states() == [State.SENT] * 5 + [State.WAITING] * 7


def test_one_sender_at_a_time(mail_server: MailServer) -> None:
    crowd(2)
    with alone("sending") as nobody_else:
        assert nobody_else
        assert send() == ""
    assert not mail_server.mails
    assert send() == "2 invitations sent"


def test_what_a_killed_sender_left_is_sent_at_once(mail_server: MailServer) -> None:
    invitations = crowd(3)
    Invitation.objects.update(state=State.SENDING, claimed_at=timezone.now())
    assert send() == "3 invitations sent"
    assert mail_server.message_ids == [mail.message_id(each, mail.INVITES) for each in invitations]


def test_progress(mail_server: MailServer) -> None:
    round_, other = round_of(), round_of()
    for name, state in enumerate([*State, State.WAITING]):
        invite(f"p{name}@example.com", round_, state=state)
    invite("other@example.com", other)
    Invitation.objects.filter(state=State.WAITING, employee__user_name="p5@example.com").update(problem="450")
    Invitation.objects.filter(state=State.SENT).update(reminded_at=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        assert progress(round_) == Progress(waiting=3, retried=1, sent=1, reminded=1, failed=1, cancelled=1)
    assert len(captured) == 1
    assert progress(round_of()) == Progress(0, 0, 0, 0, 0, 0)


DUE = 'SELECT 1 AS "a" FROM "surveys_invitation"'
KEYS = 'SELECT "surveys_invitation"."id" AS'
BATCH_OF = 'LEFT OUTER JOIN "employees_employee"'
LOCK = "pg_try_advisory"


def test_queries_of_a_batch(mail_server: MailServer) -> None:
    """Four for a batch and one for each mail, however many there are."""
    crowd(BATCH + 2)
    people = Invitation.objects.filter(employee__user_name__gt="p050")
    for invitation in people.select_related("employee"):
        assert invitation.employee is not None
        change(invitation.employee, attribute_separationdate="2999-01-01")
    with CaptureQueriesContext(connection) as captured:
        send()
    asked = [query["sql"] for query in captured]
    batch = (KEYS, UPDATE, BATCH_OF, DATES)
    expected = [DUE, *batch, *[UPDATE] * BATCH, *batch, *[UPDATE] * 2, KEYS, KEYS]
    assert len(asked) == len(expected), "\n".join(asked)
    for sql, name in zip(asked, expected, strict=True):
        assert name in sql, (name, sql)
    limited = [sql for sql in asked if sql.startswith(KEYS)]
    assert all(f"LIMIT {BATCH}" in sql for sql in limited)


def test_nothing_due_costs_two_queries() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert send() == ""
    assert len(captured) == 2


@pytest.mark.parametrize(
    ("queue", "index"), [(INVITATIONS, "survey_invitation_due"), (REMINDERS, "survey_reminder_due")]
)
def test_what_is_due_is_found_by_its_index(queue: Queue, index: str) -> None:
    due = Invitation.objects.filter(queue.due(timezone.now())).order_by(queue.moment, "pk")[:10]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in due.explain()
