"""Reads are counted in memory and written in parts, never with the request."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scim.provisioning.activity import DOUBLED_PATH, UNKNOWN_TOKEN, tally
from scim.provisioning.models import Activity, IdentityProvider
from scim.provisioning.tokens import generate
from tests.scim.conftest import ScimClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    tally.clear()


def rows() -> list[tuple[int | None, int, int, list[str]]]:
    found = Activity.objects.order_by("pk")
    return [(row.identity_provider_id, row.requests, row.looked_up, row.signs) for row in found]


def test_requests_become_one_row_for_each_provider(scim: ScimClient, other: ScimClient) -> None:
    scim.get("/Users")
    scim.get("/ResourceTypes")
    other.post("/Users/.search", {})
    other.create()
    assert rows() == []
    tally.flush()
    first, second = IdentityProvider.objects.order_by("pk").values_list("pk", flat=True)
    assert rows() == [(first, 2, 1, []), (second, 2, 1, [])]
    tally.flush()
    assert len(rows()) == 2


def test_a_request_writes_what_is_due(scim: ScimClient, settings: Any) -> None:
    settings.ACTIVITY_SECONDS = 0
    scim.get("/Users")
    assert [row[1] for row in rows()] == [1]


def test_where_a_thread_writes_requests_do_not(scim: ScimClient, settings: Any) -> None:
    settings.ACTIVITY_SECONDS = 0
    scim.get("/Users")
    tally.ticking = True
    try:
        with CaptureQueriesContext(connection) as captured:
            scim.get("/Users")
    finally:
        tally.ticking = False
    assert not any("provisioning_activity" in query["sql"] for query in captured)


def test_tokens_that_were_never_issued(db: None) -> None:
    Client(headers={"Authorization": f"Bearer {generate()}"}).get("/scim/v2/Users")
    Client(headers={"Authorization": "Bearer nonsense"}).get("/scim/v2/Users")
    Client().get("/scim/v2/Users")
    tally.flush()
    assert rows() == [(None, 2, 0, [UNKNOWN_TOKEN])]


@pytest.mark.parametrize(
    ("path", "signs"),
    [
        ("/scim/v2/Users", []),
        ("/Users", []),
        ("/api/scim/v2/Users", []),
        ("/scim/v2/scim/v2/Users", [DOUBLED_PATH]),
        ("/scim/v2/scim/Users", [DOUBLED_PATH]),
    ],
)
def test_a_doubled_path_is_noticed(scim: ScimClient, path: str, signs: list[str]) -> None:
    assert scim.client.get(path).status_code == 200
    tally.flush()
    assert [row[3] for row in rows()] == [signs]


def test_a_busy_database_gets_the_counts_next_time(scim: ScimClient) -> None:
    scim.get("/Users")
    with patch.object(Activity.objects, "bulk_create", side_effect=OperationalError):
        tally.flush()
    scim.get("/Users")
    tally.flush()
    assert [row[1:3] for row in rows()] == [(2, 2)]
