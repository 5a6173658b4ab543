"""User names are unique without case, in every script and on every database, among those present."""

import pytest

from employees import services
from employees.models import Employee
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
