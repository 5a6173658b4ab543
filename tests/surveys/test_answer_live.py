"""From the opening of a round to an answer, by mail and over HTTP, as somebody comes and goes."""

import re
import urllib.parse
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from django.utils import timezone

from employees import maintenance
from employees.audit import Actor
from employees.surveys import rounds
from employees.surveys.models import Answer, Round, Schedule
from employees.surveys.progress import progress
from tests.employees.people import change, hire
from tests.site import Site
from tests.surveys.invitations import stored
from tests.surveys.mail_server import MailServer

OPERATOR = Actor.command("survey")


@pytest.fixture
def schedule() -> Schedule:
    return Schedule.objects.create(
        name="Pulse",
        frequency=Schedule.Frequency.WEEKLY,
        starts_on=timezone.localdate(),
        send_at="00:00",
        time_zone="UTC",
        question="How are you?",
    )


def open_and_send(schedule: Schedule) -> Round:
    """A round opened now, with its mail sent by the command for everything periodic."""
    round_ = rounds.open_round(schedule, actor=OPERATOR, now=timezone.now())
    outcomes = {outcome.name: outcome for outcome in maintenance.run(timezone.now() + timedelta(seconds=1))}
    assert not [outcome for outcome in outcomes.values() if outcome.failed]
    return round_


def link_in(server: MailServer, address: str) -> str:
    """The path of the newest link that was sent to an address."""
    newest = [mail for mail in server.mails if mail["To"] == address][-1]
    body = newest.get_body(("plain",))
    assert body is not None
    [link] = re.findall(r"^http\S+", body.get_content(), re.MULTILINE)
    return str(urllib.parse.urlsplit(link).path)


@pytest.mark.django_db(transaction=True)
def test_coming_and_going(live_server: Any, mail_server: MailServer, schedule: Schedule) -> None:
    ada, bob = hire("ada@example.com"), hire("bob@example.com")
    with httpx2.Client(base_url=live_server.url) as http:
        first = open_and_send(schedule)
        assert sorted(mail_server.receivers) == ["ada@example.com", "bob@example.com"]
        adas, bobs = (link_in(mail_server, f"{name}@example.com") for name in ("ada", "bob"))
        assert http.get(adas).status_code == http.get(bobs).status_code == 200

        change(ada, active=False)
        assert http.get(adas).status_code == 410
        assert http.post(adas, data={"score": "1"}).status_code == 410
        change(ada, active=True)
        assert http.get(adas).status_code == 410

        answered = http.post(bobs, data={"score": "9", "comment": "Fine"})
        assert (answered.status_code, answered.headers["Location"]) == (303, bobs)
        assert "Thank you" in http.get(bobs).text
        change(bob, active=False)
        assert http.get(bobs).status_code == 200

        second = open_and_send(schedule)
        assert http.get(adas).status_code == 410
        assert mail_server.receivers[2:] == ["ada@example.com"]
        again = link_in(mail_server, "ada@example.com")
        assert again != adas
        assert http.get(again).status_code == 200
        assert not http.cookies
    assert Answer.objects.values_list("round", "score", "comment").get() == (first.pk, 9, "Fine")
    assert (progress(first).sent, progress(second).sent) == (2, 1)


@pytest.mark.django_db
def test_who_is_invited_again_gets_a_mail_of_its_own(mail_server: MailServer, schedule: Schedule) -> None:
    ada = hire("ada@example.com")
    round_ = open_and_send(schedule)
    change(ada, active=False)
    change(ada, active=True)
    invitation = rounds.add_participant(round_, ada, actor=OPERATOR, now=timezone.now())
    list(maintenance.run(timezone.now() + timedelta(seconds=1)))
    assert stored(invitation).state == "sent"
    assert len(set(mail_server.message_ids)) == 2


def test_a_served_page_and_its_log(site: Site) -> None:
    page = httpx2.get(f"{site.url}/s/1.abcdefghijklmnopqrstuv/")
    assert page.status_code == 404
    [style] = re.findall('href="(/static/surveys/answer[^"]*css)"', page.text)
    assert httpx2.get(site.url + style).status_code == 200
    assert "GET /s/[token]/ 404" in site.log()
    assert "abcdefghijklmnopqrstuv" not in site.log()
