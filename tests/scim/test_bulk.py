"""POST /Bulk as RFC 7644 §3.7 has it: the message, the outcomes, errors and limits."""

import json
from typing import Any

import pytest

from employees.models import Change, Employee
from scim import discovery
from tests.scim.bulk_requests import REQUEST, delete, id_of, patch, post, put, run, statuses
from tests.scim.conftest import USER, ScimClient

BASE = "http://testserver/scim/v2"
NOBODY = "2819c223-7f76-453a-919d-413861904646"
TITLE = [{"op": "replace", "path": "title", "value": "Lead"}]


@pytest.fixture
def ada(scim: ScimClient) -> str:
    """The SCIM id of somebody in version 1."""
    return str(scim.create(title="Clerk")["id"])


def test_each_method(scim: ScimClient, ada: str) -> None:
    """§3.7.2: outcomes in the order of the operations, each with what the client needs to go on."""
    bob, cy = (scim.create(f"{name}@example.com")["id"] for name in ("bob", "cy"))
    outcomes = run(
        scim,
        post("qwerty", "new@example.com", title="Clerk"),
        put(ada, userName="ada@example.com", title="Lead"),
        patch(bob, title="Lead", nickName="Bo"),
        delete(cy),
    )
    new = id_of(outcomes[0])
    tag = 'W/"2"'
    assert outcomes == [
        {"method": "POST", "bulkId": "qwerty", "location": f"{BASE}/Users/{new}", "version": 'W/"1"'}
        | {"status": "201"},
        {"method": "PUT", "location": f"{BASE}/Users/{ada}", "version": tag, "status": "200"},
        {"method": "PATCH", "location": f"{BASE}/Users/{bob}", "version": tag, "status": "200"},
        {"method": "DELETE", "location": f"{BASE}/Users/{cy}", "status": "204"},
    ]
    created = scim.get(f"/Users/{new}")
    assert (created.body["userName"], created.body["title"]) == ("new@example.com", "Clerk")
    assert created.body["meta"]["version"] == outcomes[0]["version"]
    assert [scim.get(f"/Users/{id_}").body["meta"]["version"] for id_ in (ada, bob)] == [tag, tag]
    assert scim.get(f"/Users/{cy}").error == (404, None)


def test_the_operations_of_a_patch_may_stand_bare(scim: ScimClient, ada: str) -> None:
    """§3.7.3 shows them so; a whole message, and one operation that is no list, are as good."""
    for number, data in enumerate([TITLE, {"schemas": [], "Operations": TITLE}, {"Operations": TITLE[0]}]):
        scim.patch(f"/Users/{ada}", {"op": "remove", "path": "title"})
        outcomes = run(scim, {"method": "PATCH", "path": f"/Users/{ada}", "data": data})
        assert [outcome["version"] for outcome in outcomes] == [f'W/"{3 + 2 * number}"']
        assert scim.get(f"/Users/{ada}").body["title"] == "Lead"


@pytest.mark.parametrize(
    "path",
    [
        *("Users/{}", "/Users/{}/", "//Users//{}", "/users/{}", "/scim/v2/Users/{}", "/v2/Users/{}"),
        *("https://example.com/v2/Users/{}", f"{BASE}/Users/{{}}"),
    ],
)
def test_spellings_of_a_path(scim: ScimClient, ada: str, path: str) -> None:
    new = {"method": "POST", "path": path.format("").rstrip("/"), "data": {"userName": "new"}, "bulkId": "n"}
    outcomes = run(
        scim,
        {"method": "patch", "path": path.format(ada), "data": TITLE},
        new,
        {"method": "PATCH", "path": path.format("bulkId:n"), "data": TITLE},
        {"method": "Delete", "path": path.format(ada)},
    )
    assert statuses(outcomes) == [200, 201, 200, 204]
    assert [outcome["method"] for outcome in outcomes] == ["PATCH", "POST", "PATCH", "DELETE"]
    assert outcomes[2]["location"] == outcomes[1]["location"]


@pytest.mark.parametrize(
    ("operation", "status", "scim_type"),
    [
        ({"method": "GET", "path": f"/Users/{NOBODY}"}, 405, None),
        ({"method": "PURGE", "path": "/Users"}, 405, None),
        ({"method": "POST", "path": f"/Users/{NOBODY}", "data": {"userName": "x"}}, 400, "invalidPath"),
        ({"method": "POST", "path": "/Groups", "data": {"displayName": "x"}}, 400, "invalidPath"),
        ({"method": "POST", "path": "/Users/.search/x", "data": {}}, 400, "invalidPath"),
        ({"method": "PUT", "path": "/Users", "data": {"userName": "x"}}, 400, "invalidPath"),
        ({"method": "DELETE", "path": "/Users/"}, 400, "invalidPath"),
        ({"method": "DELETE", "path": "/"}, 400, "invalidPath"),
        ({"method": "DELETE", "path": f"/Users/{NOBODY}"}, 404, None),
        ({"method": "DELETE", "path": f"/Users/{NOBODY.upper()}"}, 404, None),
        ({"method": "PATCH", "path": "/Users/x", "data": TITLE}, 404, None),
        ({"method": "PATCH", "path": "/Users/x"}, 400, "invalidSyntax"),
        ({"method": "PATCH", "path": "/Users/x", "data": []}, 400, "invalidSyntax"),
        ({"method": "POST", "path": "/Users"}, 400, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "data": []}, 400, "invalidSyntax"),
        ({"method": "POST", "path": "/Users", "data": {"title": "x"}}, 400, "invalidValue"),
        ({"method": "POST", "path": "/Users", "data": {"userName": "ADA@example.com"}}, 409, "uniqueness"),
        ({"method": "PUT", "path": "/Users/x", "data": {"active": "maybe"}}, 400, "invalidValue"),
    ],
)
def test_an_operation_that_fails(
    scim: ScimClient, ada: str, operation: dict[str, Any], status: int, scim_type: str | None
) -> None:
    """It leaves nothing, the others alone, and says what was wrong; only a POST has no location (§3.7.3)."""
    outcomes = run(scim, post("one"), operation, post("two"))
    assert statuses(outcomes) == [201, status, 201]
    assert outcomes[1]["response"].get("scimType") == scim_type
    assert outcomes[1]["response"]["detail"]
    assert "version" not in outcomes[1]
    about = (
        operation["path"].partition("/Users/")[2] if operation["method"] in ("PUT", "PATCH", "DELETE") else ""
    )
    assert outcomes[1].get("location") == (f"{BASE}/Users/{about}" if about else None)
    assert scim.get("/Users").people == ["ada@example.com", "one@example.com", "two@example.com"]
    assert Change.objects.count() == 3


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_versions(scim: ScimClient, ada: str, method: str) -> None:
    """§3.7: `version` is the condition; one that an operation before has outdated is outdated."""
    data: Any = {"PUT": {"userName": "ada@example.com"}, "PATCH": TITLE, "DELETE": None}[method]
    write = {"method": method, "path": f"/Users/{ada}", "data": data}
    refused = run(scim, *(write | {"version": tag} for tag in ('W/"2"', '"01"', "1")))
    assert statuses(refused) == [412, 412, 400]
    assert all(outcome["location"] == f"{BASE}/Users/{ada}" for outcome in refused)
    assert scim.get(f"/Users/{ada}").body["meta"]["version"] == 'W/"1"'
    outcomes = run(scim, write | {"version": 'W/"1"'}, write | {"version": 'W/"1"'}, write | {"version": "*"})
    assert statuses(outcomes) == ([204, 404, 404] if method == "DELETE" else [200, 412, 200])


@pytest.mark.parametrize(("limit", "done"), [(None, 5), (0, 5), (1, 2), ("2", 4), (3, 5), (-1, 5)])
def test_fail_on_errors(scim: ScimClient, ada: str, limit: Any, done: int) -> None:
    """§3.7.3: after so many errors the rest is not done, and what was done stays."""
    again = post("again", "ada@example.com")
    operations = [post("a"), again, post("b"), delete(NOBODY), post("c")]
    outcomes = run(scim, *operations, **({} if limit is None else {"failOnErrors": limit}))
    assert statuses(outcomes) == [201, 409, 201, 404, 201][:done]
    names = ["a@example.com", "b@example.com", "c@example.com"][: (done + 1) // 2]
    assert scim.get("/Users").people == ["ada@example.com", *names]


@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        ([], "invalidSyntax"),
        ({}, "invalidSyntax"),
        ({"Operations": None}, "invalidSyntax"),
        ({"Operations": {"method": "DELETE", "path": "/Users/x"}}, "invalidSyntax"),
        ({"Operations": ["DELETE"]}, "invalidSyntax"),
        ({"Operations": [post("a"), {"path": "/Users"}]}, "invalidSyntax"),
        ({"Operations": [post("a"), {"method": "POST"}]}, "invalidSyntax"),
        ({"Operations": [post("a") | {"method": 1}]}, "invalidSyntax"),
        ({"Operations": [post("a") | {"version": 1}]}, "invalidSyntax"),
        ({"Operations": [post("a"), post("a", "b")]}, "invalidSyntax"),
        ({"Operations": [post("a") | {"METHOD": "PUT"}]}, "invalidSyntax"),
        ({"Operations": [post("a")], "operations": []}, "invalidSyntax"),
        ({"Operations": [post("a")], "failOnErrors": "many"}, "invalidValue"),
        ({"Operations": [post("a")], "failOnErrors": 1.5}, "invalidValue"),
        ('{"Operations": [', "invalidSyntax"),
    ],
)
def test_what_is_no_bulk_request(scim: ScimClient, body: Any, scim_type: str) -> None:
    assert scim.request("POST", "/Bulk", body).error == (400, scim_type)
    assert not Employee.objects.exists()


def test_spellings_of_the_message(scim: ScimClient) -> None:
    person = {"Method": "post", "Path": "/Users", "BulkID": "a", "Data": {"userName": "ada"}}
    for name in ("operations", "OPERATIONS"):
        answer = scim.post("/Bulk", {name: [person], "FailOnErrors": None})
        assert answer.status == 200
    assert [person["userName"] for person in scim.get("/Users").body["Resources"]] == ["ada"]
    assert run(scim) == []


def test_limits_on_operations(scim: ScimClient) -> None:
    """§3.7.4: as many as advertised are taken, one more is 413 and nothing is done."""
    limits = scim.get("/ServiceProviderConfig").body["bulk"]
    assert limits == {"supported": True, "maxOperations": 1_000, "maxPayloadSize": 5 * 2**20}
    operations = [post(f"p{number}") for number in range(limits["maxOperations"])]
    assert scim.post("/Bulk", {"Operations": [*operations, post("one more")]}).error == (413, None)
    assert not Employee.objects.exists()
    assert set(statuses(run(scim, *operations))) == {201}
    assert Employee.objects.count() == limits["maxOperations"]


@pytest.mark.parametrize(("size", "status"), [(0, 200), (1, 413)])
def test_limits_on_bytes(scim: ScimClient, size: int, status: int) -> None:
    operations = [post(f"p{number}", nickName="x" * 2**20) for number in range(4)]
    body = {"schemas": [REQUEST], "Operations": [*operations, post("last", nickName="")]}
    room = discovery.MAX_PAYLOAD - len(json.dumps(body)) + size
    operations.append(post("last", nickName="x" * room))
    answer = scim.post("/Bulk", body | {"Operations": operations})
    assert answer.status == status, answer.body
    assert Employee.objects.count() == (5 if status == 200 else 0)
    assert status == 200 or answer.error == (413, None)


def test_repeating_is_safe(scim: ScimClient, ada: str) -> None:
    """Whoever got no answer sends it all again: what exists is refused, what is changed stays the same."""
    request = [
        post("a", externalId="1"),
        post("b"),
        patch(ada, title="Lead"),
        put(ada, nickName="Ad"),
        delete(ada),
    ]
    assert statuses(run(scim, *request)) == [201, 201, 200, 200, 204]
    before = list(Employee.objects.values()), list(Change.objects.values())
    again = run(scim, *request)
    assert statuses(again) == [409, 409, 404, 404, 404]
    assert [outcome["response"].get("scimType") for outcome in again[:2]] == ["uniqueness"] * 2
    assert (list(Employee.objects.values()), list(Change.objects.values())) == before


def test_nothing_changed_means_nothing_written(scim: ScimClient, ada: str) -> None:
    outcomes = run(
        scim, patch(ada, title="Clerk"), put(ada, schemas=[USER], title="Clerk"), patch(ada, title="Lead")
    )
    assert [outcome["version"] for outcome in outcomes] == ['W/"1"', 'W/"1"', 'W/"2"']
    assert Change.objects.count() == 2


def test_by_whom_and_where(scim: ScimClient) -> None:
    """It is one of the doors: without a token nothing, and no other method."""
    anonymous = ScimClient("x", "")
    assert anonymous.post("/Bulk", {"Operations": [post("a")]}).status == 401
    assert scim.get("/Bulk").error == (405, None)
    assert scim.request("POST", "/Bulk", "x", content_type="text/plain").error == (415, None)
    assert not Employee.objects.exists()
