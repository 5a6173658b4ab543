"""Undoing a change, or one fact of it, from an employee's page."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from employees import setters
from employees.models import Change, Employee
from tests.employees.pages import messages, page_of
from tests.employees.people import OKTA, change, delete, hire, now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setters, "_sources", [lambda: {"idp1": "Entra ID", "idp2": "Okta"}])


def undo_page(change: Change | None, fact: str = "") -> str:
    assert change is not None
    return f"/admin/employees/change/{change.pk}/undo/" + (f"?fact={fact}" if fact else "")


@pytest.fixture
def reader() -> Client:
    """May see employees and their history, and change nothing."""
    user = User.objects.create_user("grace@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_employee", "view_change"]))
    client = Client()
    client.force_login(user)
    return client


def test_the_timeline_leads_to_it(admin_client: Client, reader: Client) -> None:
    ada = hire()
    written = change(ada, title="Lead", department="Sales")
    created = Change.objects.get(action="created")
    text = admin_client.get(page_of(ada)).text
    links = [undo_page(written), undo_page(written, "title"), undo_page(written, "department")]
    assert [link for link in links if f'href="{link}"' not in text] == []
    assert undo_page(created) in text
    assert undo_page(created, "user_name") not in text, "a person without a user name is nobody"
    assert "/undo/" not in reader.get(page_of(ada)).text


def test_a_preview_then_it_is_done(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    boss, ada = (
        hire("boss@example.com", display_name="Grace"),
        hire(title="Clerk", manager="boss@example.com"),
    )
    written = change(ada, title="<i>Lead</i>", manager="")
    with django_assert_max_num_queries(15):
        text = " ".join(admin_client.get(undo_page(written)).text.split())
    words = [
        "&lt;i&gt;Lead&lt;/i&gt;</del>",
        "Clerk</ins>",
        "Grace (boss@example.com)</ins>",
        "Entra ID manages Manager, Title of 1 person",
    ]
    assert [word for word in words if word not in text] == []
    assert now(ada).profile == {"title": "<i>Lead</i>"}
    response = admin_client.post(undo_page(written), follow=True)
    assert messages(response) == ["Undone: 1 changed."]
    assert (now(ada).profile, now(ada).manager) == ({"title": "Clerk"}, boss)
    assert "Nothing to undo" in admin_client.get(undo_page(written)).text
    assert messages(admin_client.post(undo_page(written), follow=True)) == ["Undone: nobody changed."]


def test_one_fact(admin_client: Client) -> None:
    ada = hire(title="Clerk", department="Sales")
    written = change(ada, title="Lead", department="Board")
    assert "Board" not in admin_client.get(undo_page(written, "title")).text
    admin_client.post(undo_page(written, "title"))
    assert now(ada).profile == {"title": "Clerk", "department": "Board"}
    assert admin_client.get(undo_page(written, "locale")).status_code == 404


def test_what_is_left_alone_is_said(admin_client: Client) -> None:
    ada = hire(title="Clerk")
    written = change(ada, title="Lead")
    change(ada, title="Chief", actor=OKTA)
    text = admin_client.get(undo_page(written)).text
    assert "Title: has been changed since, so it is left alone." in text
    assert 'type="submit"' not in text.partition("record-card")[2].partition("</form>")[0]


def test_only_those_who_may_write(reader: Client) -> None:
    ada = hire()
    written = change(ada, title="Lead")
    for page in (undo_page(written), undo_page(Change.objects.get(action="created"))):
        assert [reader.get(page).status_code, reader.post(page).status_code] == [403, 403]
    assert now(ada).profile == {"title": "Lead"}


def test_taking_somebody_out_needs_the_permission_to_delete() -> None:
    user = User.objects.create_user("grace@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="change_employee"))
    client = Client()
    client.force_login(user)
    ada, bob = hire(), hire("bob@example.com")
    created, written, removal = Change.objects.get(employee=ada), change(ada, title="Lead"), delete(bob)
    text = client.get(page_of(ada)).text
    assert [page in text for page in (undo_page(created), undo_page(written))] == [False, True]
    assert client.post(undo_page(created)).status_code == 403
    assert client.post(undo_page(removal)).status_code == 302
    assert Employee.objects.present().count() == 2
