"""Entity tags: answers that are known already, and writes on versions that are gone (RFC 7644 §3.14)."""

from typing import Any

import pytest

from employees.models import Employee
from tests.scim.conftest import Answer, ScimClient

CURRENT = ['W/"1"', '"1"', 'W/"9", W/"1"', '"9","1"', "*", " * "]
OTHERS = ['W/"2"', '"2"', 'W/"2", "10"', '""', 'W/"01"']
MALFORMED = ["1", 'W/1"', 'w/"1"', 'W/"1" W/"2"', 'W/"1",', "**", '*, "1"', ""]
TITLE = {"Operations": [{"op": "replace", "path": "title", "value": "Analyst"}]}
WRITES: list[tuple[str, Any]] = [("PUT", {"userName": "ada@example.com"}), ("PATCH", TITLE), ("DELETE", None)]

write = pytest.mark.parametrize(("method", "body"), WRITES, ids=[method for method, _ in WRITES])


@pytest.fixture
def path(scim: ScimClient) -> str:
    """Somebody's, in version 1."""
    return f"/Users/{scim.create(title='Clerk')['id']}"


def test_answers_carry_the_version(scim: ScimClient) -> None:
    created = scim.post("/Users", {"userName": "ada@example.com"})
    path = f"/Users/{created.body['id']}"
    answers = [created, scim.get(path), scim.request("PATCH", path, TITLE), scim.put(path, {"title": "T"})]
    assert [answer.headers["ETag"] for answer in answers] == ['W/"1"', 'W/"1"', 'W/"2"', 'W/"3"']
    assert all(answer.headers["ETag"] == answer.body["meta"]["version"] for answer in answers)


@pytest.mark.parametrize("header", CURRENT)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_known_is_not_sent_again(scim: ScimClient, path: str, method: str, header: str) -> None:
    response = scim.client.generic(method, f"/scim/v2{path}", headers={"If-None-Match": header})
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", 'W/"1"')
    assert not {"Content-Length", "Content-Type"} & set(response.headers)


@pytest.mark.parametrize("header", OTHERS)
def test_what_is_not_known_is_sent(scim: ScimClient, path: str, header: str) -> None:
    answer = scim.request("GET", path, **{"If-None-Match": header})
    assert (answer.status, answer.body["title"], answer.headers["ETag"]) == (200, "Clerk", 'W/"1"')


def test_a_change_makes_it_unknown(scim: ScimClient, path: str) -> None:
    scim.request("PATCH", path, TITLE)
    assert scim.request("GET", path, **{"If-None-Match": 'W/"1"'}).status == 200
    assert scim.request("GET", path, **{"If-None-Match": 'W/"2"'}).status == 304


def test_a_read_of_another_version(scim: ScimClient, path: str) -> None:
    assert scim.request("GET", path, **{"If-Match": 'W/"2"'}).error == (412, None)
    assert scim.request("GET", path, **{"If-Match": 'W/"1"'}).status == 200


@write
@pytest.mark.parametrize("header", CURRENT)
def test_a_write_on_the_version_that_was_read(
    scim: ScimClient, path: str, method: str, body: Any, header: str
) -> None:
    assert scim.request(method, path, body, **{"If-Match": header}).status in (200, 204)
    assert not Employee.objects.present().filter(version=1).exists()


@write
@pytest.mark.parametrize("header", OTHERS)
def test_a_write_on_another_version_changes_nothing(
    scim: ScimClient, path: str, method: str, body: Any, header: str
) -> None:
    before = scim.get(path).body
    refused = scim.request(method, path, body, **{"If-Match": header})
    assert refused.error == (412, None)
    assert before["meta"]["version"] in refused.body["detail"]
    assert scim.get(path).body == before


@write
@pytest.mark.parametrize("header", MALFORMED)
def test_malformed_conditions_of_writes(
    scim: ScimClient, path: str, method: str, body: Any, header: str
) -> None:
    assert scim.request(method, path, body, **{"If-Match": header}).error == (400, "invalidSyntax")
    assert Employee.objects.present().get().version == 1


@pytest.mark.parametrize("header", MALFORMED)
@pytest.mark.parametrize("name", ["If-Match", "If-None-Match"])
def test_malformed_conditions_of_reads(scim: ScimClient, path: str, name: str, header: str) -> None:
    refused = scim.request("GET", path, **{name: header})
    assert refused.error == (400, "invalidSyntax")
    assert refused.body["detail"].startswith(name)


@write
def test_a_condition_on_nobody(scim: ScimClient, path: str, method: str, body: Any) -> None:
    scim.delete(path)
    assert scim.request(method, path, body, **{"If-Match": "*"}).error == (404, None)
    assert scim.request("GET", path, **{"If-None-Match": "*"}).error == (404, None)


def test_a_write_that_changes_nothing_keeps_the_version(scim: ScimClient, path: str) -> None:
    same = {"Operations": [{"op": "replace", "path": "title", "value": "Clerk"}]}
    for _ in range(2):
        assert scim.request("PATCH", path, same, **{"If-Match": 'W/"1"'}).headers["ETag"] == 'W/"1"'


class TestExamplesOfTheRfc:
    """The requests of RFC 7644, with the id and the version of somebody who is here."""

    def test_retrieve_if_changed(self, scim: ScimClient, path: str) -> None:
        """§3.14: a GET with the version that the client has."""
        answer = scim.request("GET", f"{path}?attributes=displayName", **{"If-None-Match": 'W/"1"'})
        assert (answer.status, answer.body) == (304, None)

    def test_delete_a_version(self, scim: ScimClient, path: str) -> None:
        """§3.6: gone with If-Match, and not found from then on."""
        answer: Answer = scim.request("DELETE", path, **{"If-Match": 'W/"1"'})
        assert (answer.status, answer.body) == (204, None)
        assert scim.get(path).error == (404, None)

    def test_add_an_address_to_a_version(self, scim: ScimClient, path: str) -> None:
        """§3.5.2: a PATCH with If-Match answers the new version."""
        operation = {"op": "add", "value": {"emails": [{"value": "babs@example.com", "type": "home"}]}}
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}
        answer = scim.request("PATCH", path, body, **{"If-Match": 'W/"1"'})
        assert (answer.status, answer.headers["ETag"]) == (200, 'W/"2"')
        assert scim.request("PATCH", path, body, **{"If-Match": 'W/"1"'}).error == (412, None)
