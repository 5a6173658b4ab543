"""Thirty attributes with odd names and of every type keep, find and order what is sent, as an oracle says."""

import json
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees import attribute_services
from employees.models import Attribute
from tests.scim.conftest import ENTERPRISE, ScimClient
from tests.scim.oracle import Strategy, Value, folded, strategies

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
NAMES = (
    *("Cost Center", "R&D", "Day/Night", "Grade (2026)", "Cost [EUR]", "Pay.Grade", "Ratio: A", 'Called "X"'),
    *(
        "it's",
        "and",
        "or",
        "eq",
        "not",
        "pr",
        "Salt and Pepper",
        "Key eq Value",
        "not (a)",
        "emails[type eq x]",
    ),
    *(
        "Größe",
        "部署",
        "Été à Oslo",
        "Weiß (Straße)",
        "Παπαδόπουλος",
        "Șükrü Țepeș",
        "ณัฐ",
        "فاطمة",
        "𠮷",
        "👩‍💻",
    ),
    *("urn:x:y", "100% a_b"),
)
ATTRIBUTES = dict(zip(NAMES, cycle(Attribute.Type), strict=False))
ORDERING = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
PARTIAL: dict[str, Callable[[str, str], bool]] = {
    "sw": str.startswith,
    "co": operator.contains,
    "ew": str.endswith,
}
WAYS: dict[str, Callable[[Mapping[str, Any]], list[dict[str, Any]]]] = {
    "path": lambda sent: [
        {"op": "replace", "path": f"{PEAKON}:{name}", "value": value} for name, value in sent.items()
    ],
    "nested": lambda sent: [{"op": "replace", "value": {PEAKON: dict(sent)}}],
    "flat": lambda sent: [
        {"op": "add", "value": {f"{PEAKON}:{name}": value for name, value in sent.items()}}
    ],
}


@dataclass
class Company:
    """The thirty attributes, three colleagues to refer to, and a SCIM client."""

    scim: ScimClient
    values: Mapping[str, Strategy]
    numbers: "count[int]" = field(default_factory=count)

    def hire(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Somebody new with these values, by POST."""
        return self.scim.create(f"{next(self.numbers):06}", **{PEAKON: _sent(values)})

    def draw(self, data: st.DataObject) -> dict[str, Value]:
        """A value of each attribute."""
        return data.draw(
            st.fixed_dictionaries({name: self.values[type_] for name, type_ in ATTRIBUTES.items()})
        )


@pytest.fixture
def company(scim: ScimClient) -> Company:
    for name, type_ in ATTRIBUTES.items():
        attribute_services.add_attribute(name, type_)
    people = {}
    for number in range(3):
        email, external_id, badge = f"ada{number}@example.com", f"EXT-{number}", f"00{number}7"
        emails, enterprise = [{"value": email, "type": "work"}], {"employeeNumber": badge}
        stated = {"emails": emails, "externalId": external_id, ENTERPRISE: enterprise}
        created = scim.create(f"ada-{number}", **stated)
        people[created["id"]] = (created["userName"], email, external_id, badge)
    return Company(scim, strategies(people))


def bounded(max_examples: int) -> Callable[[Any], Any]:
    """Hypothesis with so many examples, which share the test's transaction and its people."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.large_base_example]
    return settings(
        max_examples=max_examples, deadline=None, suppress_health_check=[*checks, HealthCheck.data_too_large]
    )


def _sent(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: value.sent for name, value in values.items()}


def answered(values: Mapping[str, Value]) -> dict[str, Any]:
    """The Peakon extension of an answer."""
    return {name: value.answered for name, value in values.items() if value.answered is not None}


def agree(document: Mapping[str, Any], values: Mapping[str, Value]) -> None:
    """The same values of the same JSON types; a decimal is a double, whichever way its digits are written."""
    found, expected = document.get(PEAKON, {}), answered(values)
    doubles = {name for name in expected if ATTRIBUTES[name] == Attribute.Type.DECIMAL}
    found = {name: float(value) if name in doubles else value for name, value in found.items()}
    assert found == expected
    assert {name: type(value) for name, value in found.items()} == {
        name: type(value) for name, value in expected.items()
    }


def test_there_are_thirty_of_every_type() -> None:
    assert len(ATTRIBUTES) == 30
    assert set(ATTRIBUTES.values()) == set(Attribute.Type)


@bounded(40)
@given(data=st.data())
def test_post_get_and_put(company: Company, data: st.DataObject) -> None:
    first, second = company.draw(data), company.draw(data)
    kept = data.draw(st.sets(st.sampled_from(NAMES)))
    created = company.hire(first)
    agree(created, first)
    path = f"/Users/{created['id']}"
    agree(company.scim.get(path).body, first)
    stated = {name: value for name, value in second.items() if name in kept}
    replaced = company.scim.put(path, {"userName": created["userName"], PEAKON: _sent(stated)})
    agree(replaced.body, stated)
    agree(company.scim.get(path).body, stated)


@pytest.mark.parametrize("way", WAYS)
@bounded(15)
@given(data=st.data())
def test_patch(company: Company, way: str, data: st.DataObject) -> None:
    first, second = company.draw(data), company.draw(data)
    changed = data.draw(st.sets(st.sampled_from(NAMES), min_size=1))
    created = company.hire(first)
    path = f"/Users/{created['id']}"
    stated = {name: value for name, value in second.items() if name in changed}
    answer = company.scim.patch(path, *WAYS[way](_sent(stated)))
    assert answer.status == 200, answer.body
    agree(answer.body, first | stated)
    agree(company.scim.get(path).body, first | stated)


def population(company: Company, data: st.DataObject) -> list[tuple[str, dict[str, Value]]]:
    """A few people, by userName in the order of their arrival, and nobody else with any value."""
    for name in company.scim.find(f'schemas eq "{PEAKON}"'):
        [person] = company.scim.get("/Users", filter=f'userName eq "{name}"').body["Resources"]
        assert company.scim.delete(f"/Users/{person['id']}").status == 204
    drawn = [company.draw(data) for _ in range(4)]
    return [(company.hire(values)["userName"], values) for values in drawn]


@bounded(4)
@given(data=st.data())
def test_filters(company: Company, data: st.DataObject) -> None:
    people = population(company, data)
    for name, type_ in ATTRIBUTES.items():
        keys = {who: values[name].key for who, values in people}
        wanted = data.draw(st.sampled_from([values[name] for _, values in people]) | company.values[type_])
        for term, expected in terms(type_, wanted, keys):
            found = company.scim.find(f'userName lt "a" and {PEAKON}:{name} {term}')
            assert found == expected, (name, term, keys)


def terms(type_: str, wanted: Value, keys: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What to ask of an attribute, and who should be found."""
    stated = {who: key for who, key in keys.items() if key is not None}
    asked = [("pr", list(stated)), ("eq null", [who for who in keys if who not in stated])]
    if wanted.key is None:
        return asked
    literal = json.dumps(wanted.literal, ensure_ascii=False)
    asked.append((f"eq {literal}", [who for who, key in stated.items() if key == wanted.key]))
    asked.append((f"ne {literal}", [who for who, key in keys.items() if key != wanted.key]))
    compared: Mapping[str, Callable[[Any, Any], bool]] = {}
    if type_ not in (Attribute.Type.BOOLEAN, Attribute.Type.EMPLOYEE):
        compared = ORDERING
    for word, holds in compared.items():
        asked.append((f"{word} {literal}", [who for who, key in stated.items() if holds(key, wanted.key)]))
    if type_ in (Attribute.Type.OPTION, Attribute.Type.TEXT):
        for word, holds in PARTIAL.items():
            part = wanted.literal[:3] if word != "ew" else wanted.literal[-3:]
            found = [who for who, key in stated.items() if holds(key, folded(part))]
            asked.append((f"{word} {json.dumps(part)}", found))
    return asked


@bounded(6)
@given(data=st.data())
def test_sorting(company: Company, data: st.DataObject) -> None:
    people = population(company, data)
    for name in ATTRIBUTES:
        for order in ("ascending", "descending"):
            query = {"filter": 'userName lt "a"', "sortBy": f"{PEAKON}:{name}", "sortOrder": order}
            found = company.scim.get("/Users", **query).people
            assert found == in_order(name, people, descending=order == "descending"), (name, order)


def in_order(name: str, people: list[tuple[str, dict[str, Value]]], *, descending: bool) -> list[str]:
    """RFC 7644 §3.4.2.3: who has no value is last ascending, and descending is the exact reverse."""

    def key(person: tuple[str, dict[str, Value]]) -> tuple[bool, Any]:
        value = person[1][name].key
        return value is None, 0 if value is None else value

    ascending = [who for who, _ in sorted(people, key=key)]
    return ascending[::-1] if descending else ascending
