"""Rows come out of the database as they went in, however many are inserted at once."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest

from employees import rows
from employees.models import Change, Employee, SearchKey

pytestmark = pytest.mark.django_db

TEXTS = ("", "Ada", 'a "quoted" \\ back\\nslash', "%s {} 'single'", "null", "𝔄da Łolori\t\n", "1e23")
JSONS: tuple[Any, ...] = (
    {},
    {"title": 'of the "realm" \\u0041'},
    {"number": 12, "decimal": 0.1, "large": 2**62, "none": None, "true": True},
    {"list": [1, "2", None, {"three": [3]}], "text": "null"},
)
MOMENTS = (
    datetime(2026, 1, 2, 3, 4, 5, 678901, UTC),
    datetime(2026, 7, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))),
)
MANY = rows.FEW + 1


@pytest.mark.parametrize("number", [1, rows.FEW, MANY, rows.BATCH + 1])
def test_people_come_back_as_they_were(number: int) -> None:
    people = [
        Employee(
            uuid=uuid4(),
            user_name=f"{place}{TEXTS[place % len(TEXTS)]}",
            display_name=TEXTS[place % len(TEXTS)],
            active=(None, True, False)[place % 3],
            profile=JSONS[place % len(JSONS)],
            held_at=(None, *MOMENTS)[place % 3],
            created_at=MOMENTS[place % 2],
            updated_at=MOMENTS[place % 2],
        )
        for place in range(number)
    ]
    rows.insert(people)
    names = [field.attname for field in Employee._meta.concrete_fields]
    found = {person.pk: person for person in Employee.objects.all()}
    assert len(found) == number
    for person in people:
        assert {name: getattr(found[person.pk], name) for name in names} == {
            name: getattr(person, name) for name in names
        }


@pytest.mark.parametrize("value", ["text", 'a "b"', 1, 2.5, True, [1, "2"], {"a": None}])
def test_json_of_any_kind_comes_back(value: Any) -> None:
    person = Employee(user_name="ada@example.com", created_at=MOMENTS[0], updated_at=MOMENTS[0])
    rows.insert([person])
    keys = [SearchKey(employee=person, name="x", position=place, key="k", raw=value) for place in range(MANY)]
    rows.insert(keys)
    assert [key.raw for key in SearchKey.objects.order_by("pk")] == [value] * MANY
    assert [key.pk for key in keys] == list(SearchKey.objects.order_by("pk").values_list("pk", flat=True))


def test_many_take_one_statement(django_assert_num_queries: Any) -> None:
    changes = [
        Change(employee_id=1, at=MOMENTS[0], action="updated", before={}, after={}) for _ in range(MANY)
    ]
    with django_assert_num_queries(1):
        rows.insert(changes)
    assert len({change.pk for change in changes}) == MANY
