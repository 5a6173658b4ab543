"""Deleting, restoring and the actions on several employees: each says what it does before it does it."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.models import Change, Employee
from tests.employees.pages import ADD, LIST, form_data, messages, page_of
from tests.employees.people import change, delete, hire, now

pytestmark = pytest.mark.django_db


def test_delete(admin_client: Client) -> None:
    boss = hire(display_name="Ada")
    report = hire("report@example.com", manager=boss)
    question = admin_client.get(page_of(boss, "delete"))
    assert "Delete Ada (ada@example.com)?" in question.text
    assert "user name is free" in question.text
    assert now(boss).deleted_at is None
    answer = admin_client.post(page_of(boss, "delete"), follow=True)
    assert messages(answer) == ["Ada (ada@example.com) was deleted. The record can be restored."]
    assert (now(boss).active_since, now(report).manager_awaited) == (None, "ada@example.com")
    assert admin_client.post(page_of(boss, "delete")).status_code == 403


def test_restore(admin_client: Client) -> None:
    employee = hire()
    assert admin_client.get(page_of(employee, "restore")).status_code == 403
    delete(employee)
    assert "Restore ada@example.com?" in admin_client.get(page_of(employee, "restore")).text
    successor = hire("ADA@example.com")
    refused = admin_client.post(page_of(employee, "restore"))
    assert "Somebody else has the user name “ada@example.com” now." in refused.text
    assert now(employee).deleted_at is not None
    change(successor, user_name="other@example.com")
    assert admin_client.post(page_of(employee, "restore")).headers["Location"] == page_of(employee)
    assert now(employee).deleted_at is None


@pytest.mark.parametrize("page", ["delete", "restore"])
def test_nobody_there(admin_client: Client, page: str) -> None:
    assert admin_client.post(f"{LIST}999/{page}/").status_code == 404


def test_several_at_once(admin_client: Client) -> None:
    boss = hire("boss@example.com")
    people = [boss, hire("a@example.com", manager=boss), hire("b@example.com", active=False, manager=boss)]
    selected: dict[str, Any] = {"_selected_action": [person.pk for person in people]}

    def act(action: str, **data: Any) -> Any:
        return admin_client.post(LIST, {"action": action, **selected, **data}, follow=True)

    question = act("deactivate")
    assert "Deactivate 2 employees?" in question.text
    assert Employee.objects.filter(active=True).count() == 2
    assert messages(act("deactivate", post="yes")) == ["2 employees deactivated."]
    assert not Employee.objects.filter(active=True).exists()
    assert messages(act("deactivate")) == ["Nobody among those selected can be deactivated."]
    assert messages(act("reactivate", post="yes")) == ["3 employees reactivated."]
    assert "Delete 3 employees?" in act("delete").text
    assert messages(act("delete", post="yes")) == ["3 employees deleted."]
    assert not Employee.objects.present().exists()
    assert [now(person).version for person in people] == [4, 5, 4]
    assert set(Change.objects.filter(action="deleted").values_list("actor_name", flat=True)) == {"admin"}


def test_too_many_at_once(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("employees.bulk.MAX_PEOPLE", 1)
    people = [hire("a@example.com"), hire("b@example.com")]
    data = {"action": "delete", "_selected_action": [person.pk for person in people], "post": "yes"}
    answer = admin_client.post(LIST, data, follow=True)
    assert messages(answer) == ["Select at most 1 employees at once."]
    assert Employee.objects.present().count() == 2


@pytest.mark.parametrize(
    "permissions", [[], ["view"], ["view", "change"], ["view", "delete"], ["view", "add"]]
)
def test_permissions_hold_on_the_server(client: Client, admin_client: Client, permissions: list[str]) -> None:
    user = User.objects.create(username="clerk", is_staff=True)
    codenames = [f"{verb}_employee" for verb in permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    person, gone = hire(), hire("gone@example.com")
    delete(gone)
    data = form_data(admin_client, page_of(person)) | {"title": "Countess"}
    new = form_data(admin_client, ADD) | {"user_name": "new@example.com"}
    client.force_login(user)

    selected = {"_selected_action": [person.pk], "post": "yes"}
    assert (client.get(LIST).status_code == 200) == ("view" in permissions)
    client.post(page_of(person), data)
    client.post(LIST, {"action": "deactivate", **selected})
    client.post(page_of(gone, "restore"))
    client.post(ADD, new)
    may_change = "change" in permissions
    assert (now(person).profile == {"title": "Countess"}) == may_change
    assert now(person).active != may_change
    assert (now(gone).deleted_at is None) == may_change
    assert Employee.objects.filter(user_name="new@example.com").exists() == ("add" in permissions)
    client.post(LIST, {"action": "delete", **selected})
    client.post(page_of(person, "delete"))
    assert (now(person).deleted_at is not None) == ("delete" in permissions)


def test_visitors_must_sign_in(client: Client) -> None:
    employee = hire()
    for url in (LIST, ADD, *(page_of(employee, page) for page in ("change", "delete", "restore"))):
        assert client.post(url).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("action", ["deactivate", "delete"])
def test_many_ask_the_database_as_often_as_few(admin_client: Client, action: str) -> None:
    def asked(people: list[Employee]) -> int:
        selected = {"action": action, "post": "yes", "_selected_action": [person.pk for person in people]}
        with CaptureQueriesContext(connection) as queries:
            answer = admin_client.post(LIST, selected)
        assert answer.status_code == 302
        return len(queries)

    groups = []
    for size in (3, 30):
        boss = hire(f"boss{size}@example.com")
        groups.append([boss, *(hire(f"{size}.{number}@example.com", manager=boss) for number in range(size))])
    few, many = map(asked, groups)
    # SQLite writes so many rows in more than one statement.
    assert many <= few + (4 if connection.vendor == "sqlite" else 0)
