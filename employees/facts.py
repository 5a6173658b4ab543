"""The facts of an employee under one flat set of names, whether a column or the profile holds them."""

import re
from typing import Any, Final

from .attributes import ATTRIBUTE_FACT
from .folding import fits_index
from .models import Employee

COLUMNS: Final = frozenset(
    {"user_name", "given_name", "family_name", "display_name", "employee_number", "active", "manager"}
)
"""Facts with a column of their own; every other name is a key of `Employee.profile` or an external id."""

EXTERNAL_ID: Final = "external_id:"
"""Prefix of the fact that holds one identity provider's externalId: `external_id:<provider key>`."""

EMAILS: Final = "emails"

NOTHING: Final[tuple[Any, ...]] = (None, "", [], {"value": ""})
"""What stands for no value when a fact is written."""


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_scim_id(text: str) -> bool:
    """True when a text is a UUID in its canonical form, as our SCIM ids are."""
    return _UUID.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """True when mail can be written to a text: something@somewhere, without blanks and not endless."""
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and not any(map(str.isspace, text)) and fits_index(text)


def work_email_of(emails: list[dict[str, Any]]) -> str:
    """The address that counts as the work e-mail: of type work, else the primary one, else the first."""
    element = _work_element(emails)
    return str(element["value"]) if element else ""


def with_work_email(emails: list[dict[str, Any]], address: str) -> list[dict[str, Any]]:
    """The e-mails with another work e-mail; everything else in them stays as it came.

    Args:
        address: takes the place of the one that counts so far, or is added; "" removes that one, whereupon
            the next in rank counts.
    """
    element = _work_element(emails)
    if element is None:
        primary = not any(email.get("primary") is True for email in emails)
        return [*emails, {"value": address, "type": "work", "primary": primary}] if address else emails
    replacement = element | {"value": address}
    if element.get("display") == element["value"]:
        replacement["display"] = address
    replaced = (replacement if email is element else email for email in emails)
    return [email for email in replaced if address or email is not replacement]


def _work_element(emails: list[dict[str, Any]]) -> dict[str, Any] | None:
    def rank(email: dict[str, Any]) -> tuple[bool, bool]:
        return str(email.get("type", "")).casefold() != "work", email.get("primary") is not True

    return min((email for email in emails if is_address(str(email.get("value", "")))), key=rank, default=None)


def emails(employee: Employee) -> list[dict[str, Any]]:
    """The e-mails as stated, or the one that stands in for them (Peakon: the user name is the e-mail)."""
    stated: list[dict[str, Any]] = employee.profile.get(EMAILS, [])
    if not stated and employee.work_email:
        return [{"value": employee.work_email, "type": "work", "primary": True}]
    return stated


def is_reference(fact: str, value: Any) -> bool:
    """True for the value of an attribute that names an employee: `{"value": <text or SCIM id>}`.

    The manager is not one of them: they have columns of their own.
    """
    return fact.startswith(ATTRIBUTE_FACT) and isinstance(value, dict)


def references(employee: Employee) -> dict[str, str]:
    """The texts of an employee's references to others but the manager, by fact."""
    return {fact: value["value"] for fact, value in employee.profile.items() if is_reference(fact, value)}


def identifiers(employee: Employee) -> list[str]:
    """Every text by which others may refer to the employee."""
    texts = [str(employee.uuid), employee.user_name, employee.work_email, employee.employee_number]
    return [text for text in (*texts, *employee.external_ids.values()) if text]


def read(employee: Employee, fact: str) -> Any:
    """The present value of a fact; "", None or [] when there is none."""
    if fact == "manager":
        return employee.manager or employee.manager_awaited
    if fact in COLUMNS:
        return getattr(employee, fact)
    if fact.startswith(EXTERNAL_ID):
        return employee.external_ids.get(fact.removeprefix(EXTERNAL_ID), "")
    if fact == EMAILS:
        return emails(employee)
    return employee.profile.get(fact, "")


def is_profile(fact: str) -> bool:
    """True for a fact that is a key of `Employee.profile` and nothing more."""
    return fact not in COLUMNS and fact != EMAILS and not fact.startswith(EXTERNAL_ID)


def plain(value: Any) -> Any:
    """A fact's value as an audit row keeps it: JSON, a reference as its text or SCIM id."""
    if isinstance(value, Employee):
        return str(value.uuid)
    return value["value"] if isinstance(value, dict) else value


def write(employee: Employee, fact: str, value: Any) -> set[str]:
    """Sets a fact on the instance and returns the model fields that must be saved."""
    if fact == "manager":
        bound = value if isinstance(value, Employee) else None
        employee.manager = bound
        employee.manager_awaited = "" if bound else value or ""
        return {"manager", "manager_awaited", "manager_awaited_key"}
    if fact in COLUMNS:
        text = isinstance(getattr(employee, fact), str)
        setattr(employee, fact, value or "" if text else value)
        return {fact, f"{fact}_key"} if text else {fact}
    if fact.startswith(EXTERNAL_ID):
        _set_or_drop(employee.external_ids, fact.removeprefix(EXTERNAL_ID), value)
        return {"external_ids"}
    if isinstance(value, Employee):
        value = {"value": str(value.uuid)}
    _set_or_drop(employee.profile, fact, value)
    return {"profile", "profile_folded"}


def _set_or_drop(mapping: dict[str, Any], key: str, value: Any) -> None:
    if value in NOTHING:
        mapping.pop(key, None)
    else:
        mapping[key] = value
