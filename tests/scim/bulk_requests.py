"""Bulk requests for tests: operations made short, and what became of each."""

from typing import Any

from tests.scim.conftest import ENTERPRISE, ScimClient

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
Operation = dict[str, Any]


def post(bulk_id: str, user_name: str = "", /, **attributes: Any) -> Operation:
    """Somebody to create, called as the bulkId unless they have another userName."""
    data = {"userName": user_name or f"{bulk_id}@example.com", **attributes}
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": data}


def reporting(bulk_id: str, manager: str, user_name: str = "") -> Operation:
    """Somebody to create who has a manager."""
    return post(bulk_id, user_name, **{ENTERPRISE: {"manager": {"value": manager}}})


def put(user_id: str, **attributes: Any) -> Operation:
    return {"method": "PUT", "path": f"/Users/{user_id}", "data": attributes}


def patch(user_id: str, **values: Any) -> Operation:
    """One replaced attribute for each value."""
    operations = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
    return {"method": "PATCH", "path": f"/Users/{user_id}", "data": {"Operations": operations}}


def delete(user_id: str) -> Operation:
    return {"method": "DELETE", "path": f"/Users/{user_id}"}


def run(scim: ScimClient, *operations: Operation, **members: Any) -> list[dict[str, Any]]:
    """What became of the operations, after checking the message around them."""
    answer = scim.post("/Bulk", {"schemas": [REQUEST], "Operations": list(operations), **members})
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Type"] == "application/scim+json"
    assert answer.body.keys() == {"schemas", "Operations"}
    assert answer.body["schemas"] == [RESPONSE]
    outcomes: list[dict[str, Any]] = answer.body["Operations"]
    return outcomes


def statuses(outcomes: list[dict[str, Any]]) -> list[int]:
    """The statuses, after checking that exactly the failed have an Error message, with the same status."""
    for outcome in outcomes:
        assert isinstance(outcome["status"], str)
        assert outcome.get("response", {"status": outcome["status"]})["status"] == outcome["status"]
        assert ("response" in outcome) is (int(outcome["status"]) >= 400)
    return [int(outcome["status"]) for outcome in outcomes]


def id_of(outcome: dict[str, Any]) -> str:
    """The SCIM id at the end of an outcome's location."""
    return str(outcome["location"].rpartition("/")[2])


def manager_of(scim: ScimClient, user_id: str) -> Any:
    """What is said of somebody's manager: an SCIM id, or the text that waits."""
    return scim.get(f"/Users/{user_id}").body.get(ENTERPRISE, {}).get("manager", {}).get("value")


def ids_by_name(scim: ScimClient) -> dict[str, str]:
    """Everybody's SCIM id by userName."""
    return {person["userName"]: person["id"] for person in scim.get("/Users", count=200).body["Resources"]}
