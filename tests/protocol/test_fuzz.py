"""Arbitrary input: nothing but SCIM errors comes out, and what went in stays as it was."""

import copy
from contextlib import suppress
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scim.protocol.documents import Projection, merge_put, parse_resource, without_nulls
from scim.protocol.errors import ScimError
from scim.protocol.evaluate import evaluate
from scim.protocol.filters import parse_filter
from scim.protocol.messages import SearchRequest
from scim.protocol.patch import apply, parse_operations
from scim.protocol.paths import parse_path

from .directory import ADA, ENTERPRISE, PEAKON, USER

ATOMS = (
    *(
        "userName",
        "emails",
        "name.givenName",
        "active",
        "meta.created",
        "tags",
        "badge",
        "$ref",
        "value",
        "type",
    ),
    *(
        f"{ENTERPRISE}:manager",
        f"{PEAKON}:Level",
        f"{PEAKON}:or eq",
        f"{PEAKON}:",
        ENTERPRISE,
        "urn:x:y",
        ".",
    ),
    *(
        "eq",
        "ne",
        "co",
        "gt",
        "pr",
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        '"x"',
        '"',
        "true",
        "null",
        "1e9",
        " ",
    ),
)
TEXTS = (
    st.text() | st.lists(st.sampled_from(ATOMS)).map(" ".join) | st.lists(st.sampled_from(ATOMS)).map("".join)
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(ATOMS)
)
NAMES = st.sampled_from(
    (
        *(path.name for path in USER.units()),
        *("name", "schemas", "manager", ENTERPRISE, PEAKON, "value", "primary"),
    )
)
VALUE_PATHS = st.sampled_from(
    (
        'emails[type eq "work"].value',
        'emails[primary eq "True"]',
        "emails.primary",
        f"{ENTERPRISE}:manager[value pr]",
    )
)
PATHS = NAMES | VALUE_PATHS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(PATHS, VALUES, max_size=5) | VALUES
PARAMETERS = st.sampled_from(
    ("filter", "sortBy", "sortOrder", "startIndex", "count", "attributes", "excludedAttributes")
)
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(("add", "Remove", "replace"))}, optional={"path": PATHS, "value": BODIES}
)


@given(TEXTS)
@example("(" * 9_999)
@example("title pr" + " " * 9_900)
@example(f"{PEAKON}:x" + " " * 9_900)
def test_filters(text: str) -> None:
    try:
        node = parse_filter(USER, text)
    except ScimError:
        return
    assert evaluate(node, ADA) in (True, False)
    assert evaluate(node, {}) in (True, False)


@given(TEXTS)
def test_paths(text: str) -> None:
    try:
        path = parse_path(USER, text)
    except ScimError:
        return
    assert (path.target is None) is (path.schema is not None)


@given(BODIES | st.fixed_dictionaries({"Operations": st.lists(OPERATIONS | VALUES, max_size=3)}))
@settings(max_examples=500)
def test_patches(body: Any) -> None:
    body_before, document_before = copy.deepcopy(body), copy.deepcopy(ADA)
    with suppress(ScimError):
        after = apply(USER, ADA, parse_operations(USER, body)).document
        assert after["userName"].strip()
        assert without_nulls(after) == after
        sent_back = parse_resource(USER, after).document
        assert merge_put(USER, after, sent_back, lambda _: True) == after
    assert repr(body) == repr(body_before)
    assert document_before == ADA


@given(BODIES)
def test_resources(body: Any) -> None:
    before = repr(body)
    with suppress(ScimError):
        merge_put(USER, ADA, parse_resource(USER, body).document, lambda _: True)
    assert repr(body) == before


@given(st.dictionaries(PARAMETERS, VALUES | TEXTS, max_size=4))
def test_searches(parameters: dict[str, Any]) -> None:
    with suppress(ScimError):
        SearchRequest.parse(USER, parameters)


@given(TEXTS, st.booleans())
def test_projections(text: str, excluding: bool) -> None:
    projection = Projection.parse(USER, None if excluding else text, text if excluding else None)
    assert projection.apply(ADA)["id"] == ADA["id"]
