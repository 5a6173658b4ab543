"""Seeded people are, column by column, who the one door would have made of the same facts."""

import json
import re
from typing import Any

import pytest
import time_machine
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from bench import company as seeding
from bench.people import SPAN, Company
from employees import services
from employees.audit import Actor
from employees.models import Attribute, Change, Employee, SearchKey

DIRECTORY = Actor.identity_provider("idp1", "Directory")
DIVISION = 2 * SPAN
PEOPLE = 2 * DIVISION + 3
COMPANY = Company(DIVISION, attributes=12)
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(autouse=True)
def defined(db: None) -> None:
    seeding.define_attributes(COMPANY)


def facts_of(number: int) -> dict[str, Any]:
    return COMPANY.facts_of(number, dict(Attribute.objects.values_list("name", "fact")))


def hire_all() -> None:
    """The same people through the door: references stand as the SCIM ids of those who are here already."""
    ids: dict[int, Employee] = {}
    for number in range(PEOPLE):
        stated = facts_of(number)
        for fact, value in stated.items():
            if isinstance(value, Employee):
                person = ids[value.pk]
                stated[fact] = person if fact == "manager" else {"value": str(person.uuid)}
        with time_machine.travel(COMPANY.arrival(number), tick=False):
            ids[number + 1] = services.create_employee(stated, actor=DIRECTORY)


def rows(model: type[models.Model], owner: str) -> list[dict[str, Any]]:
    """Every column of every row but its own key; people by the order in which they came."""
    order = {pk: place for place, pk in enumerate(Employee.objects.values_list("pk", flat=True))}
    names = {str(uuid): f"#{order[pk]}" for pk, uuid in Employee.objects.values_list("pk", "uuid")}
    found = []
    for row in model._default_manager.order_by(owner, "pk").values():
        place, manager = order[row[owner]], order.get(row.pop("manager_id", None))
        bare = {name: value for name, value in row.items() if name not in ("id", owner)}
        text = json.dumps(bare | {"place": place, "manager": manager}, cls=DjangoJSONEncoder, sort_keys=True)
        found.append(json.loads(UUID.sub(lambda match: names.get(match[0], match[0]), text)))
    return found


def everything() -> dict[str, list[dict[str, Any]]]:
    kept = {
        "people": rows(Employee, "id"),
        "keys": rows(SearchKey, "employee_id"),
        "changes": rows(Change, "employee_id"),
    }
    transaction.set_rollback(True)
    return kept


def test_seeded_people_are_those_of_the_one_door() -> None:
    with transaction.atomic():
        seeding.found(COMPANY, PEOPLE, actor=DIRECTORY)
        seeded = everything()
    with transaction.atomic():
        hire_all()
        hired = everything()
    assert len(seeded["people"]) == len(seeded["changes"]) == PEOPLE
    # An e-mail, an external id, each attribute, and each mentor once more; the three heads have none.
    assert len(seeded["keys"]) == PEOPLE * (2 + 12) + PEOPLE - 2 * 3
    for table in seeded:
        assert seeded[table] == hired[table]


def test_the_same_number_is_the_same_person() -> None:
    assert facts_of(5) == facts_of(5)
    assert facts_of(5) != facts_of(6)


def test_the_next_one_hired_comes_after_the_seeded() -> None:
    seeding.found(COMPANY, PEOPLE, actor=DIRECTORY)
    assert services.create_employee({"user_name": "ada@example.com"}, actor=DIRECTORY).pk == PEOPLE + 1
