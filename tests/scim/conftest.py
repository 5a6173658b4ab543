"""A SCIM client in the test process: one identity provider with a bearer token, and helpers for documents."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from django.test import Client

from employees.audit import Actor
from scim.provisioning import services, tokens
from scim.provisioning.models import IdentityProvider
from tests.site import Site

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
OPERATOR = Actor.command("test")


@dataclass
class Answer:
    status: int
    headers: Any
    body: Any

    @property
    def error(self) -> tuple[int, str | None]:
        """The status and scimType of an Error message, after checking that it is one."""
        assert self.headers["Content-Type"] == "application/scim+json"
        assert self.body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert self.body["status"] == str(self.status)
        assert self.body["detail"]
        return self.status, self.body.get("scimType")

    @property
    def people(self) -> list[str]:
        return [person["userName"] for person in self.body["Resources"]]


class ScimClient:
    """Requests as one identity provider sends them."""

    def __init__(self, token: str, provider_key: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=True)
        self.token = token
        self.provider_key = provider_key

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        data = body if isinstance(body, bytes | str) else json.dumps(body) if body is not None else ""
        response = self.client.generic(
            method,
            f"/scim/v2{path}",
            data,
            content_type=headers.pop("content_type", "application/scim+json"),
            headers=headers,
        )
        return Answer(response.status_code, response.headers, json.loads(response.content or b"null"))

    def get(self, path: str, **query: Any) -> Answer:
        response = self.client.get(f"/scim/v2{path}", query)
        return Answer(response.status_code, response.headers, json.loads(response.content or b"null"))

    def post(self, path: str, body: Any) -> Answer:
        return self.request("POST", path, body)

    def put(self, path: str, body: Any) -> Answer:
        return self.request("PUT", path, body)

    def patch(self, path: str, *operations: dict[str, Any]) -> Answer:
        schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
        return self.request("PATCH", path, {"schemas": schemas, "Operations": list(operations)})

    def delete(self, path: str) -> Answer:
        return self.request("DELETE", path)

    def create(self, user_name: str = "ada@example.com", /, **attributes: Any) -> dict[str, Any]:
        """Creates somebody and returns the resource."""
        answer = self.post("/Users", {"schemas": [USER], "userName": user_name, **attributes})
        assert answer.status == 201, answer.body
        document: dict[str, Any] = answer.body
        return document

    def find(self, filter_: str) -> list[str]:
        """The user names that a filter selects, in the order of the answer."""
        answer = self.get("/Users", filter=filter_, count=200)
        assert answer.status == 200, answer.body
        return answer.people


def connect(name: str) -> ScimClient:
    """A client for a newly connected identity provider."""
    provider = services.connect(name, IdentityProvider.Kind.OTHER, actor=OPERATOR)
    return ScimClient(tokens.issue(provider, actor=OPERATOR), provider.key)


@pytest.fixture
def scim(db: None) -> ScimClient:
    services.switch(True, actor=OPERATOR)
    return connect("Directory")


@pytest.fixture
def other(scim: ScimClient) -> ScimClient:
    """A second identity provider that feeds the same employees."""
    return connect("Second directory")


@pytest.fixture(scope="module")
def live_token(site: Site) -> str:
    """A bearer token for the real site, whose provisioning is enabled."""
    site.manage("provisioning", "enable")
    return site.token("Directory")


@pytest.fixture
def live(site: Site, live_token: str) -> Iterator[httpx2.Client]:
    """HTTP to the SCIM service of the real site; nobody is in its directory before and afterwards."""
    headers = {"Authorization": f"Bearer {live_token}"}
    with httpx2.Client(base_url=f"{site.url}/scim/v2", headers=headers, timeout=60) as http:
        _delete_everybody(http)
        yield http
        _delete_everybody(http)


def _delete_everybody(http: httpx2.Client) -> None:
    while people := http.get("/Users", params={"count": 200, "attributes": "id"}).json()["Resources"]:
        for person in people:
            http.delete(f"/Users/{person['id']}").raise_for_status()
