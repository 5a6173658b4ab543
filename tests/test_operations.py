"""What an operator relies on: health, configuration, the first administrator."""

import ast
import re
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.test import Client

from peakon_scim.secret_key import stored_secret_key
from tests.site import ROOT

FOREIGN = {"HTTP_HOST": "elsewhere.example.com"}


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, FOREIGN])
def test_health(client: Client, headers: dict[str, str]) -> None:
    response = client.get("/healthz", **headers)  # type: ignore[arg-type]
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "accept", "content_type"),
    [
        ("/scim/v2/Users", "text/html", "application/scim+json"),
        ("/scim/v2/Users", "*/*", "application/scim+json"),
        ("/Users", "application/json", "application/scim+json"),
        ("/admin/", "application/json", "text/html; charset=utf-8"),
        ("/", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)
def test_foreign_host_is_told_so_in_the_clients_language(
    client: Client, path: str, accept: str, content_type: str
) -> None:
    response = client.get(path, headers={"accept": accept, "host": "elsewhere.example.com"})
    assert (response.status_code, response["Content-Type"]) == (400, content_type)
    assert "ALLOWED_HOSTS" in response.content.decode()


@pytest.mark.django_db
def test_pages_load_from_this_site_alone(client: Client) -> None:
    response = client.get("/admin/login/")
    assert response["Content-Security-Policy"].startswith("default-src 'self';")
    assert response["X-Frame-Options"] == "DENY"
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", response.content.decode())


def test_services_know_no_cookies(client: Client) -> None:
    response = client.get("/scim/v2/ServiceProviderConfig")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_front_door_leads_to_the_admin(client: Client) -> None:
    response = client.get("/", headers={"accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_secret_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    keys: set[str] = set()
    threads = [threading.Thread(target=lambda: keys.add(stored_secret_key(tmp_path))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def ensure_administrator() -> str:
    output = StringIO()
    call_command("ensure_administrator", stdout=output, stderr=output)
    return output.getvalue()


@pytest.mark.django_db
def test_first_administrator_gets_a_password_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_EMAIL", raising=False)
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)
    text = ensure_administrator()
    assert "http://127.0.0.1:8000/admin/" in text
    password = re.search(r"password  (\S+)", text)
    assert password
    user = authenticate(username="admin@localhost", password=password[1])
    assert user is not None
    assert user.is_superuser
    assert ensure_administrator() == ""


@pytest.mark.django_db
def test_first_administrator_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_EMAIL", "ada@example.com")
    monkeypatch.setenv("ADMIN_PASSWORD", "password")
    text = ensure_administrator()
    assert authenticate(username="ada@example.com", password="password")
    assert "  password  as in ADMIN_PASSWORD" in text
    assert "weak" in text


def variables_read(path: Path) -> set[str]:
    """The names that a module reads with `env.…("NAME")` or `os.environ.get("NAME")`."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        if ast.unparse(call.func.value) == "env" or ast.unparse(call.func) == "os.environ.get"
        if call.args and isinstance(call.args[0], ast.Constant)
    }


def test_every_variable_is_explained() -> None:
    read = set().union(*(variables_read(path) for path in (ROOT / "peakon_scim").rglob("*.py")))
    documented = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert len(read) > 15
    assert read == documented


def test_requirements_are_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        assert [
            line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+|-r requirements.txt", line)
        ] == []
