"""What a personal link shows, whoever opens it and whenever."""

import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from employees.models import Employee
from employees.surveys import links
from employees.surveys.models import Answer, Invitation
from tests.employees.people import change, delete, hire
from tests.surveys.invitations import invite, round_of, stored

pytestmark = pytest.mark.django_db

ADA = {"given_name": "Ada", "family_name": "Lovelace", "display_name": "Ada Lovelace"}


@pytest.fixture
def invitation() -> Invitation:
    return invite(hire("ada@example.com", **ADA))


def visit(invitation: Invitation, method: str = "get", **data: Any) -> Any:
    return getattr(Client(enforce_csrf_checks=True), method)(links.path_of(invitation), data)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_question(invitation: Invitation) -> None:
    response = visit(invitation)
    assert response.status_code == 200
    assert "<h1>How are you?</h1>" in text_of(response)
    assert len(re.findall('type="radio"', text_of(response))) == 11
    assert stored(invitation).opened_at is not None
    assert stored(invitation).answered_at is None


def test_it_was_opened_when_it_was_opened_first(invitation: Invitation) -> None:
    visit(invitation)
    first = stored(invitation).opened_at
    visit(invitation)
    assert stored(invitation).opened_at == first


def test_an_answer_is_kept_without_whose_it_is(invitation: Invitation) -> None:
    response = visit(invitation, "post", score="7", comment="Well,\r\n<b>thanks</b>")
    assert (response.status_code, response["Location"]) == (HTTPStatus.SEE_OTHER, links.path_of(invitation))
    assert Answer.objects.values_list("round", "score", "comment").get() == (
        invitation.round_id, 7, "Well,\r\n<b>thanks</b>",
    )  # fmt: skip
    kept = stored(invitation)
    assert kept.answered_at is not None
    assert kept.opened_at is not None
    thanks = visit(invitation)
    assert thanks.status_code == 200
    assert "<h1>Thank you</h1>" in text_of(thanks)
    assert {field.name for field in Answer._meta.get_fields()} == {"id", "round", "score", "comment"}


def test_answers_are_not_kept_in_the_order_in_which_they_came() -> None:
    round_ = round_of()
    for score in range(11):
        visit(invite(f"p{score}@example.com", round_), "post", score=str(score))
    kept = list(Answer.objects.order_by("pk").values_list("score", flat=True))
    assert sorted(kept) == list(range(11))
    assert kept != sorted(kept)


def test_the_first_answer_counts(invitation: Invitation) -> None:
    visit(invitation, "post", score="0")
    assert visit(invitation, "post", score="10").status_code == 200
    assert Answer.objects.get().score == 0


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"comment": "Only <words>"}, "Choose a number."),
        ({"score": "11", "comment": "Only <words>"}, "Choose a number from 0 to 10."),
        ({"score": "-1", "comment": "Only <words>"}, "Choose a number from 0 to 10."),
        ({"score": "7", "comment": "Only <words>" + "x" * 8000}, "at most 8000 characters"),
        ({"score": "7", "comment": "Only <words>\0"}, "Null characters are not allowed"),
    ],
)
def test_half_an_answer(invitation: Invitation, data: dict[str, str], error: str) -> None:
    response = visit(invitation, "post", **data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert error in text_of(response)
    assert "Only &lt;words&gt;" in text_of(response)
    assert ('value="7" required checked' in text_of(response)) == (data.get("score") == "7")
    assert not Answer.objects.exists()
    assert stored(invitation).answered_at is None


def close(invitation: Invitation, person: Employee) -> None:
    invitation.round.closed_at = timezone.now()
    invitation.round.save()


def expire(invitation: Invitation, person: Employee) -> None:
    invitation.round.closes_at = timezone.now()
    invitation.round.save()


def deactivate(invitation: Invitation, person: Employee) -> None:
    change(person, active=False)


def reactivate(invitation: Invitation, person: Employee) -> None:
    change(person, active=False)
    change(person, active=True)


def separate(invitation: Invitation, person: Employee) -> None:
    change(person, attribute_separationdate="2001-01-01")


def leave(invitation: Invitation, person: Employee) -> None:
    delete(person)


def purge(invitation: Invitation, person: Employee) -> None:
    Invitation.objects.update(employee=None)


ENDS: dict[Callable[[Invitation, Employee], None], str] = {
    close: "This survey has closed",
    expire: "This survey has closed",
    deactivate: "This link no longer works",
    reactivate: "This link no longer works",
    separate: "This link no longer works",
    leave: "This link no longer works",
    purge: "This link no longer works",
}
each_end = pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)


@each_end
@pytest.mark.parametrize("external_url", ["", "https://surveys.example.com/42"])
def test_a_dead_link(end: Callable[[Invitation, Employee], None], external_url: str) -> None:
    person = hire("ada@example.com", **ADA)
    invitation = invite(person, round_of(external_url=external_url))
    end(invitation, person)
    for response in (visit(invitation), visit(invitation, "post", score="7")):
        assert response.status_code == HTTPStatus.GONE
        assert f"<h1>{ENDS[end]}</h1>" in text_of(response)
        assert not re.search("(?i)ada|lovelace", text_of(response))
    assert not Answer.objects.exists()
    assert stored(invitation).opened_at is None


@each_end
def test_answered_is_answered(invitation: Invitation, end: Callable[[Invitation, Employee], None]) -> None:
    visit(invitation, "post", score="7")
    person = invitation.employee
    assert person is not None
    end(invitation, person)
    assert visit(invitation).status_code == 200
    assert Answer.objects.count() == 1


def test_a_held_removal_leaves_the_link_alive(invitation: Invitation) -> None:
    Employee.objects.update(held_by="idp1", held_at=timezone.now())  # as the brake leaves them
    assert visit(invitation).status_code == 200


def test_the_last_day_counts(invitation: Invitation) -> None:
    person = invitation.employee
    assert person is not None
    change(person, attribute_separationdate=f"{timezone.now():%Y-%m-%d}")
    assert visit(invitation).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert visit(invitation).status_code == HTTPStatus.GONE


def test_a_wrong_link(invitation: Invitation) -> None:
    path = links.path_of(invitation)[:-2] + "/"
    for response in (Client().get(path), Client().post(path, {"score": "7"})):
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert "<h1>This link is not complete</h1>" in text_of(response)
        assert not re.search("(?i)ada|lovelace|How are you", text_of(response))


def test_another_survey_tool() -> None:
    invitation = invite(to=round_of(external_url="https://surveys.example.com/42"))
    for method in ("get", "post"):
        response = visit(invitation, method, score="7")
        assert (response.status_code, response["Location"]) == (302, "https://surveys.example.com/42")
        assert response["Referrer-Policy"] == "no-referrer"
    assert stored(invitation).opened_at is not None
    assert not Answer.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods(invitation: Invitation, method: str) -> None:
    assert visit(invitation, method).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("path", ["{}", "/s/nothing/"])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_nothing_is_kept_run_or_told(invitation: Invitation, path: str, method: str) -> None:
    response = getattr(Client(), method)(path.format(links.path_of(invitation)))
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Frame-Options"] == "DENY"
    policy = dict(each.strip().partition(" ")[::2] for each in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert policy["form-action"] == "'self'"
    assert not response.cookies
    assert "Vary" not in response
    assert not re.search(r"<script|style=|\son[a-z]+=|csrf", text_of(response))


def test_a_wanted_link_survives_a_forgotten_slash(invitation: Invitation) -> None:
    response = Client().get(links.path_of(invitation)[:-1])
    assert (response.status_code, response["Location"]) == (301, links.path_of(invitation))


LINK = 'FROM "surveys_invitation" INNER JOIN "surveys_round"'
DATES = 'FROM "employees_attribute"'
UPDATE = 'UPDATE "surveys_invitation"'
ANSWER = 'INSERT INTO "surveys_answer"'


@pytest.mark.parametrize(
    ("method", "last_day", "expected"),
    [
        ("get", "", [LINK, UPDATE]),
        ("post", "", [LINK, UPDATE, ANSWER]),
        ("get", "2001-01-01", [LINK, DATES]),
        ("post", "2001-01-01", [LINK, DATES]),
    ],
)
def test_queries(invitation: Invitation, method: str, last_day: str, expected: list[str]) -> None:
    person = invitation.employee
    assert person is not None
    change(person, attribute_separationdate=last_day)
    with CaptureQueriesContext(connection) as captured:
        visit(invitation, method, score="7")
    asked = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == len(expected), "\n".join(asked)
    for sql, name in zip(asked, expected, strict=True):
        assert name in sql
