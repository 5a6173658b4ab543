"""User names are unique without case, in every script and on every database, among those present."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from employees import services
from employees.models import Change, Employee
from tests.employees.people import change, delete, hire, now, restore

SAME = [
    ("ada@example.com", "ADA@Example.COM"),
    ("straße@example.com", "STRASSE@example.com"),
    ("élodie@example.com", "ÉLODIE@example.com"),
    ("élodie@example.com", "e\u0301lodie@example.com"),
    ("ada@example.com", "ａｄａ＠example.com"),
    ("σίσυφος@example.com", "ΣΊΣΥΦΟΣ@example.com"),
    ("kelvin@example.com", "\u212aelvin@example.com"),
]
DIFFERENT = [("ada@example.com", "adà@example.com"), ("ada@example.com", "ada @example.com"), ("ı", "i")]


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), SAME)
def test_taken(first: str, second: str) -> None:
    employee = hire(first)
    with pytest.raises(services.UserNameTaken) as refusal:
        hire(second)
    assert str(refusal.value) == second
    other = hire("other@example.com")
    with pytest.raises(services.UserNameTaken):
        change(other, user_name=second)
    change(employee, user_name=second)
    assert now(employee).user_name == second


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_not_taken(first: str, second: str) -> None:
    assert hire(first).pk != hire(second).pk


@pytest.mark.django_db
def test_delete_frees_the_user_name_and_restore_wants_it_back() -> None:
    gone = hire()
    delete(gone)
    successor = hire("ADA@example.com")
    with pytest.raises(services.UserNameTaken):
        restore(gone)
    assert now(gone).deleted_at is not None
    change(successor, user_name="other@example.com")
    restore(gone)
    assert Employee.objects.present().count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_created() -> None:
    both = threading.Barrier(2)

    def attempt(user_name: str) -> str:
        both.wait(timeout=30)
        try:
            hire(user_name)
        except services.UserNameTaken:
            return "taken"
        finally:
            connection.close()
        return "created"

    for number in range(5):
        with ThreadPoolExecutor(2) as pool:
            names = [f"straße{number}@example.com", f"STRASSE{number}@example.com"]
            assert sorted(pool.map(attempt, names)) == ["created", "taken"]
    assert Employee.objects.count() == Change.objects.count() == 5
