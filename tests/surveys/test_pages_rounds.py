"""Administration > Surveys > rounds: what their pages say, opening, closing and trying again."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from employees.surveys import answering, rounds
from employees.surveys.models import Invitation, Round, Schedule
from peakon_scim.roles import AUDITOR
from tests.employees.people import change, hire
from tests.surveys.pages import (
    MOST_QUERIES,
    answer,
    invitation,
    path,
    person,
    round_path,
    sent,
    signed_in,
    text_of,
)
from tests.surveys.schedules import ADMINISTRATOR, MONDAY, at, hold, invited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


State = Invitation.State


def states(text: str) -> dict[str, str]:
    """What the page says of each participant, after the heading."""
    listed = text.partition("what they answered is not.")[2].partition("© ")[0]
    found = re.findall(r"p(\d)@example.com (.*?)(?= p\d@example.com|$)", listed)
    return dict(found)


def test_the_page_says_how_far_everybody_is(
    hr: Client, plan: Schedule, clock: time_machine.Traveller
) -> None:
    round_ = plan.rounds.get()
    clock.move_to(at(MONDAY, 12))
    sent(1)
    sent(2, opened_at=at(MONDAY, 10))
    sent(3)
    answer(3, 9)
    sent(4)
    change(person(4), active=False)
    hold(person(1))
    refused = {"state": State.FAILED, "problem": "The mail server answered 550: no such user", "attempts": 1}
    Invitation.objects.filter(employee=person(5)).update(**refused)
    text = text_of(hr.get(round_path(round_)))
    said = states(text)
    assert said["0"].startswith("Waiting")
    assert said["1"].startswith("Sent their removal is held")
    assert said["2"].startswith("Opened")
    assert said["3"].startswith("Answered")
    assert said["4"].startswith("Left Deactivated")
    assert said["5"].startswith("Failed The mail server answered 550: no such user")
    assert "4 of 6 invitations are sent; 1 wait" in text
    assert "6 invited 4 sent 1 failed 2 opened 1 answered 1 left since" in text
    part = hr.get(round_path(round_, "figures"))
    assert "4 of 6 invitations are sent" in text_of(part)
    assert "<html" not in part.text
    clock.move_to(at(MONDAY, 30))
    change(person(4), active=True)
    assert states(text_of(hr.get(round_path(round_))))["4"].startswith("Left Deactivated")


def test_who_was_left_out_and_why(hr: Client, plan: Schedule, clock: time_machine.Traveller) -> None:
    clock.move_to(at(MONDAY, 30))
    change(person(0), active=False)
    hold(person(1))
    opened = rounds.open_round(plan, actor=ADMINISTRATOR, now=at(MONDAY, 31))
    text = text_of(hr.get(round_path(opened)))
    assert "deactivated 1" in text
    assert "their removal is held 1" in text
    text = text_of(hr.get(round_path(opened, "excluded")))
    assert "p0@example.com Deactivated" in text
    assert "p1@example.com Their removal is held" in text
    assert "p2@example.com" not in text


def test_results_are_shown_once_they_tell_nothing_about_anybody(
    hr: Client, plan: Schedule, clock: time_machine.Traveller
) -> None:
    round_ = plan.rounds.get()
    for number, score in enumerate((10, 7, 7, 3)):
        answer(number, score, f"Comment {number} <b>")
    text = text_of(hr.get(round_path(round_)))
    assert "They are shown when the round has closed, if at least 5 have answered" in text
    assert "Comment" not in text.replace("Comments", "")
    answer(4, 0)
    assert "on average" not in text_of(hr.get(round_path(round_)))
    rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 13))
    page = hr.get(round_path(round_))
    assert "5.4 on average, of 5 answers" in text_of(page)
    counted = dict(re.findall(r'<th scope="row">(\d+)</th>\s*<td>(\d+)</td>', page.text))
    assert {score: number for score, number in counted.items() if number != "0"} == {
        "0": "1",
        "3": "1",
        "7": "2",
        "10": "1",
    }
    assert len(counted) == 11
    assert sorted(re.findall(r"Comment \d &lt;b&gt;", page.text)) == [
        f"Comment {number} &lt;b&gt;" for number in range(4)
    ]
    comments = page.text.partition("<h3")[2].partition("</section>")[0]
    assert "example.com" not in comments


def test_four_answers_are_too_few_even_when_it_has_closed(hr: Client, plan: Schedule) -> None:
    round_ = plan.rounds.get()
    for number in range(4):
        answer(number, 5, "Comment")
    rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 13))
    text = text_of(hr.get(round_path(round_)))
    assert "Fewer than 5 have answered." in text
    assert "Comment" not in text
    assert "4 answered" in text


def test_opening_now_asks_and_opens_one(hr: Client, plan: Schedule) -> None:
    text = text_of(hr.get(path(plan, "open")))
    assert "6 people are invited." in text
    assert "The round that is open now closes, and its links stop working." in text
    for _ in range(2):
        response = hr.post(path(plan, "open"), {"rounds": "1"})
        assert response.status_code == 302
    first, second = plan.rounds.order_by("number")
    assert (first.closed_by, second.opened_by) == ("HR administrator@example.com",) * 2
    assert invited(second) == {f"p{number}@example.com" for number in range(6)}
    assert "Opened 2 March 2026, 01:00 by HR administrator@example.com" in text_of(hr.get(round_path(second)))


def test_closing_asks_and_closes(hr: Client, plan: Schedule) -> None:
    round_ = plan.rounds.get()
    assert "Personal links stop working at once" in text_of(hr.get(round_path(round_, "close")))
    assert Round.objects.get().closed_at is None
    assert "Pulse 1 is closed." in text_of(hr.post(round_path(round_, "close"), follow=True))
    assert Round.objects.get().closed_by == "HR administrator@example.com"
    assert "was closed already" in text_of(hr.post(round_path(round_, "close"), follow=True))
    page = hr.get(round_path(round_))
    assert "data-refresh-url" not in page.text
    assert round_path(round_, "close") not in page.text


def test_mail_that_was_not_taken_is_tried_again(hr: Client, plan: Schedule) -> None:
    round_, mails = plan.rounds.get(), Invitation.objects
    trouble = {"attempts": 10, "problem": "The mail server answered 550"}
    mails.filter(employee=person(0)).update(state=State.FAILED, **trouble)
    mails.filter(employee=person(1)).update(due_at=at(MONDAY, 20), **trouble)
    sent(2, **trouble)
    sent(3, **trouble, answered_at=at(MONDAY, 10))
    text = text_of(hr.get(round_path(round_)))
    assert "Mail that was not taken" in text
    assert "p2@example.com The mail server answered 550 reminder" in text
    said = text_of(hr.post(round_path(round_, "retry"), follow=True))
    assert "To be tried again within minutes: 3." in said
    again = {(each.state, each.due_at) for each in mails.filter(employee__in=[person(0), person(1)])}
    assert again == {(State.WAITING, at(MONDAY, 1))}
    assert invitation(2).remind_at == at(MONDAY, 1)
    assert set(mails.exclude(employee=person(3)).values_list("attempts", "problem")) == {(0, "")}
    mails.filter(employee=person(0)).update(state=State.FAILED, **trouble)
    rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 13))
    assert "Nothing is to be tried again." in text_of(hr.post(round_path(round_, "retry"), follow=True))
    assert invitation(0).state == State.FAILED


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("verb", ["", "figures", "excluded"])
def test_pages_of_a_round_ask_few_queries(
    hr: Client,
    plan: Schedule,
    verb: str,
    closed: bool,
    clock: time_machine.Traveller,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    clock.move_to(at(MONDAY, 5))
    everybody = [hire(f"q{number}@example.com", manager=person(0)) for number in range(150)]
    negated = {"fact": "manager", "values": [str(person(1).uuid)], "negated": True}
    Schedule.objects.filter(pk=plan.pk).update(audience=[negated])
    for each in everybody[:40]:
        change(each, active=False)
    clock.move_to(at(MONDAY, 6))
    round_ = rounds.open_round(plan, actor=ADMINISTRATOR, now=at(MONDAY, 6))
    round_.invitations.filter(employee__in=everybody[40:70]).update(state=State.FAILED, problem="x")
    for mail in round_.invitations.filter(employee__in=everybody[70:80]):
        answering.record(mail, 5, "Comment", at(MONDAY, 7))
    if closed:
        rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 8))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert hr.get(round_path(round_, verb)).status_code == 200


@pytest.mark.parametrize("verb", ["", "figures", "excluded", "close", "retry", "add"])
def test_auditors_see_nothing_of_it(plan: Schedule, verb: str) -> None:
    assert Group.objects.filter(name=AUDITOR).exists()
    auditor, round_ = signed_in(AUDITOR), plan.rounds.get()
    assert auditor.get(round_path(round_, verb)).status_code in ((403, 405) if verb == "retry" else (403,))
    assert auditor.post(round_path(round_, verb), {"employee": "1"}).status_code in (403, 405)
    assert Round.objects.get().closed_at is None
