"""Every address of the service by every method, under every base URL that clients are given."""

import json
from typing import Any

import httpx2
import pytest
from django.test import Client

from tests.scim.conftest import USER, ScimClient
from tests.site import Site

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE")
SOMEBODY = "/Users/2819c223-7f76-453a-919d-413861904646"
DOORS = {
    "": "GET",
    "/Users": "GET POST",
    SOMEBODY: "GET PUT PATCH DELETE",
    "/.search": "POST",
    "/Users/.search": "POST",
    "/Bulk": "POST",
    "/ServiceProviderConfig": "GET",
    "/ResourceTypes": "GET",
    "/ResourceTypes/User": "GET",
    "/Schemas": "GET",
    f"/Schemas/{USER}": "GET",
}
BASES = [
    *("/scim", "/scim/v2", "/api/scim", "/api/scim/v2", "/v2"),
    *("/scim/v2/scim/v2", "/scim/v2/scim", "/scim/scim/v2", "/api/scim/v2/scim/v2", "/scim/v2/api/scim/v2"),
    *("/scim//v2", "/api//scim/v2//scim/v2"),
]
CLOSED = {
    **dict.fromkeys(("/Groups", "/Groups/", "/Groups/1", "/Groups/1/members", "/Groups/.search"), 404),
    **dict.fromkeys(("/Me", "/Me/", "/Me/emails", "/Me/.search"), 501),
}

door = pytest.mark.parametrize("path", DOORS)
base = pytest.mark.parametrize("base", BASES)
alias = pytest.mark.parametrize("base", ["", *BASES])


def searched(**parameters: Any) -> dict[str, Any]:
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], **parameters}


def places(base: str) -> list[str]:
    """Every address under a base URL, except for the site's own front door."""
    return [path for path in (*DOORS, *CLOSED) if base or path]


@pytest.fixture
def company(scim: ScimClient) -> ScimClient:
    for number in range(3):
        scim.create(f"p{number}@example.com", title=f"T{number}", displayName=f"Smith {number}")
    return scim


@pytest.fixture
def strict(scim: ScimClient) -> Client:
    """A client that is held to what browsers are held to, where the service is no page."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {scim.token}"})


class TestMethods:
    @door
    def test_options_name_what_is_there(self, scim: ScimClient, path: str) -> None:
        options = scim.request("OPTIONS", path)
        assert (options.status, options.body) == (204, None)
        allowed = {*DOORS[path].split(), "OPTIONS"} | ({"HEAD"} if "GET" in DOORS[path] else set())
        assert set(options.headers["Allow"].split(", ")) == allowed

    @door
    def test_other_methods_are_refused_with_what_is_there(self, scim: ScimClient, path: str) -> None:
        allowed = scim.request("OPTIONS", path).headers["Allow"]
        for method in [method for method in METHODS if method not in allowed.split(", ")]:
            answer = scim.request(method, path, {})
            assert answer.headers["Allow"] == allowed
            if method == "HEAD":
                assert (answer.status, answer.body) == (405, None)
            else:
                assert answer.error == (405, None)

    @pytest.mark.parametrize("path", [path for path in DOORS if "GET" in DOORS[path]])
    def test_head_is_get_without_the_body(self, scim: ScimClient, path: str) -> None:
        path = path.replace(SOMEBODY, f"/Users/{scim.create()['id']}")
        get, head = scim.client.get(f"/scim/v2{path}"), scim.client.head(f"/scim/v2{path}")
        assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
        assert dict(head.headers) == dict(get.headers)
        assert int(get.headers["Content-Length"]) == len(get.content)

    @pytest.mark.parametrize("path", CLOSED)
    @pytest.mark.parametrize("method", [*METHODS, "OPTIONS"])
    def test_groups_and_me_are_closed_to_all(self, scim: ScimClient, method: str, path: str) -> None:
        answer = scim.request(method, path, {})
        if method == "HEAD":
            assert (answer.status, answer.body) == (CLOSED[path], None)
        else:
            assert answer.error == (CLOSED[path], None)
            assert ("switch" if "Groups" in path else "token") in answer.body["detail"]

    def test_head_leaves_a_connection_in_order(self, live: httpx2.Client) -> None:
        person = live.post("/Users", json={"userName": "ada@example.com"}).json()
        for path in ("", "/Users", f"/Users/{person['id']}", "/ServiceProviderConfig", "/Me", "/nonsense"):
            head, get = live.head(path), live.get(path)
            assert (head.status_code, head.content) == (get.status_code, b"")
            assert head.headers["Content-Length"] == str(len(get.content))
        known = live.get(f"/Users/{person['id']}", headers={"If-None-Match": person["meta"]["version"]})
        assert (known.status_code, known.content, "Content-Length" in known.headers) == (304, b"", False)
        assert live.get("/Users", params={"count": 0}).json()["totalResults"] == 1


class TestBases:
    @alias
    def test_reads_are_the_same_everywhere(self, company: ScimClient, strict: Client, base: str) -> None:
        [person] = company.get("/Users", filter='userName eq "p1@example.com"').body["Resources"]
        paths = [path.replace(SOMEBODY, f"/Users/{person['id']}") for path in DOORS if "GET" in DOORS[path]]
        for path in paths:
            canonical = company.get(path).body
            for spelling in {f"{base}{path}", f"{base}{path}/", f"{base}{path}//"} - {"", "/", "//"}:
                response = strict.get(spelling)
                assert (response.status_code, response.json()) == (200, canonical), spelling
                assert not response.cookies
                assert "Cookie" not in response.headers["Vary"]
                assert "Content-Security-Policy" not in response.headers

    @alias
    def test_writes_are_the_same_everywhere(self, strict: Client, base: str) -> None:
        user = json.dumps({"userName": "ada@example.com"})
        created = strict.post(f"{base}/Users/", user, content_type="application/json")
        id_ = created.json()["id"]
        assert created.status_code == 201
        assert created.headers["Location"] == f"http://testserver/scim/v2/Users/{id_}"
        assert created.json()["meta"]["location"] == created.headers["Location"]
        replaced = strict.put(f"{base}/Users/{id_}", user, content_type="application/scim+json")
        assert replaced.headers["Location"] == created.headers["Location"]
        search = json.dumps(searched(filter=f'id eq "{id_}"'))
        for path in ("/.search", "/Users/.search"):
            found = strict.post(f"{base}{path}", search, content_type="application/scim+json").json()
            assert [person["meta"] for person in found["Resources"]] == [created.json()["meta"]]
        assert strict.delete(f"{base}/Users/{id_}/").status_code == 204

    @alias
    def test_nothing_is_said_without_a_token(self, db: None, base: str) -> None:
        for path in places(base):
            response = Client().get(base + path, headers={"Accept": "text/html"})
            open_to_all = path == "/ServiceProviderConfig"
            assert response.status_code == (406 if open_to_all else 401), path
            assert response.headers["Content-Type"] == "application/scim+json"

    @alias
    def test_a_foreign_host_is_told_so_in_scim(self, client: Client, base: str) -> None:
        for path in places(base):
            headers = {"Host": "elsewhere.example.com", "Accept": "text/html"}
            response = client.get(base + path, headers=headers)
            assert (response.status_code, response.json()["status"]) == (400, "400"), path
            assert response.headers["Content-Type"] == "application/scim+json"

    @alias
    def test_groups_and_me_are_closed_everywhere(self, strict: Client, base: str) -> None:
        for path, status in CLOSED.items():
            response = strict.get(base + path)
            assert (response.status_code, response.json()["status"]) == (status, str(status)), path

    @base
    def test_unknown_places(self, strict: Client, base: str) -> None:
        for path in ("/nonsense", "/Users/1/2", "/v1/Users", "/ServiceProviderConfigs"):
            response = strict.get(base + path)
            assert (response.status_code, response.json()["status"]) == (404, "404"), path
            assert "/ServiceProviderConfig" in response.json()["detail"]

    @pytest.mark.parametrize("path", ["/scimitar", "/api", "/v2x/Users", "/api/v2/scimUsers", "/nonsense"])
    def test_what_is_not_the_service(self, strict: Client, path: str) -> None:
        response = strict.get(path, headers={"Accept": "text/html"})
        assert (response.status_code, response.headers["Content-Type"]) == (404, "text/html; charset=utf-8")

    def test_the_base_with_a_slash_doubles_it(self, site: Site, live: httpx2.Client) -> None:
        """As clients do that put the endpoint behind a base URL that ends with a slash."""
        for path in ("//Users", "//scim/v2//Users", "/scim/v2/scim/v2//Users/", "//ServiceProviderConfig"):
            answer = httpx2.get(f"{site.url}{path}", headers=live.headers)
            assert answer.status_code == 200, path
            assert answer.headers["Content-Type"] == "application/scim+json"


class TestFrontDoor:
    @pytest.mark.parametrize("accept", ["text/html,*/*;q=0.8", "*/*", "application/scim+json"])
    def test_people_go_to_the_administration(self, client: Client, accept: str) -> None:
        response = client.get("/", headers={"Accept": accept})
        assert (response.status_code, response.headers["Location"]) == (302, "/admin/")

    def test_a_bearer_token_opens_the_service(self, company: ScimClient) -> None:
        assert company.client.get("/").json() == company.get("/Users").body
        refused = company.client.post("/", {}, content_type="application/scim+json")
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")

    def test_a_token_that_opens_nothing_says_so(self, db: None) -> None:
        response = Client().get("/", headers={"Authorization": "bearer nonsense"})
        assert (response.status_code, response.json()["status"]) == (401, "401")

    def test_the_administration_is_no_part_of_the_service(self, scim: ScimClient) -> None:
        assert scim.client.get("/admin/").headers["Location"].startswith("/admin/login/")
        assert scim.client.get("/healthz").json() == {"status": "ok"}


class TestTheBaseIsASearch:
    """RFC 7644 §3.4.2.1: a query at the root is one over all resource types."""

    @pytest.mark.parametrize(
        ("query", "people"),
        [
            ({}, ["p0", "p1", "p2"]),
            ({"filter": 'meta.resourceType eq "User"'}, ["p0", "p1", "p2"]),
            ({"filter": 'meta.resourceType eq "Group"'}, []),
            ({"filter": 'title ne "T1"', "sortBy": "title", "sortOrder": "descending"}, ["p2", "p0"]),
            ({"startIndex": 2, "count": 1}, ["p1"]),
            ({"count": 0}, []),
        ],
    )
    def test_by_get_and_by_post(self, company: ScimClient, query: dict[str, Any], people: list[str]) -> None:
        got, posted = company.get("", **query), company.post("/.search", searched(**query))
        assert (got.status, posted.status) == (200, 200)
        assert got.body == posted.body == company.get("/Users", **query).body
        assert got.people == [f"{name}@example.com" for name in people]

    @pytest.mark.parametrize("names", [["userName", "name", "meta"], "userName,name,meta"])
    def test_projection(self, company: ScimClient, names: Any) -> None:
        shown = company.post("/.search", searched(attributes=names, count=1)).body["Resources"]
        assert shown[0].keys() == {"schemas", "id", "userName", "meta"}
        hidden = company.post("/.search", searched(excludedAttributes=names, count=1)).body["Resources"]
        assert hidden[0].keys() == {"schemas", "id", "displayName", "title", "emails", "active"}

    @pytest.mark.parametrize(
        ("parameters", "scim_type"),
        [
            ({"filter": "nonsense"}, "invalidFilter"),
            ({"filter": 42}, "invalidFilter"),
            ({"sortBy": "nonsense"}, "invalidValue"),
            ({"sortBy": ["title"]}, "invalidValue"),
            ({"sortBy": "title", "sortOrder": "up"}, "invalidValue"),
            ({"startIndex": "one"}, "invalidValue"),
            ({"attributes": ["title"], "excludedAttributes": ["active"]}, "invalidValue"),
            ({"excludedAttributes": {"title": 1}}, "invalidValue"),
        ],
    )
    def test_mistakes(self, company: ScimClient, parameters: dict[str, Any], scim_type: str) -> None:
        assert company.post("/.search", searched(**parameters)).error == (400, scim_type)


class TestExamplesOfTheRfc:
    """The requests of RFC 7644 that concern addresses."""

    def test_search_by_post(self, company: ScimClient) -> None:
        """§3.4.3"""
        company.create("jones@example.com", displayName="Jones")
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "attributes": ["displayName", "userName"],
            "filter": 'displayName sw "smith"',
            "startIndex": 1,
            "count": 10,
        }
        answer = company.post("/.search", body)
        assert answer.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        assert (answer.body["totalResults"], answer.body["itemsPerPage"], answer.body["startIndex"]) == (
            3,
            3,
            1,
        )
        shown = [(person["displayName"], person["userName"]) for person in answer.body["Resources"]]
        assert shown == [(f"Smith {number}", f"p{number}@example.com") for number in range(3)]

    def test_an_unknown_user(self, scim: ScimClient) -> None:
        """§3.12"""
        answer = scim.get(SOMEBODY)
        assert answer.error == (404, None)
        assert SOMEBODY.rpartition("/")[2] in answer.body["detail"]

    def test_the_version_of_the_protocol(self, company: ScimClient) -> None:
        """§3.13: performed in the version that is asked for, or refused."""
        assert company.client.get("/v2/Users").json() == company.get("/Users").body
        assert company.client.get("/scim/v1/Users").status_code == 404

    def test_me(self, scim: ScimClient) -> None:
        """§3.11"""
        assert scim.get("/Me").error == (501, None)
