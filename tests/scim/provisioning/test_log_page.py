"""The provisioning log: the newest first by key, narrowed by what one asks, and each entry explained."""

import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localtime

from employees.models import Change, Employee
from scim.provisioning.console_curl import command
from scim.provisioning.log_filters import PAGE
from scim.provisioning.models import IdentityProvider, LogEntry
from tests.employees.people import change, hire
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.consoles import PROVISIONING, QUERIES, connected, signed_in, words, write

pytestmark = pytest.mark.django_db

LOG = f"{PROVISIONING}log/"


@pytest.fixture
def provider() -> IdentityProvider:
    return connected()


@pytest.fixture
def client() -> Client:
    return signed_in("provisioning.view_logentry", "employees.view_employee")


def listed(client: Client, **query: Any) -> list[int]:
    response = client.get(LOG, query)
    assert response.status_code == 200
    return [row.entry.pk for row in response.context["rows"]]


@pytest.mark.parametrize("by_provider", [False, True])
def test_pages_by_key(client: Client, provider: IdentityProvider, by_provider: bool) -> None:
    """All of the log, the newest first, and each entry once, though others are written meanwhile."""
    now = timezone.now()
    written = [write(provider, at=now + timedelta(seconds=number // 3)).pk for number in range(2 * PAGE + 1)]
    query: dict[str, Any] = {"provider": provider.pk} if by_provider else {}
    seen: list[int] = []
    pages = 0
    older = "?"
    while older:
        response = client.get(LOG + older if pages else LOG, None if pages else query)
        seen += [row.entry.pk for row in response.context["rows"]]
        older = response.context["older"]
        assert ('rel="next"' in response.text) == bool(older)
        write(provider, at=now + timedelta(days=1))
        pages += 1
    assert seen == written[::-1]
    assert pages == 3


def test_a_page_that_nobody_wrote(client: Client, provider: IdentityProvider) -> None:
    entry = write(provider).pk
    assert listed(client, before="nonsense") == listed(client, before=10**30) == [entry]
    assert listed(client, before=entry, provider=provider.pk) == []


def test_nothing_is_counted_or_skipped(client: Client, provider: IdentityProvider) -> None:
    people = [hire(f"{number}@example.com") for number in range(PAGE + 1)]
    for person, one in zip(people, Change.objects.order_by("pk"), strict=True):
        write(provider, "created", employee=person, change=one)
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(client)) == PAGE
    assert len(queries) <= QUERIES
    statements = [query["sql"] for query in queries if 'FROM "provisioning_logentry"' in query["sql"]]
    assert len(statements) == 1
    assert "COUNT(" not in statements[0]
    assert "OFFSET" not in statements[0]
    # session, user, two for permissions, identity providers, entries, changes
    assert len(queries) == 7


def test_filters(client: Client, provider: IdentityProvider) -> None:
    okta, now = connected("Okta", IdentityProvider.Kind.OKTA), timezone.now()
    ada, grace = hire("ada@example.com"), hire("grace@example.com", display_name="Grace Hopper")
    old = write(provider, at=now - timedelta(days=8), employee=ada).pk
    refused = write(okta, "refused", at=now - timedelta(hours=1), employee=grace).pk
    held = write(provider, "deactivated", employee=grace, removal=True, held=True).pk
    day = f"{localtime(now - timedelta(days=1)):%Y-%m-%dT%H:%M}"
    assert listed(client) == [held, refused, old]
    assert listed(client, provider=okta.pk) == [refused]
    assert listed(client, outcome="refused") == listed(client, scim_type="uniqueness") == [refused]
    assert listed(client, scim_type="noTarget") == []
    assert listed(client, outcome="held") == [held]
    assert (
        listed(client, person="GRACE@example.com") == listed(client, person="hopper gra") == [held, refused]
    )
    assert listed(client, person="nobody") == []
    assert listed(client, employee=ada.pk) == [old]
    assert listed(client, since=day) == [held, refused]
    assert listed(client, until=day) == [old]
    assert listed(client, since=day, provider=provider.pk) == [held]
    assert listed(client, since=day, until=day) == []
    assert listed(client, person="grace", provider=okta.pk, outcome="refused", since=day) == [refused]
    assert "Nothing like that" in client.get(LOG, {"person": "nobody"}).text


def test_entries_that_were_written_late_are_found(client: Client, provider: IdentityProvider) -> None:
    """Keys follow moments but for the length of a transaction."""
    now = timezone.now()
    moments = [now - timedelta(minutes=ago) for ago in (60, 30, 34, 32, 29, 1)]
    keys = [write(provider, at=at).pk for at in moments]
    since, until = (f"{localtime(now - timedelta(minutes=ago)):%Y-%m-%dT%H:%M:%S}" for ago in (33, 29.5))
    assert listed(client, since=since, until=until) == [keys[3], keys[1]]


def test_a_question_that_makes_no_sense(client: Client, provider: IdentityProvider) -> None:
    entry = write(provider).pk
    response = client.get(LOG, {"outcome": "eaten", "since": "soon", "provider": "10000"})
    assert [row.entry.pk for row in response.context["rows"]] == [entry]
    assert "Enter a valid date/time." in response.text
    assert "Select a valid choice" in response.text


def test_an_empty_log_teaches(client: Client) -> None:
    assert "Each time an identity provider creates" in client.get(LOG).text


def test_permissions(provider: IdentityProvider) -> None:
    entry = write(provider, "refused", subject="a…@example.org", employee=hire(display_name="Grace"))
    pages = (LOG, f"{LOG}{entry.pk}/", f"{LOG}export/?format=csv")
    for permission in ("provisioning.view_logentry", "provisioning.manage_provisioning"):
        client = signed_in(permission)
        for page in pages:
            response = client.get(page)
            assert response.status_code == 200
            text = response.getvalue().decode()
            assert "Grace" not in text
            assert "example.org" not in text
        assert {client.post(page).status_code for page in pages} == {405}
        # Nobody is found by a name who may not be seen.
        assert listed(client, person="nobody", employee=10**6) == [entry.pk]
    for client in (signed_in("provisioning.view_cycle"), signed_in()):
        assert {client.get(page).status_code for page in pages} == {403}
    assert {Client().get(page).status_code for page in pages} == {302}


def test_an_entry_explains_itself(scim: ScimClient, client: Client) -> None:
    scim.create("ada@example.com")
    assert scim.post("/Users", {"userName": "ada@example.com"}).status == 409
    entry = LogEntry.objects.latest("pk")
    with CaptureQueriesContext(connection) as queries:
        text = words(client.get(f"{LOG}{entry.pk}/").text)
    assert len(queries) <= QUERIES
    for part in (
        "The user name belongs to somebody else",
        "Match people by userName there",
        "a…@example.com",
        "POST /Users",
        "&quot;scimType&quot;: &quot;uniqueness&quot;",
        "curl -X POST http://testserver/scim/v2/Users",
        "Bearer $TOKEN",
    ):
        assert part in text
    assert scim.token not in text


def test_an_entry_shows_what_changed(client: Client, provider: IdentityProvider) -> None:
    person = hire(title="Painter")
    changed = change(person, title="<Sculptor>")
    entry = write(provider, employee=person, change=changed)
    text = words(client.get(f"{LOG}{entry.pk}/").text)
    assert "Painter" in text
    assert "&lt;Sculptor&gt;" in text
    assert f"/admin/employees/employee/{person.pk}/change/" in text
    assert "/admin/employees/change/" not in text, "for those who may see changes"
    only_log = signed_in("provisioning.view_logentry").get(f"{LOG}{entry.pk}/").text
    assert "Painter" not in only_log


def test_a_filter_is_part_of_the_command(client: Client, provider: IdentityProvider) -> None:
    entry = write(provider, "refused", method="GET", target='/Users?filter=userName like "…"')
    text = client.get(f"{LOG}{entry.pk}/").text
    assert "/scim/v2/Users?filter=userName+like+%22%E2%80%A6%22" in text


@pytest.mark.parametrize(
    "nasty", ["it's", '"$(touch /tmp/x)"', "`id`", "a\nb", "!!", "\\", "$TOKEN", "'; rm -rf ~; '"]
)
def test_a_command_is_safe_in_bash(nasty: str) -> None:
    """A shell takes every part as it is; only the token is filled in."""
    text = command("POST", f"http://localhost/{nasty}", {"name": nasty})
    script = f'curl() {{ printf "%s\\0" "$@"; }}\n{text}\n'
    run = subprocess.run(
        ["bash", "-c", script], env={"TOKEN": "t"}, capture_output=True, text=True, check=True
    )
    arguments = run.stdout.split("\0")
    assert arguments[:3] == ["-X", "POST", f"http://localhost/{nasty}"]
    assert "Authorization: Bearer t" in arguments
    assert nasty.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') in arguments[-2]


def test_whoever_left_is_still_named(client: Client, provider: IdentityProvider) -> None:
    person = hire()
    write(provider, employee=person)
    Employee.objects.filter(pk=person.pk).update(deleted_at=timezone.now())
    assert "ada@example.com" in client.get(LOG).text
