"""A bearer token opens the SCIM service and nothing else; without one nothing is revealed (RFC 6750)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from scim.provisioning import services, tokens
from scim.provisioning.models import BearerToken, IdentityProvider
from tests.scim.conftest import OPERATOR, ScimClient

PATHS = ["/Users", "/Users/1", "/Schemas", "/ResourceTypes", "/Groups", "/Me", "/nonsense", "/", ""]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_without_a_token_nothing_is_revealed(scim: ScimClient, method: str, path: str) -> None:
    stranger = ScimClient("", "")
    answer = stranger.request(method, path, b"{not json", Accept="text/html", content_type="text/plain")
    assert answer.error == (401, None)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x y", "Bearer \u00e9"])
def test_bad_headers(scim: ScimClient, header: str) -> None:
    response = Client().get("/scim/v2/Users", headers={"Authorization": header})
    assert response.status_code == 401


def test_the_scheme_is_read_without_case(scim: ScimClient) -> None:
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {scim.token}"}
        assert Client().get("/scim/v2/Users", headers=headers).status_code == 200


def test_a_token_with_a_typo_costs_no_query(scim: ScimClient, django_assert_num_queries: object) -> None:
    typo = scim.token[:-1] + ("a" if scim.token[-1] != "a" else "b")
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = ScimClient(typo, "").get("/Users")
    assert answer.error == (401, None)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_expired_and_revoked_tokens_say_so(scim: ScimClient) -> None:
    provider = IdentityProvider.objects.get()
    short = tokens.issue(provider, actor=OPERATOR, expires_at=timezone.now() + timedelta(hours=1))
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        answer = ScimClient(short, "").get("/Users")
        assert answer.error == (401, None)
        assert "expired" in answer.body["detail"]
    tokens.revoke(provider, actor=OPERATOR)
    answer = scim.get("/Users")
    assert answer.error == (401, None)
    assert "revoked" in answer.body["detail"]


def test_disabled_provisioning_is_403_and_comes_back(scim: ScimClient) -> None:
    services.switch(False, actor=OPERATOR)
    answer = scim.post("/Users", {"userName": "ada"})
    assert answer.error == (403, None)
    assert "Integrations > Employee provisioning" in answer.body["detail"]
    services.switch(True, actor=OPERATOR)
    assert scim.post("/Users", {"userName": "ada"}).status == 201


def test_a_session_never_opens_the_service(scim: ScimClient) -> None:
    User.objects.create_superuser("root", password="secret")
    client = Client()
    assert client.login(username="root", password="secret")
    assert client.get("/scim/v2/Users").status_code == 401


def test_a_token_opens_nothing_else(scim: ScimClient) -> None:
    response = scim.client.get("/admin/employees/employee/")
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/admin/login/")


def test_last_used_is_noted_now_and_then(scim: ScimClient) -> None:
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False) as now:
        scim.get("/Users")
        first = BearerToken.objects.get().last_used_at
        now.shift(5)
        scim.get("/Users")
        assert BearerToken.objects.get().last_used_at == first == timezone.now() - timedelta(seconds=5)
        now.shift(10)
        scim.get("/Users")
        assert BearerToken.objects.get().last_used_at == timezone.now()
