"""A cycle of real requests, up to a thousand changes, undone: exactly the state before, with few queries."""

from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from employees import undo
from employees.models import Change
from tests.employees.undoing import ADMINISTRATOR, differences, mark, since, state, undone
from tests.scim.conftest import ENTERPRISE, USER, ScimClient
from tests.scim.test_bulk_agreement import at_once, directory, one_by_one, requests

__all__ = ["directory"]
Operations = list[dict[str, Any]]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(past=requests(), cycle=requests(), more=requests())
def test_requests_are_undone(
    scim: ScimClient,
    other: ScimClient,
    directory: dict[str, str],
    past: Operations,
    cycle: Operations,
    more: Operations,
) -> None:
    with transaction.atomic():
        ids = dict(directory)
        one_by_one(other, past, ids)
        before, start = state(), mark()
        at_once(scim, cycle, dict(ids))
        one_by_one(scim, more, dict(ids))
        undone(since(start))
        assert differences(before, state()) == []
        transaction.set_rollback(True)


def bulk(scim: ScimClient, *operations: dict[str, Any]) -> None:
    answer = scim.post("/Bulk", {"Operations": list(operations)})
    statuses = {operation["status"] for operation in answer.body["Operations"]}
    assert statuses <= {"200", "201", "204"}, answer.body


def person(number: int, **facts: Any) -> dict[str, Any]:
    manager = {"value": f"p{number // 10}@example.com"}
    enterprise = {"employeeNumber": f"N-{number}", "department": "Sales", "manager": manager}
    return {
        "schemas": [USER],
        "userName": f"p{number}@example.com",
        "externalId": f"x-{number}",
        "title": "Clerk",
        ENTERPRISE: enterprise,
        **facts,
    }


def created(scim: ScimClient, numbers: range) -> list[str]:
    """The SCIM ids of people with those numbers."""
    operations = [
        {"method": "POST", "path": "/Users", "bulkId": str(number), "data": person(number)}
        for number in numbers
    ]
    answer = scim.post("/Bulk", {"Operations": operations})
    return [operation["location"].rpartition("/")[2] for operation in answer.body["Operations"]]


def changed(id_: str, **values: Any) -> dict[str, Any]:
    operations = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
    return {"method": "PATCH", "path": f"/Users/{id_}", "data": {"Operations": operations}}


def queries_of_undoing(scim: ScimClient, ids: list[str], count: int) -> int:
    """Does a cycle to a company and undoes it, and says how many queries that took."""
    quarter = count // 4
    before, start = state(), mark()
    bulk(scim, *({"method": "DELETE", "path": f"/Users/{id_}"} for id_ in ids[-quarter:]))
    bulk(scim, *(changed(id_, active=False, title="Gone") for id_ in ids[:quarter]))
    renamed = enumerate(ids[quarter : 3 * quarter])
    bulk(scim, *(changed(id_, userName=f"n{number}@example.com") for number, id_ in renamed))
    created(scim, range(5000, 5000 + quarter))
    scope = since(start)
    with CaptureQueriesContext(connection) as queries:
        done = undo.apply(scope, actor=ADMINISTRATOR)
    assert (done.removed, done.restored, done.left) == (quarter, quarter, 0)
    assert differences(before, state()) == []
    return len(queries)


def test_a_thousand_changes_take_few_queries(scim: ScimClient) -> None:
    ids = created(scim, range(1000))
    start = Change.objects.count()
    queries = queries_of_undoing(scim, ids, 1000)
    assert Change.objects.count() - start > 2000
    assert queries <= 30
