"""An attribute with an owner: what others send for it is left out, noted, and never refused."""

import logging
import re

import pytest

from employees import attribute_services as attributes
from employees.attributes import ADMINISTRATORS
from employees.models import Change, Employee
from scim.provisioning import inbox_decisions
from scim.provisioning.models import UnknownAttribute
from tests.scim.conftest import ENTERPRISE, OPERATOR, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"


def give(name: str, owner: str) -> None:
    attribute = attributes.find_attribute(name)
    assert attribute is not None
    attributes.switch_attribute(attribute, active=True)
    attributes.give_owner(attribute, owner)


def test_only_the_owner_is_listened_to(
    scim: ScimClient, other: ScimClient, caplog: pytest.LogCaptureFixture
) -> None:
    give("Location", scim.provider_key)
    with caplog.at_level(logging.INFO, logger="scim.handlers"):
        created = other.create("ada", title="Lead", **{PEAKON: {"Location": "Oslo"}})
    assert PEAKON not in created
    assert created["title"] == "Lead"
    [note] = caplog.messages
    assert {"attribute_location", other.provider_key} <= set(re.findall(r"\w+", note))
    assert "Oslo" not in note

    path = f"/Users/{created['id']}"
    set_ = {"op": "replace", "path": f"{PEAKON}:Location", "value": "Bergen"}
    assert scim.patch(path, set_).body[PEAKON] == {"Location": "Bergen"}
    changes = Change.objects.count()
    for answer in (
        other.patch(path, {"op": "replace", "path": f"{PEAKON}:Location", "value": "Oslo"}),
        other.patch(path, {"op": "remove", "path": f"{PEAKON}:Location"}),
        other.put(path, {"userName": "ada", "title": "Lead", PEAKON: {"Location": "Oslo"}}),
    ):
        assert answer.status == 200
        assert answer.body[PEAKON] == {"Location": "Bergen"}
    assert Change.objects.count() == changes
    assert other.find(f'{PEAKON}:Location eq "bergen"') == ["ada"]


def test_both_names_of_a_value_have_the_owner(scim: ScimClient, other: ScimClient) -> None:
    give("Manager", scim.provider_key)
    give("Department", scim.provider_key)
    created = other.create("ada", **{ENTERPRISE: {"manager": "boss", "department": "HR", "division": "EU"}})
    assert created[ENTERPRISE] == {"division": "EU"}
    path = f"/Users/{created['id']}"
    assert scim.patch(path, {"op": "add", "path": f"{ENTERPRISE}:manager", "value": "boss"}).status == 200
    put = other.put(path, {"userName": "ada", ENTERPRISE: {"division": "EU"}})
    assert put.body[ENTERPRISE]["manager"] == {"value": "boss"}


def test_administrators_may_be_the_owner_and_nobody_again(scim: ScimClient) -> None:
    give("Gender", ADMINISTRATORS)
    created = scim.create("ada", **{PEAKON: {"Gender": "x"}})
    assert PEAKON not in created
    give("Gender", "")
    path = f"/Users/{created['id']}"
    set_ = {"op": "add", "path": f"{PEAKON}:Gender", "value": "x"}
    assert scim.patch(path, set_).body[PEAKON] == {"Gender": "x"}


def test_the_inbox_fills_in_for_the_owner_alone(scim: ScimClient, other: ScimClient) -> None:
    scim.create("ada", **{PEAKON: {"Place": "Oslo"}})
    other.create("bob", **{PEAKON: {"Place": "Bergen"}})
    give("Location", scim.provider_key)
    location = attributes.find_attribute("Location")
    assert location is not None
    inbox_decisions.alias_to(UnknownAttribute.objects.get(), location, actor=OPERATOR)
    stored = dict(Employee.objects.values_list("user_name", "profile"))
    assert stored["ada"]["attribute_location"] == "Oslo"
    assert "attribute_location" not in stored["bob"]


def test_an_option_is_no_longer_than_256_characters(scim: ScimClient) -> None:
    give("Location", "")
    answer = scim.post("/Users", {"userName": "ada", PEAKON: {"Location": "x" * 257}})
    assert answer.error == (400, "invalidValue")
    assert answer.body["detail"].endswith("Location takes at most 256 characters; what came has 257.")
    scim.create("ada", **{PEAKON: {"Location": "ø" * 256}})


def test_an_alias_that_was_removed_goes_to_the_inbox(scim: ScimClient) -> None:
    location = attributes.find_attribute("Location")
    assert location is not None
    attributes.add_alias(location, "Place")
    assert scim.create("ada", **{PEAKON: {"Place": "Oslo"}})[PEAKON] == {"Location": "Oslo"}
    assert attributes.remove_alias(location, " PLACE ")
    assert not attributes.remove_alias(location, "Place")
    assert PEAKON not in scim.create("bob", **{PEAKON: {"Place": "Bergen"}})
    assert UnknownAttribute.objects.get().name == "Place"
