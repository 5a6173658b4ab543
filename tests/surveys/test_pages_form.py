"""Administration > Surveys: schedules are created and changed, and their audience is previewed."""

import re
from datetime import time
from itertools import chain

import pytest
from django.test import Client

from employees import attribute_services
from employees.models import Attribute
from employees.surveys.models import Schedule
from tests.employees.people import hire
from tests.surveys.pages import (
    ADD,
    FIELDS,
    HOME,
    conditions,
    path,
    text_of,
)
from tests.surveys.schedules import MONDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_a_schedule_is_created_with_its_audience(hr: Client) -> None:
    boss = hire("boss@example.com")
    rows = [
        ("department", "", "Sales\r\n Support \r\n\r\n"),
        ("manager", "not", "BOSS@example.com"),
        ("", "", " "),
    ]
    response = hr.post(ADD, {**FIELDS, **conditions(*rows)})
    plan = Schedule.objects.get(name="Pulse")
    assert (response.status_code, response.headers["Location"]) == (302, path(plan))
    assert (plan.enabled, plan.frequency, plan.weeks, plan.starts_on) == (False, "weeks", 3, MONDAY)
    assert (plan.send_at, plan.time_zone, plan.duration_days) == (time(9, 30), "Europe/Oslo", 7)
    assert plan.changed_by == "HR administrator@example.com"
    assert plan.audience == [
        {"fact": "department", "values": ["Sales", "Support"], "negated": False},
        {"fact": "manager", "values": [str(boss.uuid)], "negated": True},
    ]
    text = text_of(hr.get(path(plan)))
    assert "Department is Sales or Support, and Manager is not boss@example.com" in text
    assert "Every 3 weeks, from Monday 2 March 2026 on" in text
    assert "09:30, where the employee is (Europe/Oslo when that is not known)" in text


def test_what_is_stored_comes_back_as_it_was_entered(hr: Client) -> None:
    attribute_services.add_attribute("Born", Attribute.Type.DATE)
    hire("boss@example.com")
    rows = [("attribute_born", "not", "2001-02-03"), ("manager", "", "boss@example.com")]
    hr.post(ADD, {**FIELDS, **conditions(*rows)})
    plan = Schedule.objects.get(name="Pulse")
    page = hr.get(path(plan, "edit"))
    form = [row.initial for row in page.context["conditions"]]
    assert form == [
        {"fact": "attribute_born", "negated": "not", "values": "2001-02-03"},
        {"fact": "manager", "negated": "", "values": "boss@example.com"},
        {},
    ]
    before = plan.audience
    hr.post(path(plan, "edit"), {**FIELDS, "name": "Other", **conditions(*rows)})
    plan.refresh_from_db()
    assert (plan.name, plan.audience) == ("Other", before)


def test_errors_stand_at_their_row_and_nothing_is_saved(hr: Client) -> None:
    rows = [
        ("department", "", "Sales"),
        ("manager", "", "nobody@example.com"),
        ("", "", "Oslo"),
        ("attribute_startdate", "", "soon"),
        ("department", "not", ""),
    ]
    page = hr.post(ADD, {**FIELDS, **conditions(*rows)})
    errors = [list(chain(*row.errors.values())) for row in page.context["conditions"]]
    assert [len(each) for each in errors] == [0, 1, 1, 1, 1]
    assert "nobody answers to “nobody@example.com”" in errors[1][0]
    assert "Choose an attribute" in errors[2][0]
    assert "name at least one value" in errors[4][0]
    assert not Schedule.objects.filter(name="Pulse").exists()
    taken = hr.post(ADD, {**FIELDS, "name": " company  SCHEDULE", **conditions()})
    assert taken.context["form"].errors == {"name": ["There is a schedule Company schedule already."]}
    wrong = {"name": "", "time_zone": "Mars/Olympus", "weeks": "0", "send_at": "25:00", "frequency": "x"}
    assert set(hr.post(ADD, {**FIELDS, **wrong, **conditions()}).context["form"].errors) == set(wrong)


def test_conditions_are_added_and_removed_without_a_script(hr: Client) -> None:
    sent = conditions(("department", "not", "Sales"), ("manager", "", "x"), add_condition="1")
    sent["condition-1-remove"] = "on"
    page = hr.post(ADD, {**FIELDS, "name": "", **sent})
    assert page.context["form"].errors == {}
    assert [row["values"].value() for row in page.context["conditions"]] == ["Sales", None]
    assert 'value="Europe/Oslo" selected' in page.text
    full = hr.post(ADD, {**FIELDS, **conditions(*[("department", "", "x")] * 10, add_condition="1")})
    assert len(full.context["conditions"]) == 10
    assert "Add a condition" not in full.text
    sent.pop("add_condition")
    hr.post(ADD, {**FIELDS, **sent})
    [condition] = Schedule.objects.get(name="Pulse").audience
    assert condition["fact"] == "department"


def test_the_preview_counts_and_lists_and_saves_nothing(hr: Client) -> None:
    for number in range(102):
        hire(f"p{number}@example.com", department="Sales")
    hire("other@example.com", department="Support")
    hire("gone@example.com", department="Sales", active=False)
    rows = conditions(("department", "", "sales"), preview="1")
    page = hr.post(ADD, {**FIELDS, **rows})
    assert "102 people would be in today" in text_of(page)
    assert len(re.findall(r"p\d+@example.com", page.text)) == 100
    assert "These are the first hundred." in page.text
    assert not Schedule.objects.filter(name="Pulse").exists()
    live = hr.post(f"{HOME}schedules/audience/", rows)
    assert "102 people would be in today" in text_of(live)
    assert "<html" not in live.text
    wrong = hr.post(f"{HOME}schedules/audience/", conditions(("manager", "", "nobody")))
    assert "Correct the conditions" in text_of(wrong)
