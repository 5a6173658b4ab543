"""Administration > Attributes: the list, its budget, the forms, switching, and who may do what."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.attribute_services import add_alias, add_attribute, rename_attribute, switch_attribute
from employees.models import Attribute, Employee, SearchKey
from tests.employees.pages import edited, form_data, messages
from tests.employees.people import delete, hire

pytestmark = pytest.mark.django_db

LIST = "/admin/employees/attribute/"
ADD = LIST + "add/"
URN = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"


def standard(name: str = "Job Title") -> Attribute:
    return Attribute.objects.get(name=name)


@pytest.fixture(autouse=True)
def everything_active() -> None:
    Attribute.objects.update(active=True)


def page_of(attribute: Attribute, page: str = "change") -> str:
    return f"{LIST}{attribute.pk}/{page}/"


def give(employee: Employee, attribute: Attribute, value: str) -> None:
    SearchKey.objects.filter(employee=employee, name=attribute.fact).delete()
    SearchKey.objects.create(employee=employee, name=attribute.fact, key=value.lower(), raw={"value": value})


def listed(client: Client, query: str = "") -> list[Any]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=DATE", ["Date of Birth", "Separation Date", "Start Date"]),
        ("?q=jobtitle", ["Job Title"]),
        ("?q=posici%C3%93n", ["Job Title"]),
        ("?q=nothing", []),
        ("?status=deactivated", ["Gender"]),
        ("?status=active&q=gender", []),
        ("?type__exact=employee", ["Manager"]),
    ],
)
def test_who_is_listed(admin_client: Client, query: str, expected: list[str]) -> None:
    add_alias(standard(), "Posición")
    add_alias(standard(), "Position (old: posición)")
    switch_attribute(standard("Gender"), active=False)
    assert [attribute.name for attribute in listed(admin_client, query)] == expected


@pytest.mark.parametrize("count", [1, 30])
def test_people_are_counted_within_the_budget(admin_client: Client, count: int) -> None:
    for number in range(count):
        person = hire(f"p{number}@example.com")
        give(person, standard(), "Chef")
    delete(person)
    for number in range(count):
        add_attribute(f"Attribute {number}", Attribute.Type.TEXT)
    with CaptureQueriesContext(connection) as queries:
        attributes = listed(admin_client)
    assert {attribute.name: attribute.people_count for attribute in attributes}["Job Title"] == count - 1
    tables = [query["sql"].split("FROM", 1)[1].split()[0].strip('"') for query in queries]
    assert tables == [
        "django_session",
        "auth_user",
        "employees_attribute",  # how many
        "employees_attribute",  # the page
        "employees_searchkey",  # people by attribute
        "employees_employee",  # people with a manager
        "provisioning_identityprovider",  # owners
    ]


def test_managers_are_counted_who_wait_as_well(admin_client: Client) -> None:
    boss = hire("boss@example.com")
    hire("a@example.com", manager=boss)
    hire("b@example.com", manager="late@example.com")
    delete(hire("c@example.com", manager=boss))
    [manager] = listed(admin_client, "?q=manager")
    assert manager.people_count == 2
    assert "People with a value: 2" in admin_client.get(page_of(manager)).text


def test_add(admin_client: Client) -> None:
    data = edited(form_data(admin_client, ADD), name=" Cost  Center ", type="option", description="Who pays.")
    assert admin_client.post(ADD, data).headers["Location"] == LIST
    attribute = standard("Cost Center")
    assert (attribute.type, attribute.legal_name, attribute.description) == (
        "option",
        "costCenter",
        "Who pays.",
    )
    text = admin_client.get(page_of(attribute)).text
    assert f"{URN}:Cost Center<" in text
    assert f"{URN}:costCenter<" in text
    assert "Nobody has a value yet" in text


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"name": "job  TITLE"}, "name", "The attribute “Job Title” has this name"),
        ({"name": "Position"}, "name", "The attribute “Job Title” has this name, or answers to it"),
        ({"name": "x" * 1001}, "name", "at most 1000 bytes"),
        ({"name": "a\x07b"}, "name", "without control characters"),
        ({"name": "a\0b"}, "name", "Null characters"),
        ({"name": " "}, "name", "required"),
    ],
)
@pytest.mark.parametrize("adding", [True, False])
def test_what_is_refused_is_said_at_its_field(
    admin_client: Client, changes: dict[str, Any], field: str, error: str, adding: bool
) -> None:
    add_alias(standard(), "Position")
    url = ADD if adding else page_of(standard("Gender"))
    before = list(Attribute.objects.values())
    data = edited(form_data(admin_client, url), type="text", description="Kept", **changes)
    response = admin_client.post(url, data)
    form = response.context["adminform"].form
    assert (response.status_code, list(form.errors)) == (200, [field])
    assert error in str(form.errors[field])
    assert form["description"].value() == "Kept"
    assert list(Attribute.objects.values()) == before


def test_rename_describe_and_alias(admin_client: Client) -> None:
    url = page_of(standard())
    data = edited(form_data(admin_client, url), name="Role", description="The role.", new_alias="position")
    admin_client.post(url, data | {"type": "number"})
    attribute = standard("Role")
    assert (attribute.description, attribute.type) == ("The role.", "option")
    assert [alias.name for alias in attribute.aliases.all()] == ["Job Title", "position"]
    text = admin_client.get(url).text
    assert f"{URN}:Role<" in text
    assert "<span>position</span>" in text
    response = admin_client.post(url, edited(form_data(admin_client, url), name="Rank", new_alias="gender"))
    assert list(response.context["adminform"].form.errors) == ["new_alias"]
    assert standard("Role").aliases.count() == 2
    assert f"{URN}:Role<" in response.text


def test_only_what_the_administrator_changed_is_written(admin_client: Client) -> None:
    url = page_of(standard())
    data = form_data(admin_client, url)
    rename_attribute(standard(), "Role")
    admin_client.post(url, edited(data, description="What they do."))
    assert standard("Role").description == "What they do."


def test_options_are_listed_with_their_people(admin_client: Client) -> None:
    location = standard("Location")
    for number, place in enumerate(["Oslo", "Oslo", "<b>Rome</b>", "Oslo", "Bonn"]):
        give(hire(f"p{number}@example.com"), location, place)
    delete(Employee.objects.get(user_name="p3@example.com"))
    response = admin_client.get(page_of(location))
    assert response.context["options"] == [("Oslo", 2), ("<b>Rome</b>", 1), ("Bonn", 1)]
    assert "<b>" not in response.text
    assert "People with a value: 4" in response.text


def test_only_the_most_frequent_options_are_shown(admin_client: Client) -> None:
    person, location = hire(), standard("Location")
    SearchKey.objects.bulk_create(
        SearchKey(employee=person, name=location.fact, key=f"{n:03}", raw={"value": f"{n:03}"})
        for n in range(120)
    )
    response = admin_client.get(page_of(location))
    assert response.context["options"] == [(f"{number:03}", 1) for number in range(100)]
    assert "hundred most frequent" in response.text
    assert "options" not in admin_client.get(page_of(standard("Start Date"))).context


def test_switching_asks_first(admin_client: Client) -> None:
    url = page_of(standard(), "deactivate")
    assert "Its values are kept" in admin_client.get(url).text
    assert standard().active
    response = admin_client.post(url, follow=True)
    assert messages(response) == ["Deactivated: Job Title."]
    assert "Hidden from identity providers and forms" in response.text
    assert page_of(standard(), "activate") in response.text
    assert not standard().active
    assert "are there again" in admin_client.get(page_of(standard(), "activate")).text
    admin_client.post(page_of(standard(), "activate"))
    assert standard().active
    assert admin_client.get(f"{LIST}999999/deactivate/").status_code == 404


def test_switching_several(admin_client: Client) -> None:
    both = [standard("Gender").pk, standard("Location").pk]
    selection = {"action": "deactivate_selected", "_selected_action": both}
    asked = admin_client.post(LIST, selection)
    assert "Deactivate 2 attributes?" in asked.text
    assert standard("Gender").active
    done = admin_client.post(LIST, selection | {"post": "yes"}, follow=True)
    assert messages(done) == ["Deactivated: 2 attributes."]
    assert set(Attribute.objects.filter(active=False)) == {standard("Gender"), standard("Location")}
    again = admin_client.post(LIST, selection, follow=True)
    assert messages(again) == ["None of those selected can be deactivated."]


def test_nothing_is_deleted(admin_client: Client) -> None:
    assert admin_client.post(page_of(standard(), "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in admin_client.get(LIST).text


@pytest.mark.parametrize(
    ("permission", "statuses"),
    [(None, [403, 403, 403, 403]), ("view", [200, 403, 200, 403]), ("add", [403, 200, 403, 403]),
     ("change", [200, 403, 200, 200])],
)  # fmt: skip
def test_permissions(client: Client, permission: str | None, statuses: list[int]) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    if permission:
        user.user_permissions.add(Permission.objects.get(codename=f"{permission}_attribute"))
    client.force_login(user)
    urls = [LIST, ADD, page_of(standard()), page_of(standard(), "deactivate")]
    assert [client.get(url).status_code for url in urls] == statuses
    if permission != "change":
        assert client.post(urls[3]).status_code == 403
    if permission == "view":
        text = client.get(urls[2]).text
        assert f"{URN}:Job Title" in text
        assert page_of(standard(), "deactivate") not in text
        assert client.post(urls[2], {"name": "Role"}).status_code == 403
    assert standard().active
