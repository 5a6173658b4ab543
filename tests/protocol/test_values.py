"""Which values an attribute takes, and what becomes of them."""

from decimal import Decimal
from typing import Any

import pytest

from scim.protocol.errors import InvalidSyntax, InvalidValue
from scim.protocol.names import resolve
from scim.protocol.values import Ignored, coerce

from .directory import ENTERPRISE, PEAKON, USER

LEVEL, SALARY, START, PHOTO = (f"{PEAKON}:{name}" for name in ("Level", "Salary", "Start Date", "Photo"))
MANAGER = f"{ENTERPRISE}:manager"

EMPTY: tuple[Any, ...] = (None, "", [], {})

TAKEN: list[tuple[str, Any, Any]] = [
    *((name, empty, None) for name in ("title", "tags", "emails", MANAGER) for empty in EMPTY),
    ("title", " Dr ", " Dr "),
    ("title", 50000.0, "50000.0"),
    ("title", 7, "7"),
    ("title", Decimal("1.50"), "1.50"),
    ("title", ["Dr"], "Dr"),
    ("active", "FALSE", False),
    ("active", " true ", True),
    ("active", False, False),
    (LEVEL, 7, 7),
    (LEVEL, 50000.0, 50000),
    (LEVEL, "50000", 50000),
    (LEVEL, "-5e3", -5000),
    (LEVEL, 2**63 - 1, 2**63 - 1),
    (SALARY, "1.5", 1.5),
    (SALARY, 50000, 50000),
    (START, "2024-01-31", "2024-01-31T00:00:00Z"),
    (START, "2024-01-31T09:00:00+02:00", "2024-01-31T07:00:00Z"),
    (START, "2024-01-31T09:00:00-00:30", "2024-01-31T09:30:00Z"),
    (START, "2024-01-31T09:00:00.1234567Z", "2024-01-31T09:00:00.123456Z"),
    (PHOTO, "not base64 at all", "not base64 at all"),
    ("name.givenName", "Ada", "Ada"),
    ("tags", "a", ["a"]),
    ("tags", ["a", None, "", 1], ["a", "1"]),
    ("emails", "a@example.com", [{"value": "a@example.com"}]),
    ("emails", {"Value": "a", "PRIMARY": "True"}, [{"value": "a", "primary": True}]),
    ("emails", ["a", {"value": "b", "type": ""}], [{"value": "a"}, {"value": "b"}]),
    ("emails", [{"type": "work", "primary": True, "value": None}], None),
    ("roles", ['{"id":"1"}'], [{"value": '{"id":"1"}'}]),
    ("addresses", {"country": "anywhere"}, [{"country": "anywhere"}]),
    (MANAGER, "m", {"value": "m"}),
    (MANAGER, [{"$ref": None, "value": "m"}], {"value": "m"}),
    (MANAGER, {"value": "m", "displayName": "read only"}, {"value": "m"}),
]

REFUSED: list[tuple[str, Any]] = [
    *(("title", value) for value in (True, {"a": 1}, ["a", "b"], float("nan"), float("inf"), 10**5_000)),
    *(("title", value) for value in ("a\x00", "\ud800")),
    *(("active", value) for value in (1, 0, "yes", ["a", "b"], {"value": True})),
    *((LEVEL, value) for value in (True, 1.5, "1.5", "x", "1_000", "١", "NaN", 2**63, "1e999", "9" * 5_000)),
    *((SALARY, value) for value in (True, "much", float("inf"), "1e301", "0x10")),
    *(
        (START, value)
        for value in (5, True, "31.01.2024", "2023-02-29", "2024-01-31T25:00:00Z", "2024-01-31T9")
    ),
    *((START, value) for value in ("0001-01-01T00:00:00+14:00", "2024-01-31T09:00:00+99:00", "٢٠٢٤-01-31")),
    ("name", "Ada"),
    ("name", [{"givenName": "A"}, {"givenName": "B"}]),
    ("addresses", "Oslo"),
    ("emails", [["a", "b"]]),
    ("emails", [{"value": {"nested": 1}}]),
    ("emails", [{"value": "a", "primary": True}, {"value": "b", "primary": True}]),
    ("emails", [{"value": "a", "primary": "maybe"}]),
    (MANAGER, ["a", "b"]),
    (MANAGER, True),
]


@pytest.mark.parametrize(("name", "value", "canonical"), TAKEN)
def test_taken(name: str, value: Any, canonical: Any) -> None:
    result = coerce(resolve(USER, name), value)
    assert (result, type(result)) == (canonical, type(canonical))
    assert coerce(resolve(USER, name), result) == result


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[0])
def test_refused_with_the_name_and_what_is_accepted(case: tuple[str, Any]) -> None:
    name, value = case
    with pytest.raises(InvalidValue) as refusal:
        coerce(resolve(USER, name), value)
    assert resolve(USER, name).attribute.name in refusal.value.detail


def test_an_error_does_not_repeat_the_value() -> None:
    with pytest.raises(InvalidValue, match=r"active is of type boolean and takes true or false") as refusal:
        coerce(resolve(USER, "active"), "secret")
    assert "secret" not in refusal.value.detail


def test_unknown_sub_attributes_are_reported() -> None:
    ignored: list[Ignored] = []
    assert coerce(resolve(USER, "emails"), [{"value": "a", "foo": 1}], ignored) == [{"value": "a"}]
    assert ignored == [Ignored(USER.schema.urn, "emails.foo", 1)]


def test_two_spellings_of_a_sub_attribute_are_refused() -> None:
    with pytest.raises(InvalidSyntax, match='"value" and "Value"'):
        coerce(resolve(USER, "emails"), [{"value": "a", "Value": "b"}])
