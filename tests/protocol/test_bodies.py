"""POST and PUT bodies in every spelling clients use."""

import copy
from typing import Any

import pytest

from scim.protocol import urns
from scim.protocol.documents import check_required, parse_resource
from scim.protocol.errors import InvalidSyntax, InvalidValue

from .directory import ENTERPRISE, PEAKON, USER

NAME = {"givenName": "Ada", "familyName": "L"}
NO_NAME = {"formatted": None, "givenName": None, "familyName": None}

READ: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "any case",
        {"USERNAME": "a", "Emails": [{"VALUE": "x"}]},
        {"userName": "a", "emails": [{"value": "x"}]},
    ),
    ("complex", {"name": NAME}, {"name": NAME}),
    ("dotted", {"name.givenName": "Ada", "name.lastName": "L"}, {"name": NAME}),
    ("dotted and nested", {"name.givenName": "Ada", "name": {"familyName": "L"}}, {"name": NAME}),
    ("complex in a list of one", {"name": [NAME]}, {"name": NAME}),
    ("extension object, not in schemas", {PEAKON: {"job title": "x"}}, {PEAKON: {"Job Title": "x"}}),
    ("URN in any case", {ENTERPRISE.upper(): {"department": "D"}}, {ENTERPRISE: {"department": "D"}}),
    ("flat URN", {f"{ENTERPRISE}:department": "D"}, {ENTERPRISE: {"department": "D"}}),
    ("flat URN with sub", {f"{ENTERPRISE}:manager.value": "m"}, {ENTERPRISE: {"manager": {"value": "m"}}}),
    (
        "dotted parts of one value",
        {"emails.value": "x", "emails.type": "work"},
        {"emails": [{"value": "x", "type": "work"}]},
    ),
    (
        "nested under the core URN (Google)",
        {urns.USER: {"userName": "a", "name": NAME}},
        {"userName": "a", "name": NAME},
    ),
    ("a string for schemas", {"schemas": urns.USER, "userName": "a"}, {"userName": "a"}),
    ("schemas in any case", {"SCHEMAS": [], "userName": "a"}, {"userName": "a"}),
    (
        "read-only members (Okta)",
        {
            "id": "1",
            "META": {"x": 1},
            "groups": [],
            "meta.created": "x",
            f"{ENTERPRISE}:manager.displayName": "M",
        },
        {},
    ),
    ("cleared", {"title": "", "emails": [], "active": None}, {"title": None, "emails": None, "active": None}),
    ("cleared complex", {"name": None}, {"name": NO_NAME}),
    ("cleared part", {"name": {"givenName": ""}}, {"name": {"givenName": None}}),
    ("manager without a value", {ENTERPRISE: {"manager": {"value": ""}}}, {ENTERPRISE: {"manager": None}}),
    ("manager of read-only parts", {ENTERPRISE: {"manager": {"displayName": "M"}}}, {}),
    ("empty extension", {ENTERPRISE: {}}, {}),
    (
        "cleared extension",
        {ENTERPRISE: None},
        {ENTERPRISE: {"employeeNumber": None, "department": None, "manager": None}},
    ),
]


@pytest.mark.parametrize(("body", "document"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_read(body: dict[str, Any], document: dict[str, Any]) -> None:
    untouched = copy.deepcopy(body)
    incoming = parse_resource(USER, body)
    assert incoming.document == document
    assert incoming.ignored == []
    assert body == untouched


@pytest.mark.parametrize(
    ("body", "schema_urn", "name"),
    [
        ({"shoeSize": 44}, urns.USER, "shoeSize"),
        ({"shoe size": 44}, urns.USER, "shoe size"),
        ({"name": {"foo": 44}}, urns.USER, "name.foo"),
        ({"emails": [{"value": "x", "foo": 44}]}, urns.USER, "emails.foo"),
        ({PEAKON: {"Shoe: size": 44}}, PEAKON, "Shoe: size"),
        ({f"{PEAKON}:Shoe size": 44}, PEAKON, "Shoe size"),
        ({"urn:x:2.0:User": {"foo": 44}}, "urn:x:2.0:User", "foo"),
        ({"urn:x:2.0:User:foo": 44}, "urn:x:2.0:User", "foo"),
    ],
)
def test_what_the_schema_does_not_know_is_reported(body: dict[str, Any], schema_urn: str, name: str) -> None:
    (ignored,) = parse_resource(USER, body).ignored
    assert (ignored.schema_urn, ignored.name, ignored.value) == (schema_urn, name, 44)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {"schemas": 5},
        {"schemas": [5]},
        {ENTERPRISE: "x"},
        {"userName": "a", "username": "a"},
        {"userName": "a", urns.USER: {"userName": "a"}},
        {"name": {"givenName": "a", "GivenName": "b"}},
        {"name": {"givenName": "a"}, "name.givenName": "b"},
        {"name": {"givenName": "a", "firstName": "b"}},
        {"emails": [{"value": "x"}], "emails.value": "y"},
        {ENTERPRISE: {"department": "a"}, f"{ENTERPRISE}:Department": "b"},
    ],
)
def test_bodies_without_the_structure_are_refused(body: Any) -> None:
    with pytest.raises(InvalidSyntax):
        parse_resource(USER, body)


def test_two_spellings_are_both_named() -> None:
    with pytest.raises(InvalidSyntax, match='"userName" and "username"'):
        parse_resource(USER, {"userName": "a", "username": "b"})


@pytest.mark.parametrize(
    "body", [{"userName": "\x00"}, {"\ud800": 1}, {"foo": [{"\x00": 1}]}, {"userName": {}, "name": "Ada"}]
)
def test_values_that_cannot_be_taken_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        parse_resource(USER, body)


@pytest.mark.parametrize("document", [{}, {"userName": None}, {"userName": "  "}])
def test_a_required_attribute_needs_a_value(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match="userName is required"):
        check_required(USER, document)


def test_with_it_a_document_is_complete() -> None:
    check_required(USER, {"userName": "a"})
