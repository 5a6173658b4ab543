"""Every query of searches by the company's own attributes, by name: never one for each person."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.company import define_attributes, hire
from bench.people import Company
from employees.audit import Actor
from employees.models import Attribute
from tests.scim.conftest import ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
TOKEN = 'FROM "provisioning_bearertoken"'
READ = 'FROM "employees_employee"'
TOTAL = "COUNT(*)"

COMPANY = Company(division=200, attributes=20)
PEOPLE = 120


@pytest.fixture
def someone(scim: ScimClient) -> dict[str, Any]:
    """One of 120 people who each have twenty attributes, as the service shows them."""
    company = replace(COMPANY, provider=scim.provider_key)
    define_attributes(company)
    hire(company, 0, PEOPLE, actor=Actor.identity_provider(scim.provider_key, "Directory"))
    # The token's first use is noted once in ten seconds, and the attributes are read once.
    person: dict[str, Any] = scim.get("/Users", startIndex=50, count=1).body["Resources"][0]
    return person


def queries(scim: ScimClient, *expected: str, **query: Any) -> list[dict[str, Any]]:
    """The people of a page, after holding what it asked the database against the named queries, in order."""
    with CaptureQueriesContext(connection) as captured:
        answer = scim.get("/Users", **query)
    assert answer.status == 200, answer.body
    asked = [entry["sql"] for entry in captured]
    assert len(asked) == len(expected), "\n".join(asked)
    for sql, name in zip(asked, expected, strict=True):
        assert name in sql, (name, sql)
    people: list[dict[str, Any]] = answer.body["Resources"]
    return people


def test_page_of_100_with_20_attributes_each(scim: ScimClient, someone: Any) -> None:
    people = queries(scim, TOKEN, READ, TOTAL, count=100, startIndex=2)
    assert len(people) == 100
    assert all({name for name, _ in COMPANY.definitions} <= person[PEAKON].keys() for person in people)


def test_equality_on_an_attribute_of_any_type(scim: ScimClient, someone: dict[str, Any]) -> None:
    names = [name for name, type_ in COMPANY.definitions if type_ != Attribute.Type.EMPLOYEE]
    for name in names:
        filter_ = f"{PEAKON}:{name} eq {json.dumps(someone[PEAKON][name])}"
        assert someone in queries(scim, TOKEN, READ, filter=filter_, count=200), name


def test_equality_that_fills_the_page(scim: ScimClient, someone: dict[str, Any]) -> None:
    filter_ = f'{PEAKON}:Region eq "{someone[PEAKON]["Region"]}"'
    assert len(queries(scim, TOKEN, READ, TOTAL, filter=filter_, count=1)) == 1


def test_equality_on_an_employee(scim: ScimClient, someone: dict[str, Any]) -> None:
    for path in ("Mentor", "Mentor.value"):
        filter_ = f'{PEAKON}:{path} eq "{someone[PEAKON]["Mentor"]["value"]}"'
        assert someone in queries(scim, TOKEN, READ, filter=filter_), path
