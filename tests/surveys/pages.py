"""Short ways to the pages of surveys and to what they say."""

import re
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from employees.models import Employee
from employees.surveys import answering
from employees.surveys.models import Invitation, Round, Schedule
from tests.surveys.schedules import MONDAY, at

HOME = "/admin/surveys/"
ADD = f"{HOME}schedules/add/"
MOST_QUERIES = 15
FIELDS = {
    "name": "Pulse",
    "frequency": "weeks",
    "weeks": "3",
    "starts_on": "2026-03-02",
    "duration_days": "7",
    "send_at": "09:30",
    "time_zone": "Europe/Oslo",
    "question": "How are you?",
    "external_url": "",
}


def signed_in(role: str) -> Client:
    user = User.objects.create_user(f"{role}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def path(plan: Schedule, verb: str = "") -> str:
    return f"{HOME}schedules/{plan.pk}/{f'{verb}/' if verb else ''}"


def round_path(round_: Round, verb: str = "") -> str:
    return f"{HOME}rounds/{round_.pk}/{f'{verb}/' if verb else ''}"


def text_of(response: Any) -> str:
    """What a page says, in one line."""
    assert response.status_code == 200, response.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def conditions(*rows: tuple[str, str, str], **further: str) -> dict[str, str]:
    """The rows of the form, of attribute, "" or "not", and values."""
    form = {"condition-TOTAL_FORMS": str(len(rows)), "condition-INITIAL_FORMS": "0"}
    for number, (fact, negated, values) in enumerate(rows):
        prefix = f"condition-{number}"
        form |= {f"{prefix}-fact": fact, f"{prefix}-negated": negated, f"{prefix}-values": values}
    return form | further


def person(number: int) -> Employee:
    return Employee.objects.get(user_name=f"p{number}@example.com")


def invitation(number: int, round_: Round | None = None) -> Invitation:
    found = Invitation.objects.select_related("round__schedule", "employee").filter(employee=person(number))
    return found.get(round=round_) if round_ else found.get()


def sent(number: int, **facts: Any) -> None:
    written = {"state": Invitation.State.SENT, "sent_at": at(MONDAY, 9), **facts}
    Invitation.objects.filter(employee=person(number)).update(**written)


def answer(number: int, score: int, comment: str = "") -> None:
    assert answering.record(invitation(number), score, comment, at(MONDAY, 12))
