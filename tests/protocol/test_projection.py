"""attributes and excludedAttributes (RFC 7644 §3.9)."""

from typing import Any

import pytest

from scim.protocol.errors import InvalidValue
from scim.protocol.projection import Projection

from .directory import ADA, ENTERPRISE, PEAKON, USER

DOCUMENT = {"schemas": [USER.schema.urn], **ADA, "badge": "B"}
ALWAYS = {"schemas": [USER.schema.urn], "id": ADA["id"]}
DEFAULT = {name: value for name, value in DOCUMENT.items() if name != "badge"}


def shown(attributes: Any = None, excluded: Any = None) -> dict[str, Any]:
    return Projection.parse(USER, attributes, excluded).apply(DOCUMENT | {"password": "secret"})


@pytest.mark.parametrize(
    ("attributes", "part"),
    [
        ("userName", {"userName": ADA["userName"]}),
        (" USERNAME ,active,", {"userName": ADA["userName"], "active": False}),
        (["name.givenname"], {"name": {"givenName": "Ada"}}),
        ("name.givenName,name", {"name": ADA["name"]}),
        ("name,name.givenName", {"name": ADA["name"]}),
        ("emails.type", {"emails": [{"type": "work"}, {"type": "home"}]}),
        (f"{USER.schema.urn}:userName", {"userName": ADA["userName"]}),
        (ENTERPRISE, {ENTERPRISE: ADA[ENTERPRISE]}),
        (f"{ENTERPRISE}:manager.value", {ENTERPRISE: {"manager": {"value": "m-1"}}}),
        (f"{PEAKON}:Job Title,{PEAKON}:City, Country", {PEAKON: {"Job Title": "Engineer, Lead"}}),
        (f"{PEAKON}:R&D / Ops (EU) [x]", {PEAKON: {"R&D / Ops (EU) [x]": "yes"}}),
        ("badge", {"badge": "B"}),
        ("unknown,urn:x:y", {}),
        ("password", {}),
        ("schemas,id", {}),
    ],
)
def test_attributes(attributes: Any, part: dict[str, Any]) -> None:
    assert shown(attributes) == ALWAYS | part


@pytest.mark.parametrize(
    ("excluded", "missing"),
    [
        ("userName", {"userName"}),
        (["NAME", "emails"], {"name", "emails"}),
        (ENTERPRISE, {ENTERPRISE}),
        ("id,schemas,unknown", set()),
        (f"{ENTERPRISE}:manager,{ENTERPRISE}:employeeNumber", {ENTERPRISE}),
    ],
)
def test_excluded_attributes(excluded: Any, missing: set[str]) -> None:
    assert shown(None, excluded) == {name: value for name, value in DEFAULT.items() if name not in missing}


def test_excluded_sub_attributes() -> None:
    document = shown(None, "name.familyName,emails.value,emails.primary")
    assert document["name"] == {"givenName": "Ada"}
    assert document["emails"] == [{"type": "work"}, {"type": "home"}]


@pytest.mark.parametrize("nothing", [None, "", [], " , "])
def test_without_either_the_default_attributes_are_shown(nothing: Any) -> None:
    assert shown(nothing, nothing) == DEFAULT


def test_a_projection_that_leaves_nothing_out_gives_the_document_itself() -> None:
    assert Projection().apply(DOCUMENT) is DOCUMENT


@pytest.mark.parametrize(("attributes", "excluded"), [("userName", "name"), (5, None), (None, [5])])
def test_refused(attributes: Any, excluded: Any) -> None:
    with pytest.raises(InvalidValue):
        Projection.parse(USER, attributes, excluded)
