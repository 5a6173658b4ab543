"""Units of documents, and what a PUT makes of two documents."""

import copy
from typing import Any

import pytest

from scim.protocol.documents import get, merge_put, parse_resource, put, without_nulls
from scim.protocol.errors import InvalidValue, Mutability
from scim.protocol.names import resolve

from .directory import ADA, ENTERPRISE, PEAKON, USER

UNITS = {path.name: path for path in USER.units()}


def replaced(body: dict[str, Any], owned: set[str], before: dict[str, Any] = ADA) -> dict[str, Any]:
    untouched = copy.deepcopy(before)
    after = merge_put(USER, before, parse_resource(USER, body).document, lambda path: path.name in owned)
    assert before == untouched
    return after


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_can_be_set_read_and_removed(name: str) -> None:
    document: dict[str, Any] = {}
    filled = put(document, UNITS[name], "x")
    assert (get(filled, UNITS[name]), get(document, UNITS[name])) == ("x", None)
    assert put(filled, UNITS[name], None) == {}
    assert document == {}


def test_removing_leaves_the_neighbours() -> None:
    after = put(ADA, resolve(USER, "name.givenName"), None)
    assert after == ADA | {"name": {"familyName": "Größe"}}
    assert ADA["name"]["givenName"] == "Ada"


def test_without_nulls_removes_what_they_leave_empty() -> None:
    document = {
        "title": None,
        "name": {"givenName": None},
        PEAKON: {"and": "x", "or eq": None},
        "active": False,
    }
    assert without_nulls(document) == {PEAKON: {"and": "x"}, "active": False}


def test_a_put_replaces_what_it_carries_and_keeps_what_others_own() -> None:
    assert replaced({"title": "Dr", "name": {"givenName": "A"}}, set()) == ADA | {
        "title": "Dr",
        "name": {"givenName": "A", "familyName": "Größe"},
    }


def test_a_put_clears_what_its_client_owns_and_omits() -> None:
    after = replaced({"userName": "a"}, {"name.givenName", "emails", f"{ENTERPRISE}:manager"})
    assert after["name"] == {"familyName": "Größe"}
    assert "emails" not in after
    assert after[ENTERPRISE] == {"employeeNumber": "007"}
    assert after[PEAKON] == ADA[PEAKON]


def test_user_name_and_active_are_never_cleared_by_omission() -> None:
    after = replaced({}, set(UNITS))
    assert after == {"id": ADA["id"], "meta": ADA["meta"], "userName": ADA["userName"], "active": False}


def test_null_clears_whoever_owns_it() -> None:
    after = replaced({"externalId": None, PEAKON: None, "name": {"familyName": ""}}, set())
    assert "externalId" not in after
    assert PEAKON not in after
    assert after["name"] == {"givenName": "Ada"}


def test_null_for_a_required_attribute_is_refused() -> None:
    with pytest.raises(InvalidValue, match="userName is required"):
        replaced({"userName": None}, set())


def test_read_only_attributes_stay() -> None:
    assert replaced({"id": "other", "meta": {}}, set()) == ADA


def test_an_immutable_attribute_keeps_its_value() -> None:
    assert replaced({"badge": "1"}, set(), {"badge": "1"}) == {"badge": "1"}
    with pytest.raises(Mutability, match="badge"):
        replaced({"badge": "2"}, set(), {"badge": "1"})


def test_what_get_gave_can_be_sent_back_and_changes_nothing() -> None:
    assert replaced(ADA, set(UNITS)) == ADA


def test_another_manager_takes_nothing_over_from_the_one_before() -> None:
    after = replaced({ENTERPRISE: {"manager": {"value": "m-2", "displayName": "Grace"}}}, set())
    assert after[ENTERPRISE]["manager"] == {"value": "m-2"}
