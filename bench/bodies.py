"""The people of a synthetic company as an identity provider sends them."""

from collections.abc import Callable
from typing import Any

from employees import facts
from employees.models import Employee
from scim.protocol.urns import ENTERPRISE_USER, PEAKON_USER, USER

from .people import Company

Reference = Callable[[int], str]
"""What a person's number is referred to by: their SCIM id, or their user name where it is not known."""


def body(company: Company, number: int, reference: Reference) -> dict[str, Any]:
    """The body of the POST of a person with a manager and the company's attributes."""
    own = {name: name for name, _ in company.definitions}
    stated = {
        fact: {"value": reference(value.pk - 1)} if isinstance(value, Employee) else value
        for fact, value in company.facts_of(number, own).items()
    }
    enterprise = {
        "employeeNumber": stated["employee_number"],
        "department": f"Department {number % 40}",
        "manager": stated.get("manager"),
    }
    return {
        "schemas": [USER, ENTERPRISE_USER, PEAKON_USER],
        "userName": stated["user_name"],
        "externalId": stated[facts.EXTERNAL_ID + company.provider],
        "displayName": stated["display_name"],
        "title": f"Analyst {number % 50}",
        "name": {"givenName": stated["given_name"], "familyName": stated["family_name"]},
        "active": stated["active"],
        "emails": stated[facts.EMAILS],
        ENTERPRISE_USER: {name: value for name, value in enterprise.items() if value is not None},
        PEAKON_USER: {name: stated[name] for name in own if name in stated},
    }


def user_name(company: Company, number: int) -> str:
    """What a person signs in with."""
    name: str = company.facts_of(number, {name: name for name, _ in company.definitions})["user_name"]
    return name
