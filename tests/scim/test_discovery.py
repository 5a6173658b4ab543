"""The discovery endpoints are derived from the table and true about what works today (RFC 7644 §4)."""

from typing import Any

import pytest

from scim.user import user_resource_type
from tests.scim.conftest import ENTERPRISE, USER, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
STANDARD = {
    **dict.fromkeys(("Job Title", "Department", "Location", "Gender"), "string"),
    **dict.fromkeys(("Employment Status", "Separation Reason"), "string"),
    **dict.fromkeys(("Date of Birth", "Start Date", "Separation Date"), "dateTime"),
    "Manager": "complex",
}
"""The attributes under the Peakon extension that every company has from the start."""


def test_service_provider_config_is_open_and_true(scim: ScimClient) -> None:
    answer = ScimClient("", "").get("/ServiceProviderConfig")
    assert answer.status == 200
    supported = {name: answer.body[name]["supported"] for name in ("patch", "bulk", "filter", "sort", "etag")}
    assert supported == {"patch": True, "bulk": True, "filter": True, "sort": True, "etag": True}
    assert answer.body["changePassword"] == {"supported": False}
    assert answer.body["filter"]["maxResults"] == 200
    assert answer.body["bulk"]["maxOperations"] == 1_000
    assert answer.body["bulk"]["maxPayloadSize"] == 5 * 1024 * 1024
    assert answer.body["authenticationSchemes"][0]["type"] == "oauthbearertoken"
    assert answer.body["meta"]["location"] == "http://testserver/scim/v2/ServiceProviderConfig"


def test_resource_types(scim: ScimClient) -> None:
    listed = scim.get("/ResourceTypes").body
    assert listed["totalResults"] == 1
    [user] = listed["Resources"]
    assert (user["endpoint"], user["schema"]) == ("/Users", USER)
    assert user["schemaExtensions"] == [
        {"schema": ENTERPRISE, "required": False},
        {"schema": PEAKON, "required": False},
    ]
    assert scim.get("/ResourceTypes/User").body == user
    assert scim.get("/ResourceTypes/Group").error == (404, None)


def test_schemas_and_each_by_its_urn(scim: ScimClient) -> None:
    listed = scim.get("/Schemas").body["Resources"]
    assert [schema["id"] for schema in listed] == [USER, ENTERPRISE, PEAKON]
    for schema in listed:
        assert schema["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:Schema"]
        assert scim.get(f"/Schemas/{schema['id']}").body == schema
    assert scim.get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group").error == (404, None)


def test_the_standard_attributes_are_there_from_the_start(scim: ScimClient) -> None:
    schema = scim.get(f"/Schemas/{PEAKON}").body
    assert schema["name"] == "PeakonUser"
    assert {attribute["name"]: attribute["type"] for attribute in schema["attributes"]} == STANDARD
    assert len(schema["attributes"]) == len(STANDARD)
    check_characteristics(schema["attributes"])


def test_schemas_announce_what_is_stored_and_nothing_else(scim: ScimClient) -> None:
    names = {attribute["name"] for attribute in scim.get(f"/Schemas/{USER}").body["attributes"]}
    assert {"externalId", "userName", "emails", "active", "timezone"} <= names
    assert not {"password", "groups", "id", "meta"} & names


def definitions(attributes: list[dict[str, Any]], prefix: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = []
    for attribute in attributes:
        found.append((prefix + attribute["name"], attribute))
        found += definitions(attribute.get("subAttributes", []), f"{prefix}{attribute['name']}.")
    return found


def check_characteristics(attributes: list[dict[str, Any]]) -> None:
    characteristics = {
        *("name", "type", "multiValued", "description", "required", "caseExact"),
        *("mutability", "returned", "uniqueness"),
    }
    for name, definition in definitions(attributes):
        assert characteristics <= definition.keys(), name
        assert definition["description"], name
        assert (definition["type"] == "complex") == ("subAttributes" in definition), name


@pytest.mark.parametrize("schema", user_resource_type().schemas, ids=lambda schema: schema.name)
def test_every_attribute_has_all_its_characteristics(schema: Any) -> None:
    check_characteristics(schema.describe()["attributes"])


@pytest.mark.parametrize("path", ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig", f"/Schemas/{USER}"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_discovery_is_read_only(scim: ScimClient, path: str, method: str) -> None:
    answer = scim.request(method, path, {})
    assert answer.error == (405, None)
    assert "GET" in answer.headers["Allow"]
