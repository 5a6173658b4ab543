"""Attributes of type employee in an employee's form, and references that wait for somebody."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.attribute_services import add_attribute, switch_attribute
from employees.models import Attribute, Change, Employee
from scim.provisioning.models import IdentityProvider
from tests.employees.pages import ADD, edited, form_data, page_of
from tests.employees.people import change, hire, now

pytestmark = pytest.mark.django_db

LATE = "late & <b>late@example.com"


@pytest.fixture
def mentor() -> Attribute:
    return add_attribute("Mentor", Attribute.Type.EMPLOYEE, "Who <i>helps.")


@pytest.fixture
def grace() -> Employee:
    emails = [{"value": "g.hopper@example.com", "type": "work"}]
    return hire("grace@example.com", display_name="Grace <b>", employee_number="N-7", emails=emails)


def entered(client: Client, employee: Employee, **changes: Any) -> Any:
    return client.post(page_of(employee), edited(form_data(client, page_of(employee)), **changes))


@pytest.mark.parametrize("text", ["GRACE@example.com", " g.hopper@example.com", "n-7", "uuid"])
def test_everything_that_names_somebody(
    admin_client: Client, mentor: Attribute, grace: Employee, text: str
) -> None:
    text = str(grace.uuid).upper() if text == "uuid" else text
    employee = hire()
    bound = {mentor.fact: {"value": str(grace.uuid)}}
    assert entered(admin_client, employee, **{mentor.fact: text}).status_code == 302
    assert now(employee).profile == bound
    data = edited(form_data(admin_client, ADD), user_name="new@example.com", **{mentor.fact: text})
    admin_client.post(ADD, data)
    assert Employee.objects.get(user_name="new@example.com").profile == bound


def test_an_unchanged_reference_writes_nothing(
    admin_client: Client, mentor: Attribute, grace: Employee
) -> None:
    employee = hire(**{mentor.fact: grace})  # type: ignore[arg-type]
    for waiting in (False, True):
        if waiting:
            change(employee, **{mentor.fact: {"value": LATE}})
        before = now(employee).set_by, Change.objects.count()
        form = admin_client.get(page_of(employee)).context["adminform"].form
        assert form[mentor.fact].value() == (LATE if waiting else "grace@example.com")
        entered(admin_client, employee)
        entered(admin_client, employee, **{mentor.fact: LATE if waiting else "N-7"})
        assert (now(employee).set_by, Change.objects.count()) == before
    entered(admin_client, employee, **{mentor.fact: ""})
    assert now(employee).profile == {}


def test_whom_it_names_is_said(admin_client: Client, mentor: Attribute, grace: Employee) -> None:
    employee = hire(**{mentor.fact: grace})  # type: ignore[arg-type]
    text = admin_client.get(page_of(employee)).text
    assert "Who &lt;i&gt;helps." in text
    assert "Now: Grace &lt;b&gt; (grace@example.com)." in text
    change(employee, **{mentor.fact: {"value": LATE}})
    text = admin_client.get(page_of(employee)).text
    assert "Waiting for “late &amp; &lt;b&gt;late@example.com”." in text
    assert "<b>" not in text
    assert "<i>" not in text


def test_what_nobody_answers_to_waits(admin_client: Client, mentor: Attribute) -> None:
    employee = hire()
    entered(admin_client, employee, **{mentor.fact: "late@example.com"})
    record = admin_client.get(page_of(employee)).context["record"]
    assert record.waiting == [("Mentor", "late@example.com")]
    late = hire("late@example.com")
    assert now(employee).profile == {mentor.fact: {"value": str(late.uuid)}}


def test_what_is_too_long_is_refused_at_its_field(admin_client: Client, mentor: Attribute) -> None:
    form = entered(admin_client, hire(), **{mentor.fact: "x" * 1001}).context["adminform"].form
    assert "must not be longer than 1000 bytes" in str(form.errors[mentor.fact])


def test_every_waiting_reference_has_a_notice(admin_client: Client, mentor: Attribute) -> None:
    buddy = add_attribute("Buddy", Attribute.Type.EMPLOYEE)
    waits: dict[str, Any] = {mentor.fact: {"value": "m@example.com"}, buddy.fact: {"value": "b@example.com"}}
    employee = hire(manager="late@example.com", **waits)
    response = admin_client.get(page_of(employee))
    assert response.context["record"].waiting == [
        ("Manager", "late@example.com"), ("Buddy", "b@example.com"), ("Mentor", "m@example.com")
    ]  # fmt: skip
    assert "<strong>Mentor:</strong> waiting for “m@example.com” to arrive." in response.text
    switch_attribute(Attribute.objects.get(name="Manager"), active=False)
    switch_attribute(mentor, active=False)
    record = admin_client.get(page_of(employee)).context["record"]
    assert record.waiting == [("Manager", "late@example.com"), ("Buddy", "b@example.com")]


def test_to_stop_waiting_for_a_manager(admin_client: Client) -> None:
    employee = hire(manager=LATE)
    text = admin_client.get(page_of(employee)).text
    assert "Stop waiting for “late &amp; &lt;b&gt;late@example.com”" in text
    entered(admin_client, employee)
    assert now(employee).manager_awaited == LATE
    entered(admin_client, employee, stop_waiting="on")
    assert (now(employee).manager, now(employee).manager_awaited) == (None, "")
    assert Change.objects.filter(employee=employee)[0].before == {"manager": LATE}
    assert "Stop waiting" not in admin_client.get(page_of(employee)).text


def test_stopping_to_wait_leaves_a_manager_who_is_there(admin_client: Client) -> None:
    employee, boss = hire(manager="late@example.com"), hire("boss@example.com")
    data = edited(form_data(admin_client, page_of(employee)), stop_waiting="on")
    late = hire("late@example.com")
    admin_client.post(page_of(employee), data)
    assert now(employee).manager == late
    change(employee, manager="later@example.com")
    entered(admin_client, employee, stop_waiting="on", manager=boss.pk)
    assert now(employee).manager == boss


def test_a_managed_wait_is_taken_over_first(admin_client: Client) -> None:
    provider = IdentityProvider.objects.create(pk=71, name="Okta")
    employee = hire(manager="late@example.com")
    Employee.objects.update(set_by={"manager": [provider.key, "2026-03-03T14:02:00+00:00"]})
    entered(admin_client, employee, stop_waiting="on")
    assert now(employee).manager_awaited == "late@example.com"
    url = f"{page_of(employee)}?take_over=manager"
    admin_client.post(url, edited(form_data(admin_client, url), stop_waiting="on"))
    assert now(employee).manager_awaited == ""


@pytest.mark.parametrize("size", [1, 2, 3, 50, 51])
def test_a_loop_of_managers_is_shown(admin_client: Client, size: int) -> None:
    people = [hire(f"p{number}@example.com") for number in range(size)]
    for person, boss in zip(people, people[1:] + people[:1], strict=True):
        change(person, manager=boss)
    response = admin_client.get(page_of(people[0]))
    assert response.context["record"].loop == (people[1:] + people[:1] if size <= 50 else [])
    said = {1: "this person is their own manager:", 2: "this person is their own manager&#x27;s manager:"}
    words = said.get(size, "the managers above this person lead back to them:").replace("&#x27;", "'")
    assert (words in response.text) == (size <= 50)


def test_a_loop_elsewhere_is_not_shown_and_costs_one_query(admin_client: Client) -> None:
    first, second, employee = hire("a@example.com"), hire("b@example.com"), hire()
    change(first, manager=second)
    change(second, manager=first)
    change(employee, manager=first)
    with CaptureQueriesContext(connection) as queries:
        assert admin_client.get(page_of(employee)).context["record"].loop == []
    assert len([query for query in queries if "WITH RECURSIVE" in query["sql"]]) == 1
    assert "Loop:" not in admin_client.get(page_of(employee)).text
