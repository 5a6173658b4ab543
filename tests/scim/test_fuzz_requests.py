"""Whatever a client sends, the answer is a resource or a SCIM error, and what was stored can be read back."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees.models import Employee
from scim.user import user_resource_type
from tests.scim.conftest import ENTERPRISE, USER, ScimClient

NAMES = [path.name for path in user_resource_type().units()]
PARTS = [
    *(name.partition(".")[0] for name in NAMES),
    "schemas",
    ENTERPRISE,
    USER,
    "manager",
    "value",
    "type",
    "primary",
]
TEXTS = st.sampled_from(["", "a", "True", "work", "ada@example.com", "é" * 300, "\x00", "\ud800"]) | st.text(
    max_size=8
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS) | TEXTS, inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from([*NAMES, *PARTS]) | TEXTS, VALUES, max_size=6)
PATHS = st.sampled_from(
    [
        *NAMES,
        'emails[type eq "work"].value',
        'addresses[type eq "work"]',
        f"{ENTERPRISE}:manager.value",
        ENTERPRISE,
    ]
)
OPERATIONS = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "Remove", "replace"])},
        optional={"path": PATHS | TEXTS, "value": VALUES | BODIES},
    ),
    min_size=1,
    max_size=4,
)
FILTERS = st.lists(
    st.sampled_from(
        [*NAMES, "eq", "pr", "co", "and", "or", "not", "(", ")", "[", "]", '"a"', "true", "null", "1"]
    )
    | TEXTS,
    max_size=8,
).map(" ".join)
FUZZ = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def ada(scim: ScimClient) -> str:
    return str(scim.create(emails=[{"value": "a@example.com", "type": "work"}])["id"])


def sound(scim: ScimClient, answer: Any) -> None:
    """A resource that reads back as it was answered, or a SCIM error that is the client's fault."""
    if answer.status >= 300:
        assert 400 <= answer.error[0] < 500
    else:
        assert scim.get(f"/Users/{answer.body['id']}").body == answer.body


def sent(scim: ScimClient, method: str, path: str, body: Any) -> Any:
    return scim.request(method, path, json.dumps(body))


@FUZZ
@given(body=BODIES)
def test_post(scim: ScimClient, ada: str, body: dict[str, Any]) -> None:
    before = Employee.objects.count()
    answer = sent(scim, "POST", "/Users", {"userName": f"u{before}", **body})
    assert Employee.objects.count() == before + (answer.status == 201)
    sound(scim, answer)


@FUZZ
@given(body=BODIES)
def test_put(scim: ScimClient, ada: str, body: dict[str, Any]) -> None:
    sound(scim, sent(scim, "PUT", f"/Users/{ada}", body))


@FUZZ
@given(operations=OPERATIONS)
def test_patch(scim: ScimClient, ada: str, operations: list[dict[str, Any]]) -> None:
    before = scim.get(f"/Users/{ada}").body
    answer = sent(scim, "PATCH", f"/Users/{ada}", {"Operations": operations})
    if answer.status >= 300:
        assert scim.get(f"/Users/{ada}").body == before
    sound(scim, answer)


@FUZZ
@given(
    text=FILTERS,
    sort=st.sampled_from(NAMES) | TEXTS,
    start=st.integers(),
    attributes=st.sampled_from(NAMES) | TEXTS,
)
def test_search(scim: ScimClient, ada: str, text: str, sort: str, start: int, attributes: str) -> None:
    query = {"filter": text, "sortBy": sort, "startIndex": start, "attributes": attributes}
    try:
        query = {name: str(value).encode().decode() for name, value in query.items()}
    except UnicodeEncodeError:
        return
    answer = scim.get("/Users", **query)
    assert answer.status == 200 or answer.error[0] == 400
