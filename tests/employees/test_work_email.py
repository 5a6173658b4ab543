"""The work e-mail: which address counts, how it follows the user name, and how it is edited."""

from typing import Any

import pytest

from employees import facts
from tests.employees.people import change, hire, now

Emails = list[dict[str, Any]]

WORK = {"value": "work@example.com", "type": "work"}
HOME = {"value": "home@example.com", "type": "home", "primary": True}
PLAIN = {"value": "plain@example.com"}
JUNK = {"value": "no address", "type": "work", "primary": True}


@pytest.mark.parametrize(
    ("emails", "address"),
    [
        ([], ""),
        ([HOME, WORK], "work@example.com"),
        ([PLAIN, HOME], "home@example.com"),
        ([PLAIN], "plain@example.com"),
        ([JUNK, PLAIN], "plain@example.com"),
        ([JUNK, {}], ""),
        ([WORK, {**WORK, "value": "second@example.com", "primary": True}], "second@example.com"),
        ([{"value": "upper@example.com", "type": "WORK"}, HOME], "upper@example.com"),
    ],
)
def test_which_address_counts(emails: Emails, address: str) -> None:
    assert facts.work_email_of(emails) == address


NEW = "new@example.com"


@pytest.mark.parametrize(
    ("emails", "address", "edited"),
    [
        ([], NEW, [{"value": NEW, "type": "work", "primary": True}]),
        ([JUNK], NEW, [JUNK, {"value": NEW, "type": "work", "primary": False}]),
        ([HOME, {**WORK, "display": "Ada"}], NEW, [HOME, {**WORK, "value": NEW, "display": "Ada"}]),
        ([{**WORK, "display": "work@example.com"}], NEW, [{**WORK, "value": NEW, "display": NEW}]),
        ([PLAIN, HOME], NEW, [PLAIN, {**HOME, "value": NEW}]),
        ([HOME, WORK, JUNK], "", [HOME, JUNK]),
        ([WORK, dict(WORK)], "", [WORK]),
        ([JUNK], "", [JUNK]),
        ([], "", []),
    ],
)
def test_edit_replaces_the_one_that_counts(emails: Emails, address: str, edited: Emails) -> None:
    before = [dict(email) for email in emails]
    assert facts.with_work_email(emails, address) == edited
    assert emails == before


@pytest.mark.django_db
def test_a_user_name_that_is_an_address_stands_in_until_e_mails_are_stated() -> None:
    employee = hire("ada@example.com")
    assert facts.emails(now(employee)) == [{"value": "ada@example.com", "type": "work", "primary": True}]
    change(employee, user_name="countess@example.com")
    assert now(employee).work_email_key == "countess@example.com"
    change(employee, user_name="countess")
    assert (now(employee).work_email, facts.emails(now(employee))) == ("", [])
    change(employee, user_name="ada@example.com")
    change(employee, emails=[HOME, WORK])
    change(employee, user_name="third@example.com")
    assert (now(employee).work_email, facts.emails(now(employee))) == ("work@example.com", [HOME, WORK])
    change(employee, emails=[])
    assert (now(employee).work_email, facts.emails(now(employee))) == ("", [])


@pytest.mark.parametrize("text", ["ada", "ada@", "@b", "a b@example.com", "a\n@example.com", "@" * 1001])
def test_no_address(text: str) -> None:
    assert not facts.is_address(text)


@pytest.mark.parametrize("text", ["ada@example.com", "élodie@bücher.example", "ada@localhost"])
def test_address(text: str) -> None:
    assert facts.is_address(text)
