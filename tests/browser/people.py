"""What an identity provider does with people, over HTTP."""

from typing import Any

import httpx2

from scim.protocol.urns import PATCH_OP, USER


def arrive(scim: httpx2.Client, user_name: str, **values: Any) -> str:
    """Creates somebody with these values of a SCIM User; their id."""
    response = scim.post("/Users", json={"schemas": [USER], "userName": user_name, "active": True, **values})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def patch(scim: httpx2.Client, person: str, path: str, value: Any) -> dict[str, Any]:
    """Replaces a value; what is answered."""
    operation = {"op": "replace", "path": path, "value": value}
    response = scim.patch(f"/Users/{person}", json={"schemas": [PATCH_OP], "Operations": [operation]})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def activate(scim: httpx2.Client, person: str, *, active: bool) -> None:
    assert patch(scim, person, "active", active)["active"] is active
