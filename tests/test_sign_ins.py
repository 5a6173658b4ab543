"""Sign-ins: written down as they happen, with nothing that was typed, and kept for 400 days."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from employees.append_only import AuditRowsAreFinal
from peakon_scim.models import SignIn
from peakon_scim.sign_ins import KEPT, address_of

pytestmark = pytest.mark.django_db

PASSWORD = "a-password-for-tests"
LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def ada() -> User:
    return User.objects.create_user("ada@example.com", password=PASSWORD, is_staff=True)


def sign_in(client: Client, name: str = "ada@example.com", password: str = PASSWORD) -> int:
    data = {"username": name, "password": password}
    return client.post(LOGIN, data, REMOTE_ADDR="192.0.2.7").status_code


def rows() -> list[tuple[Any, ...]]:
    return list(SignIn.objects.order_by("pk").values_list("event", "user_key", "user_name", "address"))


def test_in_and_out(client: Client, ada: User) -> None:
    assert sign_in(client) == 302
    client.post("/admin/logout/", REMOTE_ADDR="192.0.2.7")
    client.post("/admin/logout/", REMOTE_ADDR="192.0.2.7")
    who = (f"user{ada.pk}", "ada@example.com", "192.0.2.7")
    assert rows() == [("signed in", *who), ("signed out", *who)]
    assert timezone.now() - SignIn.objects.latest("pk").at < timedelta(minutes=1)


def test_a_wrong_password(client: Client, ada: User) -> None:
    assert sign_in(client, password="wrong") == 200
    assert rows() == [("failed", f"user{ada.pk}", "ada@example.com", "192.0.2.7")]


def test_nothing_that_was_typed_is_kept(client: Client) -> None:
    assert sign_in(client, name=PASSWORD, password="") == 200  # not even asked: the form wants a password
    assert sign_in(client, name=PASSWORD, password=PASSWORD) == 200
    assert rows() == [("failed", "", "", "192.0.2.7")]


@pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}])
def test_who_may_not_sign_in(client: Client, ada: User, change: dict[str, bool]) -> None:
    """Without staff status the password is right, but these pages are not theirs."""
    User.objects.update(**change)
    assert sign_in(client) == 200
    assert rows() == [("failed", f"user{ada.pk}", "ada@example.com", "192.0.2.7")]


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "expected"),
    [
        (False, "192.0.2.7", None, "192.0.2.7"),
        (False, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (False, "", None, None),  # a Unix socket
        (False, "2001:DB8::1", None, "2001:db8::1"),
        (False, "fe80::1%eth0", None, "fe80::1"),
        (True, "192.0.2.7", None, "192.0.2.7"),
        (True, "192.0.2.7", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (True, "192.0.2.7", "198.51.100.1:4711", "198.51.100.1"),
        (True, "192.0.2.7", "[2001:db8::1]:4711", "2001:db8::1"),
        (True, "192.0.2.7", "2001:db8::1", "2001:db8::1"),
        (True, "192.0.2.7", "unknown", None),
        (True, "192.0.2.7", "<script>", None),
    ],
)
def test_addresses(
    settings: Any, trusted: bool, remote: str, forwarded: str | None, expected: str | None
) -> None:
    settings.TRUST_PROXY_HEADERS = trusted
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    address = address_of(request)
    assert address == expected
    assert SignIn.objects.create(event=SignIn.Event.FAILED, address=address).address == expected


def test_without_a_request() -> None:
    assert address_of(None) is None


def test_they_outlive_the_user(client: Client, ada: User) -> None:
    sign_in(client)
    ada.delete()
    assert [name for _, _, name, _ in rows()] == ["ada@example.com"]


def test_only_time_deletes_them(client: Client) -> None:
    now = timezone.now()
    for age in (KEPT + timedelta(minutes=1), KEPT - timedelta(minutes=1), timedelta(0)):
        SignIn.objects.create(event=SignIn.Event.FAILED, at=now - age)
    for tamper in (SignIn.objects.all().delete, SignIn.objects.latest("pk").delete):
        with pytest.raises(AuditRowsAreFinal):
            tamper()
    outputs = []
    for _ in range(2):
        output = StringIO()
        call_command("run_maintenance", stdout=output)
        outputs.append("sign-ins: 1 deleted" in output.getvalue())
    assert outputs == [True, False]
    assert SignIn.objects.count() == 2
    assert min(SignIn.objects.values_list("at", flat=True)) > now - KEPT


def test_the_page(admin_client: Client, client: Client, ada: User) -> None:
    sign_in(Client(), name="nobody@example.com")
    sign_in(Client())
    page = "/admin/peakon_scim/signin/"
    text = admin_client.get(page).text
    assert "nobody@example.com" not in text
    assert [words for words in ("An unknown name", "192.0.2.7", "ada@example.com") if words not in text] == []
    of_ada = admin_client.get(page, {"user_key__exact": f"user{ada.pk}"}).context["cl"].result_list
    assert [entry.event for entry in of_ada] == ["signed in"]
    failed = admin_client.get(page, {"event__exact": "failed"}).context["cl"].result_list
    assert [entry.user_name for entry in failed] == [""]
