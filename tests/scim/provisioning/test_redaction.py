"""What the provisioning log keeps of a request: names and shapes, never values."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim.provisioning.redaction import NODES, VALUE, in_outline, outline, without_quoted, without_values

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def test_names_stay_and_values_go() -> None:
    body = {
        "schemas": [PATCH],
        "Operations": [
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada@example.com"},
            {"op": "Add", "path": "active", "value": "False"},
            {"op": "add", "value": {"name.givenName": "Ada", "active": True, "title": None, "nickName": ""}},
        ],
    }
    assert outline(body) == {
        "schemas": [PATCH],
        "Operations": [
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": VALUE},
            {"op": "Add", "path": "active", "value": "False"},
            {"op": "add", "value": {"name.givenName": VALUE, "active": True, "title": None, "nickName": ""}},
        ],
    }


def test_what_is_quoted_in_a_path_or_a_name_is_a_value() -> None:
    assert outline({"path": 'emails[value eq "ada@example.com"]'}) == {"path": f'emails[value eq "{VALUE}"]'}
    assert outline({'emails[value eq "ada"].type': "x"}) == {f'emails[value eq "{VALUE}"].type': VALUE}
    assert without_quoted('userName eq "a\\"b" and type eq "work"') == (
        f'userName eq "{VALUE}" and type eq "work"'
    )


def test_long_lists_and_endless_bodies_are_cut() -> None:
    assert outline(list(range(25)))[-1] == f"{VALUE} and 5 more"
    wide: Any = "x"
    for _ in range(12):
        wide = {"a": wide, "b": wide}
    assert json.dumps(outline(wide)).count("a") <= NODES


def test_sentences_lose_the_values_of_their_request() -> None:
    body = {"userName": "ada@example.com", "employeeNumber": 7, "nickName": "x"}
    said = 'The userName “ada@example.com” belongs to another; "7" and "x" are not texts of User.'
    kept = f'The userName “{VALUE}” belongs to another; "{VALUE}" and "{VALUE}" are not texts of User.'
    assert without_values(said, body) == kept


@pytest.mark.parametrize(
    ("user_name", "shown"),
    [("ada@example.com", "a…@example.com"), ("ada", "a…"), ("", ""), (7, ""), (None, ""), ("@x", "…@x")],
)
def test_a_user_name_in_outline(user_name: Any, shown: str) -> None:
    assert in_outline(user_name) == shown


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
BODIES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.just("name"), inner), max_leaves=20
)


@given(BODIES)
def test_no_value_survives(body: Any) -> None:
    kept = json.dumps(outline({"secret": body, "marker": "ada@example.com"}), ensure_ascii=False)
    assert "ada@example.com" not in kept
    assert not any(character.isdigit() for character in kept.replace("more", ""))
