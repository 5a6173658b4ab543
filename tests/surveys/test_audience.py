"""Audiences: what is accepted, how it reads, and whom it means."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from employees import attribute_services
from employees.models import Attribute
from employees.surveys import audience
from tests.employees.people import change, delete, hire
from tests.surveys.schedules import MONDAY

pytestmark = pytest.mark.django_db
Type = Attribute.Type


def condition(fact: str, *values: str, negated: bool = False) -> dict[str, Any]:
    return {"fact": fact, "values": list(values), "negated": negated}


def found(*conditions: dict[str, Any]) -> set[str]:
    people = audience.eligible(audience.clean(list(conditions)), MONDAY)
    return {name.partition("@")[0] for name in people.values_list("user_name", flat=True)}


def test_everyone() -> None:
    hire("ada@example.com")
    hire("inactive@example.com", active=False)
    delete(hire("deleted@example.com"))
    assert found() == {"ada"}
    assert audience.head_count([], MONDAY) == 1
    assert audience.in_words([]) == "Everyone"


def test_values_are_compared_without_case_and_any_of_them_will_do() -> None:
    hire("ada@example.com", department="Straße", attribute_location="Oslo")
    hire("grace@example.com", department="Support", attribute_location="Bergen")
    hire("linus@example.com", department="Research")
    department = condition("department", "STRASSE", "support")
    assert found(department) == {"ada", "grace"}
    assert found(department, condition("attribute_location", "oslo", negated=True)) == {"grace"}


def test_whoever_has_no_value_has_none_of_the_values() -> None:
    hire("ada@example.com", attribute_location="Oslo")
    hire("grace@example.com")
    assert found(condition("attribute_location", "Oslo", negated=True)) == {"grace"}


def test_people_are_named_by_anything_that_means_them() -> None:
    boss = hire("boss@example.com", employee_number="E1")
    hire("ada@example.com", manager=boss)
    hire("grace@example.com")
    assert found(condition("manager", "E1")) == {"ada"}
    assert found(condition("manager", "BOSS@example.com", negated=True)) == {"boss", "grace"}
    assert found(condition("manager", str(boss.uuid))) == {"ada"}


@pytest.mark.parametrize(
    ("type_", "stored", "entered", "words"),
    [
        (Type.NUMBER, 5, "5", "5"),
        (Type.DECIMAL, 0.5, "0.50", "0.5"),
        (Type.DECIMAL, 2, "2.0", "2"),
        (Type.BOOLEAN, True, "yes", "yes"),
        (Type.BOOLEAN, False, "False", "no"),
        (Type.DATE, "2026-01-31T00:00:00Z", "2026-01-31", "31 Jan 2026"),
        (Type.DATETIME, "2026-01-31T12:30:00Z", "2026-01-31 12:30", "31 Jan 2026, 12:30"),
        (Type.TEXT, "Blue  whale", "blue  whale", "blue  whale"),
    ],
)
def test_every_type(type_: Attribute.Type, stored: Any, entered: str, words: str) -> None:
    attribute = attribute_services.add_attribute("Quality", type_)
    hire("ada@example.com", **{attribute.fact: stored})
    hire("grace@example.com")
    cleaned = audience.clean([condition(attribute.fact, entered)])
    assert audience.clean(cleaned) == cleaned
    assert found(*cleaned) == {"ada"}
    assert audience.in_words(cleaned) == f"Quality is {words}"


def test_a_reference_of_ones_own() -> None:
    mentor = attribute_services.add_attribute("Mentor", Type.EMPLOYEE)
    boss = hire("boss@example.com", display_name="The Boss")
    hire("ada@example.com", **{mentor.fact: boss})
    chosen = audience.clean([condition(mentor.fact, "boss@example.com")])
    assert found(*chosen) == {"ada"}
    assert audience.in_words(chosen) == "Mentor is The Boss (boss@example.com)"


def test_words(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    chosen = audience.clean(
        [
            condition("department", " Sales ", "Support", "sales"),
            condition("attribute_location", "Oslo", negated=True),
        ]
    )
    assert chosen[0]["values"] == ["Sales", "Support"]
    with django_assert_num_queries(1):
        words = audience.in_words(chosen)
    assert words == "Department is Sales or Support, and Location is not Oslo"


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ("everyone", "An audience is a list"),
        ([{"fact": "department"}], "An audience is a list"),
        ([{"fact": "department", "values": [5]}], "An audience is a list"),
        ([condition("attribute_shoesize", "44")], "There is no attribute 'attribute_shoesize'."),
        ([condition("user_name", "ada@example.com")], "There is no attribute 'user_name'."),
        ([condition("department")], "Department: name at least one value"),
        ([condition("department", " ")], "Department: name at least one value"),
        ([condition("department", "x" * 257)], "Department, “x"),
        ([condition("attribute_startdate", "soon")], "Start Date, “soon”: Enter a valid date."),
        ([condition("manager", "nobody@example.com")], "Manager: nobody answers to “nobody@example.com”."),
    ],
)
def test_what_cannot_be_understood(conditions: Any, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        audience.clean(conditions)
    assert error.value.messages[0].startswith(message)


def test_every_wrong_condition_is_told() -> None:
    remote = attribute_services.add_attribute("Remote", Type.BOOLEAN)
    with pytest.raises(ValidationError) as error:
        audience.clean([condition(remote.fact, "perhaps"), condition("department")])
    assert error.value.messages == [
        "Remote: “perhaps” is neither yes nor no.",
        "Department: name at least one value, and at most 100.",
    ]


def test_a_count_is_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    change(hire("ada@example.com"), department="Sales")
    chosen = audience.clean([condition("department", "Sales")])
    with django_assert_num_queries(2):
        assert audience.head_count(chosen, MONDAY) == 1
