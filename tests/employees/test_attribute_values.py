"""The attributes on an employee's page and in the history: values in words, who set each, and when."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.attribute_services import add_attribute, switch_attribute
from employees.attribute_values import values_of
from employees.models import Attribute, Employee
from employees.record import Record
from tests.employees.pages import page_of
from tests.employees.people import OKTA, change, hire, now

pytestmark = pytest.mark.django_db


def defined(type_: str = "text") -> Attribute:
    return add_attribute("Some <i>Thing", Attribute.Type(type_))


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        ("option", "Oslo", "Oslo"),
        ("number", 0, "0"),
        ("number", 12, "12"),
        ("decimal", 0.5, "0.5"),
        ("boolean", True, "yes"),
        ("boolean", False, "no"),
        ("date", "2024-01-31T00:00:00Z", "31 Jan 2024"),
        ("datetime", "2024-01-31T14:05:00Z", "31 Jan 2024, 14:05"),
        ("date", "soon", "soon"),
    ],
)
def test_values_in_words(type_: str, value: Any, text: str) -> None:
    attribute = defined(type_)
    [shown] = values_of(now(hire(**{attribute.fact: value})), [attribute])
    assert (shown.name, shown.text, shown.set_by) == ("Some <i>Thing", text, "Entra ID")
    assert shown.set_at is not None


def test_references_in_words() -> None:
    mentor = defined("employee")
    grace = hire("grace@example.com", display_name="Grace")
    bound: dict[str, Any] = {mentor.fact: {"value": str(grace.uuid)}}
    employee = hire(**bound)
    [shown] = values_of(now(employee), [mentor])
    assert (shown.text, shown.employee) == ("Grace (grace@example.com)", grace)
    change(employee, **{mentor.fact: {"value": "late@example.com"}})
    [shown] = values_of(now(employee), [mentor])
    assert (shown.text, shown.employee) == ("waiting for “late@example.com”", None)


def test_the_page_shows_active_attributes_and_who_set_them(admin_client: Client) -> None:
    attribute, hidden = defined(), add_attribute("Hidden", Attribute.Type.TEXT)
    employee = hire(**{attribute.fact: "<b>first", hidden.fact: "unseen"})
    switch_attribute(hidden, active=False)
    change(employee, actor=OKTA, **{attribute.fact: "<b>second"})
    response = admin_client.get(page_of(employee))
    record = response.context["record"]
    assert [(value.text, value.set_by) for value in record.attributes] == [("<b>second", "Okta")]
    assert "set by Okta" in response.text
    assert "unseen" not in response.text.split("Change history")[0]
    assert "<b>" not in response.text
    assert "<i>" not in response.text


def test_what_is_empty_is_named() -> None:
    Attribute.objects.update(active=False)
    names = ("Gender", "Location", "Manager")
    Attribute.objects.filter(name__in=names).update(active=True)
    boss = hire("boss@example.com")
    record = Record(now(hire(manager=boss, attribute_location="Oslo")), list(Attribute.objects.all()))
    assert [(value.name, value.employee) for value in record.attributes] == [
        ("Location", None), ("Manager", boss)
    ]  # fmt: skip
    assert record.empty_attributes == ["Gender"]
    assert record.other_facts == []


def test_queries_do_not_grow_with_attributes() -> None:
    attributes = [add_attribute(f"Ref {number}", Attribute.Type.EMPLOYEE) for number in range(10)]
    people: list[Employee] = [hire(f"p{number}@example.com") for number in range(10)]
    references: dict[str, Any] = {
        a.fact: {"value": str(p.uuid)} for a, p in zip(attributes, people, strict=True)
    }
    employee = now(hire(**references))
    with CaptureQueriesContext(connection) as queries:
        assert [value.employee for value in values_of(employee, attributes)] == people
    assert len(queries) == 2


def test_the_history_names_whom_references_mean(admin_client: Client) -> None:
    grace = hire("grace@example.com", display_name="Grace")
    bound: dict[str, Any] = {defined("employee").fact: grace}
    assert "Grace (grace@example.com)</ins>" in admin_client.get(page_of(hire(**bound))).text


def test_the_history_tells_dates_in_words(admin_client: Client) -> None:
    day, moment = (add_attribute(type_, Attribute.Type(type_)) for type_ in ("date", "datetime"))
    stored: dict[str, Any] = {day.fact: "2024-01-31T00:00:00Z", moment.fact: "2024-01-31T14:05:00Z"}
    employee = hire(title="2024-01-31T00:00:00Z", **stored)
    change(employee, **{day.fact: "soon", moment.fact: ""})
    text = admin_client.get(page_of(employee)).text
    assert ">31 Jan 2024</ins>" in text
    assert ">31 Jan 2024, 14:05</ins>" in text
    assert ">31 Jan 2024</del>" in text
    assert ">soon</ins>" in text
    assert ">2024-01-31T00:00:00Z</ins>" in text


def test_the_history_calls_attributes_by_their_names(admin_client: Client) -> None:
    employee = hire(**{defined().fact: "x"})
    history = "/admin/employees/change/"
    pages = [page_of(employee), history, f"{history}{employee.changes.get().pk}/change/"]
    for page in pages:
        text = admin_client.get(page).text
        assert "Some &lt;i&gt;Thing" in text
        assert "Attribute some" not in text
