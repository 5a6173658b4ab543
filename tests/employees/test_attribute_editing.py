"""The company's attributes in an employee's form: what is written, and what is refused."""

from typing import Any

import pytest
from django.test import Client

from employees.attribute_services import add_attribute, switch_attribute
from employees.models import Attribute, Change, Employee
from tests.employees.pages import ADD, edited, form_data, page_of
from tests.employees.people import change, delete, hire, now

pytestmark = pytest.mark.django_db

FACT = "attribute_thing"
VALUES: list[tuple[str, str, Any]] = [
    ("option", "Oslo", "Oslo"),
    ("text", "a “b” <c>", "a “b” <c>"),
    ("number", "0", 0),
    ("number", "-12", -12),
    ("decimal", "50000.5", 50000.5),
    ("decimal", "50000", 50000),
    ("boolean", "true", True),
    ("boolean", "false", False),
    ("date", "2024-01-31", "2024-01-31T00:00:00Z"),
    ("datetime", "2024-01-31T14:05", "2024-01-31T14:05:00Z"),
]


def define(type_: str) -> Attribute:
    return add_attribute("Thing", Attribute.Type(type_), "What it is.")


@pytest.mark.parametrize(("type_", "text", "stored"), VALUES)
def test_what_is_entered_is_stored(admin_client: Client, type_: str, text: str, stored: Any) -> None:
    define(type_)
    data = edited(form_data(admin_client, ADD), user_name="ada@example.com")
    admin_client.post(ADD, data | {FACT: text})
    employee = Employee.objects.get()
    assert employee.profile == {FACT: stored}
    assert type(employee.profile[FACT]) is type(stored)
    admin_client.post(page_of(employee), edited(form_data(admin_client, page_of(employee)), **{FACT: ""}))
    assert now(employee).profile == {}
    admin_client.post(page_of(employee), edited(form_data(admin_client, page_of(employee))) | {FACT: text})
    assert now(employee).profile == {FACT: stored}


@pytest.mark.parametrize(("type_", "text", "stored"), [*VALUES, ("datetime", "", "2024-01-31T14:05:06.789Z")])
def test_saving_without_a_change_writes_nothing(
    admin_client: Client, type_: str, text: str, stored: Any
) -> None:
    define(type_)
    employee = hire(**{FACT: stored})
    data = {name: str(value) for name, value in form_data(admin_client, page_of(employee)).items()}
    admin_client.post(page_of(employee), data)
    assert Change.objects.count() == 1
    change(employee, **{FACT: ""})
    admin_client.post(page_of(employee), data | {"given_name": "Ada"})
    assert now(employee).profile == {}


@pytest.mark.parametrize(
    ("type_", "text", "error"),
    [
        ("option", "x" * 257, "at most 256 characters"),
        ("number", "1.5", "whole number"),
        ("number", str(2**53), "less than or equal to"),
        ("decimal", "nan", "number"),
        ("date", "soon", "valid date"),
        ("datetime", "soon", "valid date/time"),
    ],
)
def test_what_is_refused_is_said_at_its_field(
    admin_client: Client, type_: str, text: str, error: str
) -> None:
    define(type_)
    response = admin_client.post(ADD, edited(form_data(admin_client, ADD), user_name="a@b.c", **{FACT: text}))
    form = response.context["adminform"].form
    assert list(form.errors) == [FACT]
    assert error in str(form.errors[FACT])


def test_only_active_attributes_have_fields(admin_client: Client) -> None:
    define("employee")
    add_attribute("Shown", Attribute.Type.TEXT)
    switch_attribute(add_attribute("Hidden", Attribute.Type.TEXT), active=False)
    switch_attribute(Attribute.objects.get(name="Gender"), active=False)
    form = admin_client.get(ADD).context["adminform"].form
    assert {form.fields[name].label for name in form.fields if name.startswith("attribute_")} == {
        *("Thing", "Shown", "Job Title", "Date of Birth", "Start Date", "Location"),
        *("Employment Status", "Separation Date", "Separation Reason"),
    }
    assert [field.label for field in form.fields.values()].count("Department") == 1
    assert "department" in form.fields
    for attribute in Attribute.objects.all():
        switch_attribute(attribute, active=False)
    form = admin_client.get(ADD).context["adminform"].form
    assert not [name for name in form.fields if name.startswith("attribute_")]


def test_a_page_for_reading_shows_them_once(admin_client: Client) -> None:
    define("date")
    employee = hire(**{FACT: "2024-01-31T00:00:00Z"})
    assert f'name="{FACT}"' in admin_client.get(page_of(employee)).text
    delete(employee)
    text = admin_client.get(page_of(employee)).text
    assert f'name="{FACT}"' not in text
    assert "31 Jan 2024" in text
