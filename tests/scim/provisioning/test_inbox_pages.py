"""Integrations > Attribute inbox, for administrators only."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from employees import facts
from employees.attribute_services import add_attribute, find_attribute, switch_attribute
from employees.attributes import Attribute
from employees.models import Employee
from scim.provisioning import inbox_listing
from scim.provisioning.models import UnknownAttribute
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.test_pages import OVERVIEW, client, submit

__all__ = ["client"]

pytestmark = pytest.mark.django_db

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
INBOX = "/admin/integrations/attribute-inbox/"
VALUES = (*(f"Value {number}" for number in range(4)), "Only")
DECISIONS = ("create", "alias", "dismiss", "recall")


@pytest.fixture
def unknown(scim: ScimClient) -> UnknownAttribute:
    """A name that looks like Job Title, sent for two people."""
    for name, title in (("ada", "Engineer <1>"), ("bob", "Cook")):
        scim.create(f"{name}@example.com", **{PEAKON: {"Job-Titel": title}})
    return UnknownAttribute.objects.get()


def decide(client: Client, unknown: UnknownAttribute, decision: str, **fields: object) -> str:
    """What the page says after a decision."""
    client.get(INBOX)
    token = (
        {"csrfmiddlewaretoken": client.cookies["csrftoken"].value} if "csrftoken" in client.cookies else {}
    )
    form = {name: str(value) for name, value in fields.items()}
    response = client.post(f"{INBOX}{unknown.pk}/{decision}/", form | token, follow=True)
    assert response.redirect_chain == [(INBOX, 302)]
    return str(response.content.decode())


def test_it_works(client: Client, other: ScimClient, unknown: UnknownAttribute) -> None:
    other.create("cy@example.com", **{PEAKON: {"job-titel": "Cook"}})
    page = client.get(INBOX).content.decode()
    for text in (
        "Job-Titel",
        "3 people",
        "sent by Directory, Second directory",
        "Engineer &lt;1&gt;",
        "Job Title",
    ):
        assert text in page
    assert page.count("<code>Cook</code>") == 1
    assert '<option value="option" selected>' in page
    suggested = find_attribute("Job Title")
    assert suggested
    assert f'<option value="{suggested.pk}" selected>' in page
    assert reverse("provisioning:inbox") in client.get(OVERVIEW).content.decode()


def test_an_empty_inbox_teaches(client: Client) -> None:
    assert "Every name is known" in client.get(INBOX).content.decode()
    assert "unknown attribute" not in client.get(OVERVIEW).content.decode()


def test_create(client: Client, scim: ScimClient, unknown: UnknownAttribute) -> None:
    scim.create("cy@example.com", **{PEAKON: {"Job-Titel": ["a", "b"]}})
    said = decide(client, unknown, "create", type="option")
    assert "Created “Job-Titel”; filled in for 2 people, 1 value was not understood." in said
    assert "answers to this name by now" in said
    created = find_attribute("Job-Titel")
    assert created
    people = Employee.objects.order_by("pk")
    assert [facts.read(person, created.fact) for person in people] == ["Engineer <1>", "Cook", ""]


def test_alias(client: Client, unknown: UnknownAttribute) -> None:
    title = find_attribute("Job Title")
    assert title
    said = decide(client, unknown, "alias", attribute=title.pk)
    assert "“Job-Titel” is “Job Title” from now on; filled in for 2 people." in said
    assert find_attribute("job-titel") == title


def test_dismiss_and_recall(client: Client, unknown: UnknownAttribute) -> None:
    assert "“Job-Titel” is dismissed" in decide(client, unknown, "dismiss")
    page = client.get(INBOX).content.decode()
    assert "Every name is known" in page
    assert "Take Job-Titel back" in page
    assert "no value at present" in decide(client, unknown, "recall")


@pytest.mark.parametrize(
    ("decision", "fields", "message"),
    [
        ("create", {"type": "colour"}, "Choose a type"),
        ("create", {}, "Choose a type"),
        ("alias", {"attribute": ""}, "Choose the attribute"),
        ("alias", {"attribute": "0"}, "Choose the attribute"),
    ],
)
def test_mistakes_are_named(
    client: Client, unknown: UnknownAttribute, decision: str, fields: dict[str, str], message: str
) -> None:
    assert message in decide(client, unknown, decision, **fields)
    assert Attribute.objects.count() == 10


def test_a_name_of_an_attribute_that_is_not_active(client: Client, unknown: UnknownAttribute) -> None:
    added = add_attribute("Job-Titel", Attribute.Type.OPTION)
    switch_attribute(added, active=False)
    assert "has this name and is not active" in client.get(INBOX).content.decode()
    assert "give its values to that one" in decide(client, unknown, "create", type="option")
    assert "filled in for 2 people." in decide(client, unknown, "alias", attribute=added.pk)
    assert Attribute.objects.get(pk=added.pk).active


def test_many_names_come_in_pages(client: Client, scim: ScimClient) -> None:
    scim.create(**{PEAKON: {f"Name {number:02}": number for number in range(25)}})
    first, second = (client.get(INBOX, {"page": number}).content.decode() for number in (1, 2))
    assert ("Name 00" in first, "Name 24" in first, "Name 24" in second) == (True, False, True)


def test_many_names_take_no_more_queries(
    client: Client, scim: ScimClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sign-in, permissions and attributes take the rest."""
    monkeypatch.setattr(inbox_listing, "EXAMINED", 2)
    names = [f"Name {number:02}" for number in range(20)]
    for number in range(4):
        values = dict.fromkeys(names, f"Value {number}")
        scim.create(f"p{number}@example.com", **{PEAKON: {**values, "Once": "Only"}})
    with CaptureQueriesContext(connection) as queries:
        pages = [client.get(INBOX, {"page": number}).content.decode() for number in (1, 2)]
    assert len(queries) <= 2 * 13
    counts = [sum(page.count(f"<code>{value}</code>") for page in pages) for value in VALUES]
    assert counts == [20, 20, 0, 0, 1]


@pytest.mark.parametrize(("staff", "permitted"), [(True, False), (False, True), (None, False)])
def test_others_are_refused(unknown: UnknownAttribute, staff: bool | None, permitted: bool) -> None:
    browser, expected = Client(), 302
    if staff is not None:
        user, expected = User.objects.create_user("eve@example.com", is_staff=staff), 403
        if permitted:
            user.user_permissions.add(Permission.objects.get(codename="manage_provisioning"))
        browser.force_login(user)
    assert browser.get(INBOX).status_code == expected
    form = {"type": "option", "attribute": "1"}
    paths = [f"{INBOX}{unknown.pk}/{decision}/" for decision in DECISIONS]
    assert {browser.post(path, form).status_code for path in paths} == {expected}
    assert (UnknownAttribute.objects.get().dismissed_at, Attribute.objects.count()) == (None, 10)


def test_decisions_are_posted_and_not_forged(client: Client, unknown: UnknownAttribute) -> None:
    for decision in DECISIONS:
        assert client.get(f"{INBOX}{unknown.pk}/{decision}/").status_code == 405
        assert client.post(f"{INBOX}{unknown.pk}/{decision}/", {"type": "option"}).status_code == 403
    assert submit(client, f"{INBOX}0/dismiss/").status_code == 404
