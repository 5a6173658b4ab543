"""PATCH: every form of RFC 7644 §3.5.2 and of the clients, as data."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scim.protocol.errors import InvalidSyntax, InvalidValue, ScimError
from scim.protocol.patch import apply, parse_operations

from .directory import ADA, ENTERPRISE, PEAKON, USER

TEXT = Path(__file__).with_name("patch_cases.json").read_text()
CASES = json.loads(TEXT.replace("URN:ENTERPRISE", ENTERPRISE).replace("URN:PEAKON", PEAKON))


def outcome(document: dict[str, Any], operations: list[Any]) -> tuple[str | None, Any, list[str]]:
    """The scimType of the error, or the document and the ignored names."""
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
    try:
        patched = apply(USER, document, parse_operations(USER, body))
    except ScimError as error:
        return error.scim_type, None, []
    return None, patched.document, [ignored.name for ignored in patched.ignored]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_patch(case: dict[str, Any]) -> None:
    untouched = copy.deepcopy(case)
    error, document, ignored = outcome(case["document"], case["operations"])
    assert (error, document) == (case.get("error"), case.get("expected"))
    assert ignored == case.get("ignored", [])
    assert case == untouched


def test_ignored_values_are_reported_with_their_schema() -> None:
    body = {"Operations": [{"op": "add", "path": f"{PEAKON}:Shoe size", "value": 44}]}
    (ignored,) = apply(USER, ADA, parse_operations(USER, body)).ignored
    assert (ignored.schema_urn, ignored.name, ignored.value) == (PEAKON, "Shoe size", 44)


def test_operations_that_change_nothing_give_the_same_document() -> None:
    body = {"Operations": [{"op": "replace", "value": ADA}]}
    assert apply(USER, ADA, parse_operations(USER, body)).document == ADA


def test_an_error_says_which_operation_and_what_it_must_be() -> None:
    body = {"Operations": [{"op": "add", "path": "title", "value": "x"}, {"op": "move"}]}
    with pytest.raises(
        InvalidSyntax, match=r'Operations\[1\]: op is "move"; it must be add, remove or replace'
    ):
        parse_operations(USER, body)


@pytest.mark.parametrize("body", [None, [], "x", {}, {"Operations": {}}, {"Operations": [{}] * 1_001}])
def test_a_body_without_operations_is_refused(body: Any) -> None:
    with pytest.raises(InvalidSyntax):
        parse_operations(USER, body)


def test_nesting_has_a_limit() -> None:
    value: Any = "x"
    for _ in range(5_000):
        value = [value]
    with pytest.raises(InvalidValue, match="levels of nesting"):
        parse_operations(USER, {"Operations": [{"op": "add", "path": "title", "value": value}]})
