"""The provisioning log: a row for every write and every refusal, and no value of anybody in it."""

import json
from typing import Any

import pytest
from django.db import transaction

from employees.models import Change, Employee
from scim import watching
from scim.provisioning import steering, tokens
from scim.provisioning.models import IdentityProvider, LogEntry
from tests.scim.bulk_requests import patch, post, run
from tests.scim.conftest import ENTERPRISE, OPERATOR, ScimClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    watching.forget()


def entries() -> list[LogEntry]:
    return list(LogEntry.objects.order_by("pk"))


def newest() -> LogEntry:
    return entries()[-1]


def test_every_write_has_an_entry(scim: ScimClient) -> None:
    id_ = scim.create()["id"]
    person = Employee.objects.get()
    scim.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "Analyst"})
    scim.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "Analyst"})
    scim.patch(f"/Users/{id_}", {"op": "replace", "path": "active", "value": False})
    scim.put(f"/Users/{id_}", {"userName": "ada@example.com", "active": True})
    scim.delete(f"/Users/{id_}")
    seen = [(entry.method, entry.outcome, entry.status, entry.removal) for entry in entries()]
    assert seen == [
        ("POST", "created", 201, False),
        ("PATCH", "changed", 200, False),
        ("PATCH", "unchanged", 200, False),
        ("PATCH", "deactivated", 200, True),
        ("PUT", "reactivated", 200, False),
        ("DELETE", "deleted", 204, True),
    ]
    assert {entry.employee_id for entry in entries()} == {person.pk}
    changes = [entry.change_id for entry in entries() if entry.outcome != "unchanged"]
    assert changes == list(Change.objects.order_by("pk").values_list("pk", flat=True))
    assert entries()[2].change_id is None


def test_who_is_created_inactive_and_deleted_is_no_removal(scim: ScimClient) -> None:
    id_ = scim.create(active=False)["id"]
    scim.delete(f"/Users/{id_}")
    assert [entry.removal for entry in entries()] == [False, False]


def test_no_value_is_kept(scim: ScimClient) -> None:
    secret = "Confidential"
    person = scim.create("ada@example.com", title=secret, name={"givenName": secret})
    scim.patch(f"/Users/{person['id']}", {"op": "add", "path": "nickName", "value": secret})
    scim.post("/Users", {"userName": "ADA@example.com", "title": secret})
    scim.get("/Users", filter=f'userName gt true or shoeSize eq "{secret}"')
    kept = json.dumps([[e.target, e.detail, e.request, e.subject] for e in entries()])
    assert len(entries()) == 4
    assert secret not in kept
    assert "ada@example.com" not in kept.lower()


def test_a_refusal_outlives_its_transaction(scim: ScimClient) -> None:
    scim.create()
    assert scim.post("/Users", {"userName": "ada@example.com"}).error == (409, "uniqueness")
    entry = newest()
    assert (entry.outcome, entry.method, entry.target) == ("refused", "POST", "/Users")
    assert (entry.status, entry.scim_type, entry.subject) == (409, "uniqueness", "a…@example.com")
    assert entry.detail.startswith("The userName “…” belongs to another employee")
    assert entry.request == {"userName": "…"}


def test_whom_a_refusal_was_about(scim: ScimClient) -> None:
    id_ = scim.create()["id"]
    assert scim.patch(f"/Users/{id_}", {"op": "replace", "path": "userName", "value": ""}).status == 400
    assert newest().employee_id == Employee.objects.get().pk
    assert scim.patch("/Users/nobody", {"op": "replace", "path": "title", "value": "x"}).status == 404
    assert (newest().employee_id, newest().status) == (None, 404)


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), (b"\xff", 400), ("[]", 400), ('{"userName": 7, "active": "perhaps"}', 400)],
)
def test_bodies_that_are_refused(scim: ScimClient, body: Any, status: int) -> None:
    assert scim.request("POST", "/Users", body).status == status
    assert (newest().outcome, newest().status) == ("refused", status)


def test_reads_leave_no_row(scim: ScimClient) -> None:
    id_ = scim.create()["id"]
    before = len(entries())
    scim.get(f"/Users/{id_}")
    scim.get("/Users", filter='userName eq "ada@example.com"')
    scim.post("/Users/.search", {"filter": 'userName eq "nobody"'})
    scim.get("/Schemas")
    scim.get("/Users/00000000-0000-0000-0000-000000000000")
    assert len(entries()) == before


def test_refused_reads_are_kept(scim: ScimClient) -> None:
    assert scim.get("/Users", filter='shoeSize eq "Confidential"').status == 400
    assert (newest().method, newest().scim_type) == ("GET", "invalidFilter")
    assert newest().target == '/Users?filter=shoeSize eq "…"'
    assert scim.get("/Groups").status == 404
    assert newest().target == "/Groups"


def test_bulk_has_an_entry_for_each_operation(scim: ScimClient) -> None:
    id_ = scim.create()["id"]
    run(scim, post("b", "bob@example.com"), post("c", "ada@example.com"), patch(id_, title="Lead"))
    found = [(e.in_bulk, e.method, e.outcome, e.status) for e in entries()[1:]]
    assert found == [
        (True, "POST", "created", 201),
        (True, "POST", "refused", 409),
        (True, "PATCH", "changed", 200),
    ]


def test_a_rolled_back_write_leaves_no_entry_of_success(scim: ScimClient) -> None:
    with transaction.atomic():
        scim.create()
        assert len(entries()) == 1
        transaction.set_rollback(True)
    assert entries() == []


def test_a_token_that_ended_is_noted_now_and_then(scim: ScimClient) -> None:
    provider = IdentityProvider.objects.get()
    tokens.revoke(provider, actor=OPERATOR)
    assert [scim.get("/Users").status for _ in range(3)] == [401, 401, 401]
    assert [(e.outcome, e.status, e.detail.split(".")[0]) for e in entries()] == [
        ("refused", 401, "This bearer token is revoked")
    ]


def test_a_paused_provider_reads_and_does_not_write(scim: ScimClient) -> None:
    id_ = scim.create()["id"]
    provider = IdentityProvider.objects.get()
    assert steering.pause(provider, actor=OPERATOR)
    assert not steering.pause(provider, actor=OPERATOR)
    refused = scim.patch(f"/Users/{id_}", {"op": "replace", "path": "title", "value": "Analyst"})
    assert refused.error == (403, None)
    assert "paused" in refused.body["detail"]
    assert [scim.post("/Users", {"userName": "bob"}).status, scim.delete(f"/Users/{id_}").status] == [
        403,
        403,
    ]
    assert scim.get(f"/Users/{id_}").status == 200
    assert scim.post("/Users/.search", {"filter": "active eq true"}).status == 200
    kept_out = [(e.method, e.target) for e in entries() if e.status == 403]
    assert kept_out == [("PATCH", f"/Users/{id_}"), ("POST", "/Users"), ("DELETE", f"/Users/{id_}")]
    assert steering.resume(provider, actor=OPERATOR)
    assert scim.delete(f"/Users/{id_}").status == 204


def test_seats(scim: ScimClient) -> None:
    steering.limit_seats(IdentityProvider.objects.get(), 2, actor=OPERATOR)
    first = scim.create("a@example.com")["id"]
    outcomes = run(scim, post("b", "b@example.com"), post("c", "c@example.com"))
    assert [outcome["status"] for outcome in outcomes] == ["201", "403"]
    refused = scim.post("/Users", {"userName": "d@example.com"})
    assert refused.status == 403
    assert "2 seats" in refused.body["detail"]
    assert scim.post("/Users", {"userName": "e@example.com", "active": False}).status == 201
    number = {ENTERPRISE: {"employeeNumber": "1"}}
    assert scim.put(f"/Users/{first}", {"userName": "a@example.com", **number}).status == 200
    scim.delete(f"/Users/{first}")
    assert scim.post("/Users", {"userName": "d@example.com"}).status == 201


@pytest.mark.parametrize("bad", ["\\u0000", "\\ud800"])
def test_what_no_database_takes_is_refused_and_noted(scim: ScimClient, bad: str) -> None:
    """JSON can bring NUL and halves of characters along, in names and values."""
    assert scim.request("POST", "/Users", f'{{"userName": "a{bad}", "x{bad}": 1}}').status == 400
    assert scim.request("PATCH", "/Users/%00", f'{{"Operations": [{{"path": "{bad}"}}]}}').status in (
        400,
        404,
    )
    assert [entry.outcome for entry in entries()] == ["refused", "refused"]
