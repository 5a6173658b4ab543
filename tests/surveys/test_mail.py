"""The mail that invites to a round, as it arrives."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from employees.surveys import links, mail
from employees.surveys.models import Invitation
from employees.surveys.sending import send_due
from tests.employees.people import change, hire
from tests.surveys.invitations import invite, round_of
from tests.surveys.mail_server import MailServer

pytestmark = pytest.mark.django_db

QUESTION = "Is <everything> fine & well?"


def arrived(server: MailServer) -> tuple[Any, str, str]:
    """The one mail that came, its text and its HTML."""
    send_due(timezone.now())
    [message] = server.mails
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return message, text.get_content(), html.get_content()


def test_an_invitation(mail_server: MailServer, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Surveys <surveys@example.com>"
    invitation = invite(hire("ada@example.com", given_name="Ada"), round_of(question=QUESTION))
    message, text, html = arrived(mail_server)
    assert message["To"] == "ada@example.com"
    assert message["From"] == "Surveys <surveys@example.com>"
    assert message["Subject"] == QUESTION
    assert message["Message-ID"] == mail.message_id(invitation, mail.INVITES)
    assert message["Message-ID"].endswith("@example.com>")
    link = links.address_of(invitation)
    assert text.startswith("Hello Ada,")
    assert QUESTION in text
    assert f"\n{link}\n" in text.replace("\r\n", "\n")
    assert "without your name" in text
    assert f'href="{link}"' in html
    assert "Is &lt;everything&gt; fine &amp; well?" in html


def test_a_question_of_two_lines_and_no_name(mail_server: MailServer) -> None:
    invite(to=round_of(question="How are\r\nyou?"))
    message, text, _ = arrived(mail_server)
    assert message["Subject"] == "How are you?"
    assert text.startswith("Hello,")


def test_another_survey_tool_may_keep_names(mail_server: MailServer) -> None:
    invitation = invite(to=round_of(external_url="https://surveys.example.com/42"))
    _, text, html = arrived(mail_server)
    assert links.address_of(invitation) in text
    assert "without your name" not in text + html


@pytest.mark.parametrize(
    ("time_zone", "last_minute"),
    [
        ("Europe/Oslo", "Monday 9 March 2026, 00:59 (Europe/Oslo)"),
        ("Pacific/Honolulu", "Sunday 8 March 2026, 13:59 (Pacific/Honolulu)"),
        ("Nowhere", "Sunday 8 March 2026, 23:59 (UTC)"),
    ],
)
def test_until_when_is_told_where_they_are(mail_server: MailServer, time_zone: str, last_minute: str) -> None:
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC)):
        person = hire()
        change(person, timezone=time_zone)
        invite(person, round_of(closes_at=datetime(2026, 3, 9, tzinfo=UTC)))
        _, text, html = arrived(mail_server)
    assert last_minute in text
    assert last_minute in html


def test_message_ids_are_of_one_mail(settings: Any) -> None:
    first, second = invite("ada@example.com"), invite("bob@example.com")
    back = Invitation(pk=first.pk, active_since=timezone.now())
    ids = {
        mail.message_id(invitation, kind)
        for invitation in (first, second, back)
        for kind in (mail.INVITES, mail.REMINDS)
    }
    assert len(ids) == 6
    assert links.token_of(first).partition(".")[2] not in "".join(ids)
    settings.DEFAULT_FROM_EMAIL = "surveys@bücher.example"
    assert mail.message_id(first, mail.INVITES).endswith("@xn--bcher-kva.example>")
