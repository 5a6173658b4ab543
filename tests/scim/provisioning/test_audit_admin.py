"""The audit in the administration: read-only, quick however long the log is, and silent about secrets."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from employees.models import Change, Employee
from scim.provisioning import services
from scim.provisioning.models import BearerToken, Cycle, Hold, IdentityProvider, LogEntry
from tests.employees.people import hire
from tests.scim.provisioning.helpers import ACTOR

pytestmark = pytest.mark.django_db

LOG = "/admin/provisioning/logentry/"
TOKENS = "/admin/provisioning/bearertoken/"
PAGE = 50
QUERIES = 15


@pytest.fixture
def provider() -> IdentityProvider:
    return services.connect_with_token("Okta", IdentityProvider.Kind.OKTA, actor=ACTOR)[0]


def log(provider: IdentityProvider, outcome: str = "changed", **facts: Any) -> LogEntry:
    usual = {"method": "PATCH", "target": "/Users/1", "status": 200, "request": {"Operations": []}}
    return LogEntry.objects.create(identity_provider=provider, outcome=outcome, **{**usual, **facts})


def listed(client: Client, query: str = "", page: str = LOG) -> list[int]:
    response = client.get(page + query)
    assert response.status_code == 200
    return [row.pk for row in response.context["cl"].result_list]


def test_pages_by_key(admin_client: Client, provider: IdentityProvider) -> None:
    """All of the log, the newest first, and each entry once, though others are written meanwhile."""
    entries = [log(provider).pk for _ in range(2 * PAGE + 1)]
    seen: list[int] = []
    query = ""
    for _ in range(3):
        response = admin_client.get(LOG + query)
        seen += [entry.pk for entry in response.context["cl"].result_list]
        query = f"?p={response.context['cl'].older}"
        assert ('rel="next"' in response.text) == (query != "?p=None")
        log(provider)
    assert seen == entries[::-1]
    assert query == "?p=None"
    assert listed(admin_client, "?p=nonsense") == listed(admin_client)
    assert listed(admin_client, f"?p={10**30}")[0] == LogEntry.objects.latest("pk").pk


def test_nothing_is_counted_or_skipped(admin_client: Client, provider: IdentityProvider) -> None:
    for _ in range(PAGE + 1):
        log(provider)
    newest = LogEntry.objects.latest("pk").pk
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(admin_client, f"?p={newest}&o=2.-4&outcome__exact=changed&all=")) == PAGE
    [statement] = [q["sql"] for q in queries if 'ORDER BY "provisioning_logentry"' in q["sql"]]
    assert 'ORDER BY "provisioning_logentry"."id" DESC LIMIT 51' in statement
    slow = ("COUNT(", "OFFSET", "DISTINCT")
    assert [q["sql"] for q in queries if any(word in q["sql"] for word in slow)] == []


def test_filters(admin_client: Client, provider: IdentityProvider) -> None:
    other, _ = services.connect_with_token("Entra ID", IdentityProvider.Kind.ENTRA, actor=ACTOR)
    employee, now = hire(), timezone.now()
    old = log(provider, at=now - timedelta(days=8)).pk
    refused = log(other, "refused", scim_type="uniqueness", status=409, method="POST").pk
    created = log(provider, "created", employee=employee, method="POST", status=201).pk
    assert listed(admin_client) == [created, refused, old]
    assert listed(admin_client, f"?identity_provider__id__exact={other.pk}") == [refused]
    assert listed(admin_client, "?outcome__exact=created") == [created]
    assert listed(admin_client, "?scim_type=uniqueness") == [refused]
    assert listed(admin_client, "?scim_type=noTarget") == []
    assert listed(admin_client, "?days=7") == [created, refused]
    assert listed(admin_client, "?days=30") == [created, refused, old]
    assert listed(admin_client, "?days=nonsense") == [created, refused, old]
    assert listed(admin_client, f"?employee__id__exact={employee.pk}") == [created]
    LogEntry.objects.exclude(pk=old).delete()
    assert listed(admin_client, "?days=7") == []


def test_entries_that_were_written_late_are_found(admin_client: Client, provider: IdentityProvider) -> None:
    """Keys follow moments but for the length of a transaction."""
    now = timezone.now()
    log(provider, at=now - timedelta(days=9))
    late = log(provider, at=now - timedelta(days=7) + timedelta(minutes=2)).pk
    log(provider, at=now - timedelta(days=7) - timedelta(minutes=1))
    early = log(provider, at=now - timedelta(days=7) + timedelta(minutes=1)).pk
    assert listed(admin_client, "?days=7") == [early, late]


def test_an_entry(admin_client: Client, provider: IdentityProvider) -> None:
    employee = hire(display_name="Grace")
    change = Change.objects.get()
    entry = log(provider, employee=employee, change=change, detail="Because <b>of</b> it")
    text = admin_client.get(reverse("admin:provisioning_logentry_change", args=[entry.pk])).text
    words = ["Okta", "Grace", "PATCH", "/Users/1", "Operations", "Because &lt;b&gt;of&lt;/b&gt; it",
             reverse("admin:employees_change_change", args=[change.pk])]  # fmt: skip
    assert [word for word in words if word not in text] == []
    Employee.objects.filter(pk=employee.pk).update(display_name="")
    assert "ada@example.com" in admin_client.get(LOG).text


def test_people_are_for_those_who_may_see_them(client: Client, provider: IdentityProvider) -> None:
    entry = log(provider, employee=hire(), subject="a***@example.com")
    user = User.objects.create_user("reader@example.com", is_staff=True)
    user.user_permissions.add(
        Permission.objects.get(codename="view_logentry", content_type__app_label="provisioning")
    )
    client.force_login(user)
    pages = (LOG, reverse("admin:provisioning_logentry_change", args=[entry.pk]))
    for page in pages:
        assert client.get(page).status_code == 200
        assert not {"ada@example.com", "a***@example.com"} & set(client.get(page).text.split('"'))
        assert "example.com" not in client.get(page).text.replace("reader@example.com", "")


def test_queries_of_every_page(admin_client: Client, provider: IdentityProvider) -> None:
    moment = timezone.now()
    for number in range(20):
        log(provider, employee=hire(f"{number}@example.com"), change=Change.objects.latest("pk"))
        start = moment - timedelta(hours=number)
        Cycle.objects.create(identity_provider=provider, started_at=start, ended_at=start)
        Hold.objects.create(
            identity_provider=provider,
            removed=1,
            managed=9,
            threshold=2,
            decided_at=moment,
            decision="released",
        )
        services.switch(number % 2 == 0, actor=ACTOR)
    used: dict[str, int] = {}
    for model in ("logentry", "cycle", "hold", "bearertoken", "provisioningevent"):
        base = f"/admin/provisioning/{model}/"
        [newest, *_] = listed(admin_client, page=base)
        for page in (base, f"{base}{newest}/change/"):
            with CaptureQueriesContext(connection) as queries:
                assert admin_client.get(page).status_code == 200
            used[page] = len(queries)
    assert {page: count for page, count in used.items() if count > QUERIES} == {}


@pytest.mark.parametrize(
    "question",
    [
        "digest__startswith=a",
        "digest__exact=a",
        "pk__in=1",
        "identity_provider__tokens__digest__startswith=a",
        "identity_provider__name__startswith=a",
        "created_by__contains=a",
    ],
)
def test_digests_are_nobodys_business(
    admin_client: Client, provider: IdentityProvider, question: str
) -> None:
    """A list that can be narrowed by what it does not show tells it, one character at a time."""
    for page in (TOKENS, LOG, "/admin/provisioning/cycle/", "/admin/provisioning/provisioningevent/"):
        assert admin_client.get(f"{page}?{question}").status_code == 400


def test_tokens(admin_client: Client, provider: IdentityProvider) -> None:
    token = BearerToken.objects.get()
    for page in (TOKENS, reverse("admin:provisioning_bearertoken_change", args=[token.pk])):
        with CaptureQueriesContext(connection) as queries:
            text = admin_client.get(page).text
        assert token.hint in text
        assert token.digest not in text
        assert "digest" not in "".join(query["sql"] for query in queries)


@pytest.mark.parametrize("model", ["logentry", "cycle", "hold", "bearertoken", "provisioningevent"])
def test_not_even_a_superuser_writes(admin_client: Client, provider: IdentityProvider, model: str) -> None:
    log(provider)
    moment = timezone.now()
    Cycle.objects.create(identity_provider=provider, started_at=moment, ended_at=moment)
    Hold.objects.create(identity_provider=provider, removed=1, managed=9, threshold=2)
    base = f"/admin/provisioning/{model}/"
    [key] = listed(admin_client, page=base)[:1]
    for page in ("add/", f"{key}/change/", f"{key}/delete/"):
        assert admin_client.post(base + page, {"post": "yes", "outcome": "deleted"}).status_code == 403
    before = listed(admin_client, page=base)
    admin_client.post(base, {"action": "delete_selected", "_selected_action": [key], "post": "yes"})
    assert listed(admin_client, page=base) == before
    assert 'name="_save"' not in admin_client.get(f"{base}{key}/change/").text
