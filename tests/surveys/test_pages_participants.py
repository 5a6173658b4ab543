"""Administration > Surveys > rounds: who takes part, and adding somebody who does not."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.models import Employee
from employees.surveys import rounds, standing
from employees.surveys.models import Invitation, Schedule
from peakon_scim.roles import AUDITOR
from tests.employees.people import change, hire, now
from tests.surveys.pages import (
    person,
    round_path,
    signed_in,
    text_of,
)
from tests.surveys.schedules import ADMINISTRATOR, MONDAY, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_somebody_is_added_from_the_page_of_the_round(hr: Client, plan: Schedule) -> None:
    round_ = plan.rounds.get()
    new = hire("new@example.com", employee_number="E7")
    add = round_path(round_, "add")
    assert "answers to “nobody”" in text_of(hr.get(add, {"who": "nobody"}))
    assert "Enter a user name" in text_of(hr.get(add))
    asked = hr.get(add, {"who": "e7"})
    assert asked.headers["Location"] == f"{add}?employee={new.pk}"
    assert "Add new@example.com to Pulse 1" in text_of(hr.get(asked.headers["Location"]))
    assert round_.invitations.count() == 6
    text = text_of(hr.post(add, {"employee": new.pk}, follow=True))
    assert "new@example.com was added to Pulse 1." in text
    assert "added by HR administrator@example.com" in text
    assert "is in Pulse 1 already" in text_of(hr.post(add, {"employee": new.pk}))
    gone = hire("gone@example.com", active=False)
    assert "cannot take part: Deactivated." in text_of(hr.post(add, {"employee": gone.pk}))
    rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 13))
    assert "Pulse 1 is closed." in text_of(hr.post(add, {"employee": new.pk}))
    assert hr.post(add, {"employee": "9999999"}).status_code == 404


def test_an_employee_s_page_leads_to_the_rounds_without_them(
    hr: Client, plan: Schedule, clock: time_machine.Traveller
) -> None:
    round_ = plan.rounds.get()
    add = f"{round_path(round_, 'add')}?employee="
    new, there = hire("new@example.com"), person(0)

    def leads(employee: Employee, client: Client = hr) -> bool:
        return f"{add}{employee.pk}" in client.get(f"/admin/employees/employee/{employee.pk}/change/").text

    assert (leads(new), leads(there)) == (True, False)
    clock.move_to(at(MONDAY, 10))
    change(there, active=False)
    assert not leads(there)
    clock.move_to(at(MONDAY, 11))
    change(now(there), active=True)
    assert leads(there)
    hr.post(round_path(round_, "add"), {"employee": there.pk})
    assert not leads(there)
    assert not leads(new, signed_in(AUDITOR))
    rounds.close_round(round_, actor=ADMINISTRATOR, now=at(MONDAY, 13))
    assert not leads(new)


def test_an_employee_s_page_has_the_history_of_participation(
    hr: Client, plan: Schedule, clock: time_machine.Traveller
) -> None:
    employee = person(0)
    clock.move_to(at(MONDAY, 10))
    change(employee, active=False)
    clock.move_to(at(MONDAY, 34))
    change(employee, active=True, attribute_separationdate="2026-04-01")
    page = text_of(hr.get(f"/admin/employees/employee/{employee.pk}/change/"))
    assert "Since 3 Mar 2026, 10:00 takes part now, separation date 2026-04-01" in page
    assert "28 Feb 2026, 00:00 to 2 Mar 2026, 10:00 deactivated by Entra ID (identity provider)" in page


def test_those_gone_for_good_stay_on_the_page_without_a_name(hr: Client, plan: Schedule) -> None:
    round_ = plan.rounds.get()
    Invitation.objects.filter(employee=person(0)).update(employee=None)
    text = text_of(hr.get(round_path(round_)))
    assert "No longer on record Left Deleted" in text
    assert "6 invited" in text


def test_participants_are_met_once_on_pages(hr: Client, plan: Schedule) -> None:
    for number in range(204):
        hire(f"q{number:03}@example.com")
    round_ = rounds.open_round(plan, actor=ADMINISTRATOR, now=at(MONDAY, 2))
    seen, query = list[str](), ""
    for _ in range(3):
        page = hr.get(round_path(round_) + query).text
        seen += re.findall(r"[pq]\d+@example.com", page)
        query = "".join(re.findall(r'rel="next" href="(\?after=\d+)"', page))
    assert query == ""
    assert len(seen) == len(set(seen)) == 210


def test_participants_are_found_by_their_index(plan: Schedule) -> None:
    """Those of other rounds, however many there have been, are not looked at."""
    round_ = plan.rounds.get()
    with CaptureQueriesContext(connection) as queries:
        standing.participants(round_, at(MONDAY, 2))
    asked = queries[0]["sql"]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{asked}")
        found = " ".join(str(row) for row in cursor.fetchall())
    assert re.search(r"round_id ?= ?\S+ AND \(?employee_id ?>", found), found
    assert not re.search("Sort|ORDER BY", found), found


def test_names_lead_somewhere_only_for_those_who_may_see_employees(plan: Schedule) -> None:
    user = User.objects.create_user("surveys@example.com", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="manage_surveys"))
    client = Client()
    client.force_login(user)
    page = client.get(round_path(plan.rounds.get()))
    assert "p0@example.com" in text_of(page)
    assert "/admin/employees/employee/" not in page.text
