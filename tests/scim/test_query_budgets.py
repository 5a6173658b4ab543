"""Every query of the hot paths, by name; the statements that frame a transaction are counted apart."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.scim.conftest import ENTERPRISE, ScimClient

TOKEN = 'FROM "provisioning_bearertoken"'
LOCK = 'FROM "employees_employee"'
READ = 'FROM "employees_employee"'
INSERT = 'INSERT INTO "employees_employee"'
UPDATE = 'UPDATE "employees_employee"'
KEYS = 'INSERT INTO "employees_searchkey"'
DROP_KEYS = 'DELETE FROM "employees_searchkey"'
AUDIT = 'INSERT INTO "employees_change"'
PERIOD = 'INSERT INTO "employees_participationperiod"'
REPORTS = 'WHERE "employees_employee"."manager_id"'
AWAITED = '"manager_awaited_key"'
LOG = 'INSERT INTO "provisioning_logentry"'
BRAKE = (
    'FROM "provisioning_provisioningsettings"',
    'FROM "provisioning_hold"',
    'FROM "provisioning_logentry"',
)
FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")
ADVISORY = "pg_advisory_xact_lock"


@pytest.fixture
def queries(scim: ScimClient) -> Callable[..., None]:
    """Runs a request and holds what it asked the database against the named queries, in order."""
    scim.get("/Users")  # the token's first use is noted once in ten seconds

    def check(request: Callable[[], Any], *expected: str) -> None:
        with CaptureQueriesContext(connection) as captured:
            assert request().status < 300
        asked = [query["sql"] for query in captured if not query["sql"].startswith(FRAME)]
        # Only PostgreSQL has several writers that must be made to wait for each other.
        asked = [sql for sql in asked if ADVISORY not in sql]
        assert len(asked) == len(expected), "\n".join(asked)
        for sql, name in zip(asked, expected, strict=True):
            assert name in sql, (name, sql)

    return check


@pytest.fixture
def person(scim: ScimClient) -> str:
    boss = scim.create("boss")
    manager = {ENTERPRISE: {"manager": boss["id"]}}
    return str(scim.create(phoneNumbers=[{"value": "1"}], externalId="1", **manager)["id"])


def test_match(scim: ScimClient, queries: Any, person: str) -> None:
    queries(lambda: scim.get("/Users", filter='userName eq "ADA@example.com"'), TOKEN, READ)


@pytest.mark.parametrize(
    "filter_",
    ['externalId eq "1"', 'emails[type eq "work"].value eq "ada@example.com"', 'id eq "x"', "manager pr"],
)
def test_other_matches(scim: ScimClient, queries: Any, person: str, filter_: str) -> None:
    filter_ = filter_.replace("manager", f"{ENTERPRISE}:manager")
    found = () if filter_.startswith("id") else (READ,)
    queries(lambda: scim.get("/Users", filter=filter_), TOKEN, *found)


@pytest.mark.parametrize("filter_", ['userName sw "ada"', 'name.familyName co "x" or userName ew "com"'])
def test_what_may_look_at_everybody(scim: ScimClient, queries: Any, person: str, filter_: str) -> None:
    bound = ("SET LOCAL statement_timeout",) if connection.vendor == "postgresql" else ()
    queries(lambda: scim.get("/Users", filter=filter_), TOKEN, *bound, READ)


def test_get(scim: ScimClient, queries: Any, person: str) -> None:
    queries(lambda: scim.get(f"/Users/{person}"), TOKEN, READ)


def test_page_of_100(scim: ScimClient, queries: Any) -> None:
    for number in range(120):
        scim.create(f"p{number}@example.com", **{ENTERPRISE: {"manager": f"p{number // 8}@example.com"}})
    queries(lambda: scim.get("/Users", count=100), TOKEN, READ, "COUNT(*)")


def test_patch(scim: ScimClient, queries: Any, person: str) -> None:
    operation = {"op": "replace", "path": "title", "value": "T"}
    queries(lambda: scim.patch(f"/Users/{person}", operation), TOKEN, LOCK, UPDATE, AUDIT, LOG)
    queries(lambda: scim.patch(f"/Users/{person}", operation), TOKEN, LOCK, LOG)


def test_deactivate(scim: ScimClient, queries: Any, person: str) -> None:
    operation = {"op": "replace", "path": "active", "value": False}
    expected = (TOKEN, LOCK, *BRAKE, UPDATE, PERIOD, AUDIT, LOG)
    queries(lambda: scim.patch(f"/Users/{person}", operation), *expected)


def test_patch_of_a_list(scim: ScimClient, queries: Any, person: str) -> None:
    operation = {"op": "add", "path": "phoneNumbers", "value": [{"value": "2"}]}
    expected = (TOKEN, LOCK, UPDATE, DROP_KEYS, KEYS, AUDIT, LOG)
    queries(lambda: scim.patch(f"/Users/{person}", operation), *expected)


def test_patch_of_the_manager_by_id(scim: ScimClient, queries: Any, person: str) -> None:
    operation = {"op": "add", "path": f"{ENTERPRISE}:manager", "value": scim.create("other")["id"]}
    queries(lambda: scim.patch(f"/Users/{person}", operation), TOKEN, LOCK, READ, UPDATE, AUDIT, LOG)


def test_create(scim: ScimClient, queries: Any) -> None:
    queries(lambda: scim.post("/Users", {"userName": "ada"}), TOKEN, AWAITED, INSERT, AUDIT, LOG)


def test_create_with_everything(scim: ScimClient, queries: Any, person: str) -> None:
    body = {
        "userName": "bob@example.com",
        "externalId": "2",
        "emails": [{"value": "bob@example.com"}],
        "phoneNumbers": [{"value": "2"}],
        ENTERPRISE: {"employeeNumber": "2", "manager": {"value": person}},
    }
    queries(lambda: scim.post("/Users", body), TOKEN, READ, AWAITED, INSERT, KEYS, AUDIT, LOG)


def test_put_and_delete(scim: ScimClient, queries: Any, person: str) -> None:
    body = {"userName": "ada@example.com", "title": "T", "externalId": "1"}
    expected = (TOKEN, LOCK, UPDATE, DROP_KEYS, AUDIT, LOG)
    queries(lambda: scim.put(f"/Users/{person}", body), *expected)
    expected_of_delete = (TOKEN, LOCK, *BRAKE, AWAITED, REPORTS, UPDATE, PERIOD, AUDIT, LOG)
    queries(lambda: scim.delete(f"/Users/{person}"), *expected_of_delete)
