"""Unknown names under the Peakon extension: the write succeeds, and the inbox keeps what was sent."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees.attribute_services import add_attribute, find_attribute, switch_attribute
from employees.models import Attribute, Employee
from scim import company
from scim.protocol.attributes import name_key
from scim.protocol.scalars import forbidden_in
from scim.provisioning import inbox
from scim.provisioning.models import UnknownAttribute, UnknownValue
from tests.scim.conftest import ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
ODD = 'Cost.Center: [a] (b) & c/d eq "é"'

Send = Callable[[ScimClient, str, dict[str, Any]], Any]


@pytest.fixture(autouse=True)
def _an_attribute(db: None) -> None:
    """Something in the Peakon extension, so that it is announced."""
    add_attribute("Colour", Attribute.Type.OPTION)


def put(scim: ScimClient, person: str, members: dict[str, Any]) -> Any:
    return scim.put(f"/Users/{person}", {"schemas": [], "userName": "ada@example.com", **members})


def pathless(scim: ScimClient, person: str, members: dict[str, Any]) -> Any:
    return scim.patch(f"/Users/{person}", {"op": "replace", "value": members})


def by_path(scim: ScimClient, person: str, members: dict[str, Any]) -> Any:
    flat = {f"{PEAKON}:{name}": value for name, value in members.get(PEAKON, {}).items()} or members
    return scim.patch(
        f"/Users/{person}", *({"op": "add", "path": path, "value": value} for path, value in flat.items())
    )


def kept() -> list[tuple[str, Any]]:
    rows = UnknownValue.objects.order_by("unknown__name", "pk")
    return list(rows.values_list("unknown__name", "value"))


def statements(ask: Callable[[], Any], table: str = "provisioning_unknown") -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert ask().status < 300
    return [query["sql"].split()[0] for query in captured if f'"{table}' in query["sql"]]


@pytest.mark.parametrize("send", [put, pathless, by_path])
@pytest.mark.parametrize("name", ["Shirt Size", "Shirt  size ", ODD])
@pytest.mark.parametrize("nested", [True, False])
def test_a_write_succeeds_and_its_unknown_names_are_kept(
    scim: ScimClient, send: Send, name: str, nested: bool
) -> None:
    person = scim.create()["id"]
    members = {PEAKON: {name: "M"}} if nested else {f"{PEAKON}:{name}": "M"}
    assert send(scim, person, members).status == 200
    assert kept() == [(" ".join(name.split()), "M")]


def test_a_create_succeeds_and_its_unknown_names_are_kept(scim: ScimClient, other: ScimClient) -> None:
    ada = scim.create(
        **{PEAKON: {"Shirt Size": "M", "Hobbies": ["go", "chess"]}, f"{PEAKON}:Desk": {"floor": 4}}
    )
    other.put(f"/Users/{ada['id']}", {PEAKON.upper(): {"shirt  size": "L"}})
    assert kept() == [
        ("Desk", {"floor": 4}),
        ("Hobbies", ["go", "chess"]),
        ("Shirt Size", "M"),
        ("Shirt Size", "L"),
    ]


def test_a_refused_write_leaves_nothing(scim: ScimClient) -> None:
    scim.create()
    taken = scim.post("/Users", {"userName": "ada@example.com", PEAKON: {"Shirt Size": "M"}})
    assert taken.error == (409, "uniqueness")
    assert not UnknownAttribute.objects.exists()


def test_known_names_and_other_extensions_do_not_arrive(scim: ScimClient) -> None:
    for name in ("Job Title", "Manager"):
        attribute = find_attribute(name)
        assert attribute
        switch_attribute(attribute, active=True)
    boss = scim.create("boss@example.com")
    manager = {"value": boss["id"], "label": "Boss"}
    scim.create(shoe=43, **{"urn:example:hr": {"Desk": 4}, PEAKON: {"jobTitle": "Cook", "Manager": manager}})
    assert kept() == []


def test_a_second_cycle_writes_nothing(scim: ScimClient) -> None:
    person = scim.create(**{PEAKON: {"Shirt Size": "M", "Desk": 4}})["id"]
    assert statements(lambda: put(scim, person, {PEAKON: {"SHIRT size": "M", "Desk": 4}})) == ["SELECT"]
    changed = statements(lambda: put(scim, person, {PEAKON: {"Shirt Size": "L", "Desk": 4}}))
    assert changed == ["SELECT", "INSERT"]
    assert kept() == [("Desk", 4), ("Shirt Size", "L")]


def test_nothing_unknown_costs_no_query(scim: ScimClient) -> None:
    person = scim.create()["id"]
    members: dict[str, Any]
    for members in ({"title": "x"}, {"shoe": 43, "urn:example:hr": {"a": 1}}):
        assert statements(partial(put, scim, person, members)) == []
        assert statements(partial(pathless, scim, person, members)) == []
    assert statements(lambda: scim.post("/Users", {"userName": "b@example.com"})) == []


def test_without_any_attribute_names_are_kept_whole(scim: ScimClient) -> None:
    Attribute.objects.update(active=False)
    company._known.clear()
    scim.create(**{f"{PEAKON}:{ODD}": "M", PEAKON: {"Desk": 4}})
    assert kept() == [(ODD, "M"), ("Desk", 4)]


@pytest.mark.parametrize("value", [None, "", []])
def test_an_empty_value_removes_what_was_sent(scim: ScimClient, value: Any) -> None:
    person = scim.create(**{PEAKON: {"Shirt Size": "M", "Desk": 4}})["id"]
    put(scim, person, {PEAKON: {"Shirt Size": value, "Never Seen": value}})
    assert kept() == [("Desk", 4)]
    scim.patch(f"/Users/{person}", {"op": "remove", "path": f"{PEAKON}:Desk"})
    assert kept() == []
    assert set(UnknownAttribute.objects.values_list("name", flat=True)) == {"Shirt Size", "Desk"}


def test_what_is_too_much_is_counted_without_values(scim: ScimClient, caplog: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(inbox, "NAMES", 103)
    long = "n" * (inbox.NAME_LENGTH + 1)
    scim.create(**{PEAKON: {long: "secret", "ﷺ" * 200: "secret", "Essay": "e" * inbox.VALUE_BYTES}})
    assert list(UnknownValue.objects.values_list("value", "note")) == [
        (None, "too long to keep (10,002 bytes)")
    ]
    scim.create("b@example.com", **{PEAKON: {f"n{n}": "secret" for n in range(inbox.NAMES_PER_REQUEST + 5)}})
    assert UnknownAttribute.objects.count() == 1 + inbox.NAMES_PER_REQUEST
    scim.create("c@example.com", **{PEAKON: {f"m{n}": "secret" for n in range(5)}})
    assert UnknownAttribute.objects.count() == 103
    assert [record.args[0] for record in caplog.records if record.name == inbox.__name__] == [2, 5, 3]
    assert "secret" not in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=st.dictionaries(st.text(max_size=250), JSON, max_size=4))
def test_no_name_and_no_value_fails_a_write(scim: ScimClient, members: dict[str, Any]) -> None:
    answer = scim.post("/Users", {"userName": f"user{Employee.objects.count()}", PEAKON: members})
    forbidden = forbidden_in(members) or len({name_key(name) for name in members}) < len(members)
    assert answer.status == (400 if forbidden else 201), answer.body


def test_numbers_beyond_json_are_noted(scim: ScimClient) -> None:
    answer = scim.post("/Users", f'{{"userName": "ada", "{PEAKON}": {{"Budget": 1e999, "Size": 1}}}}')
    assert answer.status == 201
    assert list(UnknownValue.objects.values_list("value", "note").order_by("note")) == [
        (1, ""),
        (None, "a number too large to keep"),
    ]
