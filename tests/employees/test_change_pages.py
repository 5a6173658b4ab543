"""The change history in the administration: complete, in words, and for reading only."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.models import Change
from tests.employees.pages import page_of
from tests.employees.people import OKTA, change, delete, hire

pytestmark = pytest.mark.django_db

LIST = "/admin/employees/change/"


def actions(client: Client, query: str = "") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [row.action for row in response.context["cl"].result_list]


def test_list_filters_and_search(admin_client: Client) -> None:
    employee = hire(display_name="Élodie")
    hire("b@example.com", actor=OKTA)
    change(employee, active=False, actor=OKTA)
    delete(employee)
    assert actions(admin_client) == ["deleted", "deactivated", "created", "created"]
    assert actions(admin_client, "?q=ÉLODIE") == ["deleted", "deactivated", "created"]
    assert actions(admin_client, "?action__exact=created") == ["created", "created"]
    assert actions(admin_client, "?actor_key__exact=idp2") == ["deactivated", "created"]
    assert actions(admin_client, "?by=administrator") == []
    history = admin_client.get(page_of(employee, "history"))
    assert actions(admin_client, history.headers["Location"].removeprefix(LIST)) == [
        "deleted",
        "deactivated",
        "created",
    ]


def test_nobodys_history(admin_client: Client) -> None:
    assert admin_client.get("/admin/employees/employee/nobody/history/").status_code == 404


def test_pages_by_key_and_nothing_is_counted(admin_client: Client) -> None:
    employee = hire()
    for number in range(51):
        change(employee, title=str(number))
    with CaptureQueriesContext(connection) as queries:
        response = admin_client.get(LIST)
    assert [q["sql"] for q in queries if "COUNT(" in q["sql"] or "OFFSET" in q["sql"]] == []
    assert actions(admin_client, f"?p={response.context['cl'].older}") == ["updated", "created"]


@pytest.mark.parametrize("question", ["after__icontains=secret", "employee__user_name__startswith=a"])
def test_the_list_is_narrowed_by_what_it_shows_alone(admin_client: Client, question: str) -> None:
    assert admin_client.get(f"{LIST}?{question}").status_code == 400


def test_a_change_in_words(admin_client: Client) -> None:
    boss, employee = hire("boss@example.com", display_name="Grace"), hire()
    emails = [{"value": "a@example.com", "type": "work", "primary": True}]
    written = change(employee, manager=boss, active=False, emails=emails, **{"external_id:idp1": "EXT"})
    assert written is not None
    text = admin_client.get(f"{LIST}{written.pk}/change/").text
    words = ["Grace (boss@example.com)", "yes</del>", "no</ins>", "a@example.com (work, primary)", "Entra ID"]
    assert [word for word in words if word not in text] == []


def test_nobody_writes(admin_client: Client) -> None:
    hire()
    before = Change.objects.values().get()
    row = f"{LIST}{before['id']}/"
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}add/", {"action": "created"}).status_code == 403
    assert admin_client.post(f"{row}change/", {"actor_name": "x"}).status_code == 403
    assert admin_client.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [before["id"]], "post": "yes"}
    admin_client.post(LIST, selected)
    assert Change.objects.values().get() == before
    assert 'name="_save"' not in admin_client.get(f"{row}change/").text
