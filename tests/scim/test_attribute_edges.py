"""Values at the edge of their type: what comes back is what was sent, and sent again it is no change."""

from typing import Any

import pytest

from employees import attribute_services as attributes
from employees.models import Attribute
from tests.scim.conftest import ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"


@pytest.mark.parametrize("sent", [1e23, 1e15, -1e300, 0.1, 10**14, -0.0, "1e-400", "12345678901234567890"])
def test_a_decimal_is_the_same_everywhere(scim: ScimClient, sent: Any) -> None:
    attributes.add_attribute("Ratio", Attribute.Type.DECIMAL)
    created = scim.create("ada", **{PEAKON: {"Ratio": sent}})
    path = f"/Users/{created['id']}"
    assert created[PEAKON]["Ratio"] == float(sent)
    assert scim.get(path).body == created
    again = scim.patch(path, {"op": "replace", "path": f"{PEAKON}:Ratio", "value": sent})
    assert again.body == created
    for operator in ("eq", "ge", "le"):
        assert scim.find(f"{PEAKON}:Ratio {operator} {float(sent)!r}") == ["ada"]
    assert scim.find(f"{PEAKON}:Ratio gt {float(sent)!r}") == []


@pytest.mark.parametrize(
    "sent",
    ["1990-01-31", "1990-01-31T00:00:00Z", "1990-01-31T00:00:00+02:00", "1990-01-31T23:30:00-05:00"],
)
def test_a_date_is_the_day_as_written(scim: ScimClient, sent: str) -> None:
    created = scim.create("ada", **{PEAKON: {"Date of Birth": sent}})
    assert created[PEAKON]["Date of Birth"] == "1990-01-31T00:00:00Z"
    assert scim.find(f'{PEAKON}:dateOfBirth eq "1990-01-31"') == ["ada"]
    assert scim.find(f'{PEAKON}:dateOfBirth eq "{sent}"') == ["ada"]
    assert scim.find(f'{PEAKON}:dateOfBirth lt "1990-01-31" or {PEAKON}:dateOfBirth gt "{sent}"') == []


def test_a_date_and_time_is_the_moment(scim: ScimClient) -> None:
    attributes.add_attribute("Badge Issued", Attribute.Type.DATETIME)
    created = scim.create("ada", **{PEAKON: {"Badge Issued": "1990-01-31T00:00:00+02:00"}})
    assert created[PEAKON]["Badge Issued"] == "1990-01-30T22:00:00Z"


@pytest.mark.parametrize("sent", ["ﬁnance", "FINANCE", "Ｆｉｎａｎｃｅ"])
def test_names_are_compared_as_the_attributes_page_compares_them(scim: ScimClient, sent: str) -> None:
    attributes.add_attribute("Finance", Attribute.Type.TEXT)
    created = scim.create("ada", **{PEAKON: {sent: "a"}})
    assert created[PEAKON] == {"Finance": "a"}
    path = f"/Users/{created['id']}"
    patched = scim.patch(path, {"op": "replace", "path": f"{PEAKON}:{sent}", "value": "b"})
    assert patched.body[PEAKON] == {"Finance": "b"}
    assert scim.find(f'{PEAKON}:{sent} eq "B"') == ["ada"]
