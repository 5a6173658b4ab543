"""What filters parse to, and which ones are refused."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scim.protocol.errors import InvalidFilter
from scim.protocol.evaluate import evaluate
from scim.protocol.filters import parse_filter
from scim.protocol.nodes import And, Comparison, Not, Operator, Or, Present, ValuePath
from scim.protocol.paths import resolve

from .directory import ADA, CUSTOMER_NAMES, PEAKON, USER

CASES = json.loads(Path(__file__).with_name("filter_cases.json").read_text())


def comparison(name: str, value: Any, operator: Operator = Operator.EQ) -> Comparison:
    return Comparison(resolve(USER, name), operator, value)


@pytest.mark.parametrize("text", CASES["true"])
def test_matches(text: str) -> None:
    assert evaluate(parse_filter(USER, text), ADA) is True


@pytest.mark.parametrize("text", CASES["false"])
def test_does_not_match(text: str) -> None:
    assert evaluate(parse_filter(USER, text), ADA) is False


@pytest.mark.parametrize(("text", "expected"), CASES["invalid"])
def test_is_refused_and_says_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(InvalidFilter) as refusal:
        parse_filter(USER, text)
    assert expected in refusal.value.detail


def test_and_binds_more_than_or_and_not_more_than_and() -> None:
    title, active = Present(resolve(USER, "title")), Present(resolve(USER, "active"))
    assert parse_filter(USER, "title pr or not (active pr) and title pr") == Or(
        (title, And((Not(active), title)))
    )


def test_entras_sub_attribute_after_brackets_joins_the_inner_filter() -> None:
    work = comparison("emails.type", "work")
    node = parse_filter(USER, 'emails[type eq "work" and primary eq True].value sw "a"')
    inner = And((work, comparison("emails.primary", True), comparison("emails.value", "a", Operator.SW)))
    assert node == ValuePath(resolve(USER, "emails"), inner)


def test_an_inner_or_stays_together() -> None:
    work, home = comparison("emails.type", "work"), comparison("emails.type", "home")
    node = parse_filter(USER, 'emails[type eq "work" or type eq "home"].value pr')
    inner = And((Or((work, home)), Present(resolve(USER, "emails.value"))))
    assert node == ValuePath(resolve(USER, "emails"), inner)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("employeeNumber eq 7", "7"),
        ("employeeNumber eq 7.50", "7.50"),
        ('employeeNumber eq "\\"\\\\"', '"\\'),
        ('employeeNumber eq "it\'s"', "it's"),
    ],
)
def test_text_operands_stay_as_written(text: str, value: str) -> None:
    node = parse_filter(USER, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:" + text)
    assert isinstance(node, Comparison)
    assert node.value == value


def test_operands_have_the_type_of_the_attribute() -> None:
    moment = datetime(2024, 1, 31, 8, 0, 0, 123456, tzinfo=UTC)
    text = 'meta.created eq "2024-01-31T09:00:00.123456789+01:00"'
    assert parse_filter(USER, text) == comparison("meta.created", moment)
    assert parse_filter(USER, f'{PEAKON}:Level eq "7.0"') == comparison(f"{PEAKON}:Level", 7)
    salary = comparison(f"{PEAKON}:Salary", Decimal("0.1"))
    assert parse_filter(USER, f"{PEAKON}:Salary eq 0.1") == salary


@pytest.mark.parametrize("name", CUSTOMER_NAMES)
def test_every_customers_name_can_be_filtered_by(name: str) -> None:
    node = parse_filter(USER, f'({PEAKON}:{name.upper()} eq "x") and userName pr')
    assert node == And((comparison(f"{PEAKON}:{name}", "x"), Present(resolve(USER, "userName"))))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 51 + "title pr" + ")" * 51,
        "not (" * 51 + "title pr" + ")" * 51,
        "(" * 5_000,
        "emails[" * 1_000,
        " or ".join(["title pr"] * 1_001),
        'title eq "' + "a" * 10_000 + '"',
    ],
)
def test_limits(text: str) -> None:
    with pytest.raises(InvalidFilter):
        parse_filter(USER, text)


def test_what_the_limits_allow() -> None:
    parse_filter(USER, "(" * 50 + "title pr" + ")" * 50)
    parse_filter(USER, "or".join(["title pr "] + [" title pr "] * 399))


def test_an_error_says_where() -> None:
    with pytest.raises(InvalidFilter, match=r"At character 10: expected an operator .* after userName"):
        parse_filter(USER, "userName is 5")
