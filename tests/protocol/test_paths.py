"""Names and PATCH paths: what they resolve to, which are unknown and which are malformed."""

import pytest

from scim.protocol.errors import InvalidPath, UnknownAttribute
from scim.protocol.nodes import Comparison
from scim.protocol.paths import match_attribute, parse_path, resolve

from .directory import CUSTOMER_NAMES, ENTERPRISE, PEAKON, USER


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("userName", "userName"),
        (" USERNAME ", "userName"),
        ("name.givenname", "name.givenName"),
        ("name.firstName", "name.givenName"),
        (f"{USER.schema.urn.upper()}:emails.value", "emails.value"),
        (f"{ENTERPRISE}:manager.$ref", f"{ENTERPRISE}:manager.$ref"),
        (f"{PEAKON}:job  title", f"{PEAKON}:Job Title"),
        *((f"{PEAKON}:{name}", f"{PEAKON}:{name}") for name in CUSTOMER_NAMES),
    ],
)
def test_names_and_paths_resolve(text: str, name: str) -> None:
    assert resolve(USER, text).name == name
    target = parse_path(USER, text).target
    assert target is not None
    assert target.name == name


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("emails[type pr]", "emails", "[type pr]"),
        ("(active)", "active", ")"),
        ("name.givenName eq", "name.givenName", " eq"),
        (f"{PEAKON}:Job Title eq", f"{PEAKON}:Job Title", " eq"),
        (f"{PEAKON}:Job eq", f"{PEAKON}:Job", " eq"),
        (f"{PEAKON}:GRÖSSE pr", f"{PEAKON}:Größe", " pr"),
        (f"{PEAKON}:R&D / Ops (EU) [x] pr", f"{PEAKON}:R&D / Ops (EU) [x]", " pr"),
    ],
)
def test_the_longest_name_that_ends_wins(text: str, name: str, rest: str) -> None:
    start = text.startswith("(")
    path, end = match_attribute(USER, text, int(start))
    assert (path.name, text[end:]) == (name, rest)


@pytest.mark.parametrize(
    ("text", "name", "urn"),
    [
        ("foo", "foo", USER.schema.urn),
        ("emailsX", "emailsX", USER.schema.urn),
        ("name.foo", "name.foo", USER.schema.urn),
        ("userName.foo", "userName.foo", USER.schema.urn),
        ('emails[type eq "work"].foo', "emails.foo", USER.schema.urn),
        (f"{PEAKON}:Shoe size (EU)", "Shoe size (EU)", PEAKON),
        (f"{PEAKON}:Job Title [old]", "Job Title [old]", PEAKON),
        (f"{PEAKON}:Pay.Grade.x", "Pay.Grade.x", PEAKON),
        ("urn:example:2.0:User:foo", "foo", "urn:example:2.0:User"),
    ],
)
def test_unknown_names_are_told_from_malformed_paths(text: str, name: str, urn: str) -> None:
    with pytest.raises(UnknownAttribute) as unknown:
        parse_path(USER, text)
    assert (unknown.value.name, unknown.value.schema_urn) == (name, urn)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "[",
        "emails[",
        "emails[]",
        'emails[type eq "work"',
        'emails[type eq "work"]value',
        'emails[type eq "work"].',
        'emails[type eq "work"].value.x',
        'emails[type eq "work"].value x',
        "emails[foo eq 1]",
        'userName[value eq "x"]',
        "foo bar",
        "foo[",
        "name givenName",
        ".name",
        "user\x00Name",
        f"{PEAKON}:",
        "a" * 10_001,
    ],
)
def test_malformed_paths_are_refused(text: str) -> None:
    with pytest.raises(InvalidPath):
        parse_path(USER, text)


def test_a_value_path_has_target_filter_and_sub_attribute() -> None:
    path = parse_path(USER, ' emails[type eq "a.b]"].value ')
    assert path.target == resolve(USER, "emails.value")
    assert path.sub_attribute is not None
    assert path.sub_attribute.name == "value"
    assert isinstance(path.filter, Comparison)
    assert path.filter.value == "a.b]"


def test_a_bare_urn_is_its_schema() -> None:
    path = parse_path(USER, ENTERPRISE.upper())
    assert path.target is None
    assert path.schema is USER.schema_of(ENTERPRISE)
