"""The employees list: who is on it, search, filters, order, clashes, and its budget."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from employees.models import Employee
from tests.employees.pages import LIST, rows
from tests.employees.people import change, delete, hire

pytestmark = pytest.mark.django_db

PEOPLE: dict[str, dict[str, Any]] = {
    "ada@example.com": {"given_name": "Ada", "family_name": "Lovelace", "employee_number": "A-7"},
    "elodie@example.com": {"display_name": "ÉLODIE Durand", "manager": "late@example.com"},
    "j.gross@example.com": {"display_name": "Jürgen Groß", "employee_number": "a-7", "active": False},
    "none@example.com": {"display_name": "Bo"},
    "gone@example.com": {"display_name": "Aaron", "employee_number": "A-7"},
}


@pytest.fixture
def people() -> dict[str, Employee]:
    hired = {user_name: hire(user_name, **facts) for user_name, facts in PEOPLE.items()}
    change(hired["none@example.com"], active=None)
    delete(hired["gone@example.com"])
    return hired


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["ada", "none", "j.gross", "elodie"]),
        ("?q=élodie", ["elodie"]),
        ("?q=E%CC%81LODIE", ["elodie"]),
        ("?q=GROSS+jürgen", ["j.gross"]),
        ("?q=lovelace+ada", ["ada"]),
        ("?q=A-7", ["ada", "j.gross"]),
        ("?q=none@EXAMPLE", ["none"]),
        ("?q=100%25", []),
        ("?q=aaron", []),
        ("?status=active", ["ada", "elodie"]),
        ("?status=deactivated", ["none", "j.gross"]),
        ("?status=deleted", ["gone"]),
        ("?status=deleted&q=aaron", ["gone"]),
        ("?clash=yes", ["ada", "j.gross"]),
        ("?manager=awaited", ["elodie"]),
        ("?manager=none&status=active", ["ada"]),
        ("?o=-1", ["elodie", "j.gross", "none", "ada"]),
    ],
)
def test_who_is_listed(
    admin_client: Client, people: dict[str, Employee], query: str, expected: list[str]
) -> None:
    assert rows(admin_client, query) == [f"{name}@example.com" for name in expected]


def test_badges(admin_client: Client, people: dict[str, Employee]) -> None:
    listed = admin_client.get(LIST).context["cl"].result_list
    assert [employee.clash for employee in listed] == [True, False, True, False]
    assert "waiting for “late@example.com”" in admin_client.get(LIST).text


def test_a_name_is_text(admin_client: Client) -> None:
    hire(display_name="<script>alert(1)</script>", department="<b>")
    text = admin_client.get(LIST).text
    assert "<script>alert" not in text
    assert "<b>" not in text


@pytest.mark.parametrize("count", [3, 120])
def test_budget(admin_client: Client, count: int) -> None:
    boss = hire("boss@example.com")
    for number in range(count):
        hire(f"p{number}@example.com", manager=boss, employee_number="same")
    with CaptureQueriesContext(connection) as queries:
        response = admin_client.get(LIST)
    assert len(response.context["cl"].result_list) == min(count + 1, 50)
    tables = [query["sql"].split("FROM", 1)[1].split()[0].strip('"') for query in queries]
    assert tables == [
        "django_session",
        "auth_user",
        "employees_employee",  # how many
        "employees_employee",  # the page, managers included
        "employees_employee",  # who of them clashes
    ]


def test_pages_are_cut_by_the_database(admin_client: Client) -> None:
    for number in range(60):
        hire(f"p{number:02}@example.com")
    assert rows(admin_client, "?p=2") == [f"p{number}@example.com" for number in range(50, 60)]


def test_an_empty_list_teaches(admin_client: Client) -> None:
    text = admin_client.get(LIST).text
    assert "No employees yet" in text
    assert 'href="/admin/integrations/employee-provisioning/"' in text
    assert 'href="/admin/employees/employee/add/"' in text
    assert "No employees yet" not in admin_client.get(LIST + "?q=nobody").text


def test_managers_are_searched_among_those_present(admin_client: Client, people: dict[str, Employee]) -> None:
    source = {"app_label": "employees", "model_name": "employee", "field_name": "manager"}
    for term, found in [("jürgen GROSS", ["Jürgen Groß (j.gross@example.com)"]), ("aaron", []), ("\0", [])]:
        answer = admin_client.get("/admin/autocomplete/", {**source, "term": term}).json()
        names = [result["text"] for result in answer["results"]]
        assert names == found if term != "\0" else len(names) == 4
