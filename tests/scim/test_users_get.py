"""GET /Users/{id}, and which attributes come back (RFC 7644 §3.4.1, §3.9)."""

import pytest

from tests.scim.conftest import ENTERPRISE, USER, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"


def test_it_works(scim: ScimClient) -> None:
    created = scim.create()
    answer = scim.get(f"/Users/{created['id']}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert answer.headers["ETag"] == created["meta"]["version"]
    assert answer.body == created


@pytest.mark.parametrize(
    "user_id", ["1", "nobody", "00000000-0000-4000-8000-000000000000", "ada@example.com"]
)
def test_nobody_has_that_id(scim: ScimClient, user_id: str) -> None:
    scim.create()
    assert scim.get(f"/Users/{user_id}").error == (404, None)


def test_an_id_is_case_exact(scim: ScimClient) -> None:
    assert scim.get(f"/Users/{scim.create()['id'].upper()}").status == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"attributes": "userName"}, {"schemas", "id", "userName"}),
        ({"attributes": "USERNAME, name.givenname"}, {"schemas", "id", "userName", "name"}),
        ({"attributes": f"{ENTERPRISE}:department"}, {"schemas", "id", ENTERPRISE}),
        ({"attributes": "nonsense"}, {"schemas", "id"}),
        ({"attributes": f"{PEAKON}:Department"}, {"schemas", "id", PEAKON}),
        (
            {"excludedAttributes": "id,name,emails,meta,active"},
            {"schemas", "id", "userName", ENTERPRISE, PEAKON},
        ),
        (
            {"excludedAttributes": f"id,name,emails,meta,active,{PEAKON}:department"},
            {"schemas", "id", "userName", ENTERPRISE},
        ),
    ],
)
def test_attributes_asked_for(scim: ScimClient, query: dict[str, str], names: set[str]) -> None:
    created = scim.create(
        name={"givenName": "Ada", "familyName": "L"}, **{ENTERPRISE: {"department": "R", "division": "D"}}
    )
    answer = scim.get(f"/Users/{created['id']}", **query)
    assert answer.body.keys() == names
    if "name" in answer.body:
        assert answer.body["name"] == {"givenName": "Ada"}
    if "attributes" in query and ENTERPRISE in answer.body:
        assert answer.body[ENTERPRISE] == {"department": "R"}
    if PEAKON in answer.body:
        assert answer.body[PEAKON] == {"Department": "R"}


def test_attributes_and_excluded_attributes_exclude_each_other(scim: ScimClient) -> None:
    created = scim.create()
    query = {"attributes": "userName", "excludedAttributes": "name"}
    assert scim.get(f"/Users/{created['id']}", **query).error == (400, "invalidValue")


def test_every_write_answers_with_the_attributes_asked_for(scim: ScimClient) -> None:
    created = scim.post("/Users?attributes=userName", {"schemas": [USER], "userName": "ada"}).body
    assert created.keys() == {"schemas", "id", "userName"}
    path = f"/Users/{created['id']}?attributes=title"
    assert scim.put(path, {"userName": "ada", "title": "A"}).body.keys() == {"schemas", "id", "title"}
    operation = {"op": "replace", "path": "title", "value": "B"}
    assert scim.patch(path, operation).body.keys() == {"schemas", "id", "title"}


def test_a_bad_projection_writes_nothing(scim: ScimClient) -> None:
    answer = scim.post("/Users?attributes=a&excludedAttributes=b", {"userName": "ada"})
    assert answer.error == (400, "invalidValue")
    assert scim.get("/Users").body["totalResults"] == 0


def test_each_provider_sees_its_own_external_id(scim: ScimClient, other: ScimClient) -> None:
    created = scim.create(externalId="A-1")
    path = f"/Users/{created['id']}"
    assert "externalId" not in other.get(path).body
    other.patch(path, {"op": "add", "path": "externalId", "value": "B-1"})
    assert (scim.get(path).body["externalId"], other.get(path).body["externalId"]) == ("A-1", "B-1")
    assert scim.find('externalId eq "A-1"') == other.find('externalId eq "B-1"') == ["ada@example.com"]
    assert scim.find('externalId eq "B-1"') == other.find('externalId eq "A-1"') == []
    assert scim.find('externalId sw "A"') == other.find('not (externalId sw "A")') == ["ada@example.com"]
