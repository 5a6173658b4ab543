"""The provisioning log as a file: what the page shows, formula-safe, streamed, and on record."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scim.provisioning import log_export
from scim.provisioning.models import IdentityProvider, LogEntry, ProvisioningEvent
from tests.employees.people import hire
from tests.scim.provisioning.consoles import PROVISIONING, connected, signed_in, write

pytestmark = pytest.mark.django_db

EXPORT = f"{PROVISIONING}log/export/"


@pytest.fixture
def provider() -> IdentityProvider:
    return connected()


@pytest.fixture
def client() -> Client:
    return signed_in("provisioning.view_logentry", "employees.view_employee")


def exported(client: Client, **query: Any) -> str:
    response: Any = client.get(EXPORT, query)
    assert response.streaming
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    content: bytes = response.getvalue()
    return content.decode()


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv(client: Client, provider: IdentityProvider) -> None:
    entry = write(provider, "refused", subject="g…@example.com", request={"a": ["…"]})
    write(provider, "created", employee=hire(), held=True)
    created, refused = table(exported(client, format="csv"))
    assert list(created) == list(log_export.COLUMNS)
    assert (created["employee"], created["held"], created["request"]) == ("ada@example.com", "yes", "")
    assert refused["when"] == str(entry.at)
    assert refused["explanation"] == "The user name belongs to somebody else"
    assert (refused["subject"], refused["request"]) == ("g…@example.com", '{"a": ["…"]}')


def test_json(client: Client, provider: IdentityProvider) -> None:
    assert json.loads(exported(client, format="json")) == []
    write(provider, request={"Operations": []})
    write(provider, "refused")
    refused, changed = json.loads(exported(client, format="json"))
    assert (refused["status"], refused["scim_type"]) == (409, "uniqueness")
    assert (changed["request"], changed["employee"], changed["held"]) == ({"Operations": []}, None, False)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\uff1d1", '=HYPERLINK("http://x")']
)
def test_no_cell_is_a_formula(client: Client, cell: str) -> None:
    provider = connected(cell.strip() if cell.strip() != "x" else "x")
    write(provider, "refused", detail=cell, target=cell, subject=cell)
    [row] = table(exported(client, format="csv"))
    for column in ("detail", "path", "subject"):
        assert row[column] == f"'{cell}"
    assert not row["identity_provider"].startswith(log_export.FORMULA)
    [same] = json.loads(exported(client, format="json"))
    assert same["detail"] == cell


def test_it_is_narrowed_as_the_page_is(client: Client, provider: IdentityProvider) -> None:
    okta = connected("Okta", IdentityProvider.Kind.OKTA)
    person = hire()
    for one in (provider, okta):
        write(one)
        write(one, "refused", employee=person)
    query = {"provider": okta.pk, "outcome": "refused", "person": "ada@example.com"}
    [row] = json.loads(exported(client, format="json", **query))
    assert (row["identity_provider"], row["outcome"]) == ("Okta", "refused")
    event = ProvisioningEvent.objects.latest("pk")
    assert event.action == ProvisioningEvent.Action.EXPORTED
    assert event.details == "json: Okta, refused, one person"
    assert event.actor_name.endswith("@example.com")


def test_a_question_that_makes_no_sense_exports_nothing(client: Client, provider: IdentityProvider) -> None:
    write(provider)
    assert client.get(EXPORT, {"format": "csv", "outcome": "eaten"}).status_code == 400
    assert client.get(EXPORT, {"format": "xml"}).status_code == 404
    assert client.get(EXPORT).status_code == 404
    assert not ProvisioningEvent.objects.filter(action=ProvisioningEvent.Action.EXPORTED).exists()


@pytest.mark.parametrize("by_provider", [False, True])
def test_all_of_it_and_a_query_for_each_batch(
    client: Client, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, by_provider: bool
) -> None:
    monkeypatch.setattr(log_export, "BATCH", 10)
    keys = [write(provider, detail=str(number)).pk for number in range(31)]
    query = {"provider": provider.pk} if by_provider else {}
    with CaptureQueriesContext(connection) as queries:
        rows = json.loads(exported(client, format="json", **query))
    assert [row["detail"] for row in rows] == [str(number) for number in reversed(range(31))]
    assert len(keys) == 31
    entries = [query["sql"] for query in queries if "LIMIT 11" in query["sql"]]
    assert len(entries) == 4


def test_people_are_for_those_who_may_see_them(provider: IdentityProvider) -> None:
    write(provider, "refused", subject="a…@example.com", employee=hire())
    text = exported(signed_in("provisioning.view_logentry"), format="csv")
    assert "ada@example.com" not in text
    assert "a…@" not in text
    assert not set(log_export.PEOPLE) & set(table(text)[0])
    assert signed_in("provisioning.view_cycle", "employees.view_employee").get(EXPORT).status_code == 403
    assert LogEntry.objects.count() == 1
