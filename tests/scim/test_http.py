"""Media types, bad bodies, unknown places: the right 4xx, always a SCIM error, nothing half-written."""

import json
from typing import Any

import pytest

from employees.models import Employee
from tests.scim.conftest import ScimClient

ADA = {"userName": "ada@example.com"}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/scim+json",
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/SCIM+JSON;charset=UTF-8",
        'application/json; charset="utf8"',
        "application/json; profile=x; charset=Utf-8",
        "",
    ],
)
def test_both_json_types_in(scim: ScimClient, content_type: str) -> None:
    assert scim.request("POST", "/Users", ADA, content_type=content_type).status == 201


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data", "application/json; charset=latin-1"],
)
def test_other_types_are_unsupported(scim: ScimClient, content_type: str) -> None:
    assert scim.request("POST", "/Users", ADA, content_type=content_type).error == (415, None)
    assert not Employee.objects.exists()


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/scim+json"),
        ("application/*", "application/scim+json"),
        ("application/scim+json; charset=utf-8", "application/scim+json"),
        ("application/json", "application/json"),
        ("text/html, application/json;q=0.9", "application/json"),
        ("application/json, application/scim+json", "application/scim+json"),
    ],
)
def test_both_json_types_out(scim: ScimClient, accept: str, content_type: str) -> None:
    answer = scim.request("GET", "/Users", Accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, content_type)


def test_an_accept_header_that_allows_neither(scim: ScimClient) -> None:
    assert scim.request("GET", "/Users", Accept="text/html").error == (406, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"42",
        b'{"userName": "ada",}',
        b'{"userName": NaN}',
        b'{"userName": "ada", "userName": "bob"}',
        b'{"userName": "ada", "USERNAME": "bob"}',
        b'{"userName": "\xff\xfe"}',
        b'{"userName": ' + b"9" * 5000 + b"}",
        b"[" * 500 + b"]" * 500,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"userName": "a", "x": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}",
        b'{"userName": "ada", "schemas": 5}',
    ],
    ids=lambda body: body[:30].decode(errors="replace"),
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_malformed_bodies(scim: ScimClient, method: str, body: bytes) -> None:
    created = scim.create("someone")
    path = "/Users" if method == "POST" else f"/Users/{created['id']}"
    answer = scim.request(method, path, body)
    status, scim_type = answer.error
    assert status == 400
    assert scim_type in ("invalidSyntax", "invalidValue")
    assert [employee.version for employee in Employee.objects.all()] == [1]


def test_lone_surrogates_and_nul_are_refused_everywhere(scim: ScimClient) -> None:
    created = scim.create("someone")
    for text in ("\\ud800", "a\\u0000"):
        for member in (
            f'"userName": "{text}"',
            f'"title": "{text}"',
            f'"{text}": 1',
            f'"x": [{{"y": "{text}"}}]',
        ):
            body = f'{{"userName": "ada", {member}}}'.replace('"userName": "ada", "userName"', '"userName"')
            assert scim.request("POST", "/Users", body).error == (400, "invalidValue"), body
        operation = f'{{"Operations": [{{"op": "add", "path": "title", "value": "{text}"}}]}}'
        assert scim.request("PATCH", f"/Users/{created['id']}", operation).error == (400, "invalidValue")
    assert Employee.objects.count() == 1


def test_a_byte_order_mark_is_skipped(scim: ScimClient) -> None:
    assert scim.request("POST", "/Users", b"\xef\xbb\xbf" + json.dumps(ADA).encode()).status == 201


def test_a_body_over_one_mebibyte(scim: ScimClient) -> None:
    assert scim.request("POST", "/Users", {**ADA, "title": "x" * 2**20}).error == (413, None)
    assert scim.request("POST", "/Users", {**ADA, "title": "x" * (2**20 - 1000)}).status == 201


@pytest.mark.parametrize("path", ["/nonsense", "/Users/1/2", "/v1/Users", "/users", "/Bulks"])
def test_unknown_places(scim: ScimClient, path: str) -> None:
    assert scim.get(path).error == (404, None)


@pytest.mark.parametrize("path", ["/Users/", "//Users", "/Users//", "/Users?aadOptscim062020", "/Users?"])
def test_slashes_and_flags_are_tolerated(scim: ScimClient, path: str) -> None:
    assert scim.get(path).body["totalResults"] == 0


def test_more_parameters_than_any_request_needs(scim: ScimClient) -> None:
    assert scim.get("/Users?" + "&".join(["a=1"] * 1500)).error == (400, None)


def test_a_defect_is_a_scim_error_without_its_cause(
    scim: ScimClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("secret@example.com")

    monkeypatch.setattr("scim.handlers.Users.search", broken)
    scim.client.raise_request_exception = False
    answer = scim.get("/Users")
    assert answer.error == (500, None)
    assert "secret" not in str(answer.body)
    assert "RuntimeError" in caplog.text or "unexpectedly" in caplog.text
