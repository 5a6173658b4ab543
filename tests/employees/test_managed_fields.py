"""Fields that an identity provider manages: read-only, with the reason, until they are taken over."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.attribute_services import add_attribute, give_owner, switch_attribute
from employees.attributes import ADMINISTRATORS
from employees.audit import Actor
from employees.forms import SET_MEANWHILE
from employees.models import Attribute, Change, Employee
from scim.provisioning.models import IdentityProvider
from tests.employees.pages import ADD, edited, form_data, page_of
from tests.employees.people import change, hire, now

pytestmark = pytest.mark.django_db

PAGE_QUERIES = 16
"""What the page of an employee with a manager and mentors reads."""

EVERYTHING: dict[str, tuple[Any, str]] = {
    "given_name": ("Ada", "Augusta"),
    "family_name": ("King", "Lovelace"),
    "display_name": ("Ada King", "Ada"),
    "user_name": ("ada@example.com", "augusta@example.com"),
    "employee_number": ("7", "8"),
    "title": ("Countess", "Lady"),
    "department": ("Sales", "Marketing"),
    "preferred_language": ("en", "de"),
    "locale": ("en-GB", "de-AT"),
    "timezone": ("Europe/London", "Europe/Vienna"),
    "attribute_location": ("Oslo", "Rome"),
}
"""Facts that the form has a field of the same name for: what was sent, and what somebody types instead."""


@pytest.fixture
def entra() -> Actor:
    provider = IdentityProvider.objects.create(pk=71, name="Entra <b>ID")
    return Actor.identity_provider(provider.key, provider.name)


def form_of(client: Client, url: str) -> Any:
    return client.get(url).context["adminform"].form


def read_only(client: Client, url: str) -> set[str]:
    return {name for name, field in form_of(client, url).fields.items() if field.disabled}


def taking_over(employee: Employee, *facts: str) -> str:
    return page_of(employee) + "?" + "&".join(f"take_over={fact}" for fact in facts)


def administrator_of(employee: Employee, fact: str) -> bool:
    setter: str = now(employee).set_by[fact][0]
    return setter.startswith("user")


def test_what_an_identity_provider_set_is_read_only(admin_client: Client, entra: Actor) -> None:
    boss = hire("boss@example.com")
    facts = {fact: sent for fact, (sent, _) in EVERYTHING.items()}
    employee = hire(**facts, manager=boss, active=True, actor=entra)
    before = Employee.objects.values().get(pk=employee.pk)
    data = form_data(admin_client, page_of(employee))
    data |= {fact: typed for fact, (_, typed) in EVERYTHING.items()}
    data |= {"work_email": "augusta@example.com", "manager": ""}
    data.pop("active")
    assert admin_client.post(page_of(employee), data).status_code == 302
    assert Employee.objects.values().get(pk=employee.pk) == before
    assert read_only(admin_client, page_of(employee)) == {*EVERYTHING, "work_email", "manager", "active"}


def test_only_that_is_read_only(admin_client: Client, entra: Actor) -> None:
    employee = hire(title="Countess", actor=entra)
    assert read_only(admin_client, page_of(employee)) == {"user_name", "work_email", "title"}
    data = edited(form_data(admin_client, page_of(employee)), title="Lady", given_name="Ada")
    admin_client.post(page_of(employee), data)
    assert (now(employee).profile, now(employee).given_name) == ({"title": "Countess"}, "Ada")
    assert read_only(admin_client, page_of(employee)) == {"user_name", "work_email", "title"}


def test_the_reason_is_said(admin_client: Client, entra: Actor) -> None:
    employee = hire(title="Countess", active=True, actor=entra)
    at = "2026-03-03T14:02:00+00:00"
    Employee.objects.update(set_by={fact: [entra.key, at] for fact in ("title", "active")})
    form = form_of(admin_client, page_of(employee))
    reason = "Entra &lt;b&gt;ID set this on 3 Mar 2026, 14:02."
    assert reason in form.fields["title"].help_text
    assert "deactivate and reactivate" not in form.fields["title"].help_text
    assert reason in form.fields["active"].help_text
    assert (
        "The actions of the list of employees deactivate and reactivate people"
        in form.fields["active"].help_text
    )
    text = admin_client.get(page_of(employee)).text
    assert 'href="?take_over=title" aria-label="Take over: Title">Take over</a>' in text
    assert 'href="?take_over=active" aria-label="Take over: Active">Take over</a>' in text
    assert "<b>" not in text


def test_taking_over(admin_client: Client, entra: Actor) -> None:
    employee = hire(title="Countess", locale="en", attribute_location="Oslo", actor=entra)
    url = taking_over(employee, "title", "attribute_location", "nonsense")
    assert read_only(admin_client, url) == {"user_name", "work_email", "locale"}
    fields = form_of(admin_client, url).fields
    assert "your value counts until Entra &lt;b&gt;ID sends another one" in fields["title"].help_text
    assert "the owner of the attribute" not in fields["title"].help_text
    location = Attribute.objects.get(name="Location")
    link = f'href="/admin/employees/attribute/{location.pk}/change/">Location</a>'
    assert link in fields["attribute_location"].help_text
    assert "take_over=nonsense&amp;take_over=locale" in fields["locale"].help_text
    typed = {"title": "Lady", "attribute_location": "", "locale": "de"}
    response = admin_client.post(url, edited(form_data(admin_client, url), **typed) | {"_continue": "1"})
    assert response.headers["Location"] == page_of(employee)
    assert now(employee).profile == {"title": "Lady", "locale": "en"}
    assert administrator_of(employee, "title")
    assert read_only(admin_client, page_of(employee)) == {"user_name", "work_email", "locale"}
    change(employee, title="Countess", actor=entra)
    assert read_only(admin_client, page_of(employee)) == {"user_name", "work_email", "locale", "title"}


def test_taking_over_a_value_as_it_is(admin_client: Client, entra: Actor) -> None:
    employee = hire(title="Countess", locale="en", actor=entra)
    url = taking_over(employee, "title")
    admin_client.post(url, form_data(admin_client, url))
    assert now(employee).profile == {"title": "Countess", "locale": "en"}
    assert administrator_of(employee, "title")
    assert not administrator_of(employee, "locale")
    change = employee.changes.get(actor_kind="administrator")
    assert (change.before, change.after) == ({"title": "Countess"}, {"title": "Countess"})
    admin_client.post(url, form_data(admin_client, url))
    assert employee.changes.count() == 2


def test_what_was_typed_while_an_identity_provider_set_it_is_not_lost_silently(
    admin_client: Client, entra: Actor
) -> None:
    employee = hire("ada@example.com")
    opened = form_data(admin_client, page_of(employee))
    change(employee, title="Countess", locale="en", actor=entra)
    form = admin_client.post(page_of(employee), edited(opened, title="Lady")).context["adminform"].form
    assert form.errors == {"title": [SET_MEANWHILE]}
    assert now(employee).profile == {"title": "Countess", "locale": "en"}
    assert admin_client.post(page_of(employee), edited(opened, given_name="Ada")).status_code == 302
    assert now(employee).profile == {"title": "Countess", "locale": "en"}
    assert now(employee).given_name == "Ada"


def test_what_is_refused_keeps_what_was_taken_over(admin_client: Client, entra: Actor) -> None:
    hire("boss@example.com")
    employee = hire(title="Countess", actor=entra)
    url = taking_over(employee, "user_name", "title")
    data = edited(form_data(admin_client, url), user_name="BOSS@example.com", title="Lady")
    form = admin_client.post(url, data).context["adminform"].form
    assert list(form.errors) == ["user_name"]
    assert form["title"].value() == "Lady"
    assert not form.fields["title"].disabled


def test_the_work_email_follows_the_user_name_or_the_stated_emails(
    admin_client: Client, entra: Actor
) -> None:
    following, stated = hire(actor=entra), hire("bob", actor=entra)
    change(stated, emails=[{"value": "bob@example.com", "type": "work"}], actor=entra)
    for employee in (following, stated):
        assert read_only(admin_client, page_of(employee)) == {"user_name", "work_email"}
        url = taking_over(employee, "emails")
        assert read_only(admin_client, url) == {"user_name"}
        admin_client.post(url, edited(form_data(admin_client, url), work_email="new@example.com"))
        assert now(employee).work_email == "new@example.com"
        assert administrator_of(employee, "emails")
        assert read_only(admin_client, page_of(employee)) == {"user_name"}


@pytest.mark.parametrize(("type_", "value"), [
    ("option", "Oslo"), ("option", "x" * 257), ("text", "a\nb"), ("number", -3),
    ("decimal", 0.5), ("boolean", False),
    ("date", "2024-01-31T00:00:00Z"), ("datetime", "2024-01-31T14:05:06.789Z"),
    ("employee", {"value": "late@example.com"}),
])  # fmt: skip
def test_values_of_every_type_stay_as_they_are(
    admin_client: Client, entra: Actor, type_: str, value: Any
) -> None:
    fact = add_attribute("Thing", Attribute.Type(type_)).fact
    employee = hire(actor=entra, **{fact: value})
    data = edited(form_data(admin_client, page_of(employee)), given_name="Ada", **{fact: "x"})
    assert admin_client.post(page_of(employee), data).status_code == 302
    assert (now(employee).profile, now(employee).given_name) == ({fact: value}, "Ada")


def test_an_owner_manages_its_attribute_whoever_set_it(admin_client: Client, entra: Actor) -> None:
    okta = IdentityProvider.objects.create(pk=72, name="Okta")
    location = Attribute.objects.get(name="Location")
    employee = hire(attribute_location="Oslo", actor=entra)
    give_owner(location, okta.key)
    owned = "Okta is the owner of this attribute: only its values count."
    for url in (page_of(employee), page_of(hire("new@example.com")), ADD):
        field = form_of(admin_client, url).fields["attribute_location"]
        assert field.disabled
        assert owned in field.help_text
    url = taking_over(employee, "attribute_location")
    admin_client.post(url, edited(form_data(admin_client, url), attribute_location="Rome"))
    assert now(employee).profile == {"attribute_location": "Rome"}
    give_owner(location, ADMINISTRATORS)
    change(employee, attribute_location="Oslo", actor=entra)
    assert not form_of(admin_client, page_of(employee)).fields["attribute_location"].disabled


def test_department_and_manager_have_owners_as_well(admin_client: Client, entra: Actor) -> None:
    employee = hire()
    for name in ("Department", "Manager"):
        give_owner(Attribute.objects.get(name=name), entra.key)
    assert read_only(admin_client, page_of(employee)) == {"department", "manager"}
    switch_attribute(Attribute.objects.get(name="Manager"), active=False)
    assert read_only(admin_client, page_of(employee)) == {"department"}


def test_what_administrators_and_the_unknown_set_is_editable(admin_client: Client, entra: Actor) -> None:
    employee = hire(title="Countess")
    change(employee, locale="en", actor=Actor("administrator", "user1", "admin"))
    assert read_only(admin_client, page_of(employee)) == set()


@pytest.mark.parametrize("way", ["list", "page"])
def test_the_list_deactivates_nevertheless(admin_client: Client, entra: Actor, way: str) -> None:
    employee = hire(active=True, actor=entra)
    if way == "list":
        selection = {"action": "deactivate", "_selected_action": [employee.pk], "post": "yes"}
        admin_client.post("/admin/employees/employee/", selection)
    else:
        url = taking_over(employee, "active")
        admin_client.post(url, edited(form_data(admin_client, url), active=False))
    assert now(employee).active is False
    assert read_only(admin_client, page_of(employee)) == {"user_name", "work_email"}
    assert Change.objects.filter(employee=employee, action="deactivated").count() == 1


@pytest.mark.parametrize("count", [1, 10])
def test_queries_do_not_grow_with_managed_fields(admin_client: Client, entra: Actor, count: int) -> None:
    facts: dict[str, Any] = {"manager": hire("boss@example.com")}
    for number in range(count):
        text = add_attribute(f"Text {number}", Attribute.Type.TEXT)
        mentor = add_attribute(f"Mentor {number}", Attribute.Type.EMPLOYEE)
        facts |= {text.fact: "x", mentor.fact: hire(f"mentor{number}@example.com")}
    employee = hire(actor=entra, **facts)
    with CaptureQueriesContext(connection) as queries:
        disabled = read_only(admin_client, page_of(employee))
    assert disabled == {*facts, "user_name", "work_email"}
    tables = [query["sql"].split("FROM", 1)[1].split()[0].strip('"') for query in queries]
    assert tables.count("employees_attribute") == 1  # all of them, and those in the history
    assert tables.count("provisioning_identityprovider") == 1
    assert len(tables) == PAGE_QUERIES, tables
