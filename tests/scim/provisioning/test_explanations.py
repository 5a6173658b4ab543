"""Refusals in words: whatever the service answers has a cause and a fix of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from scim.protocol import errors
from scim.protocol.urns import PEAKON_USER
from scim.provisioning import steering
from scim.provisioning.explanations import UNKNOWN, explain
from scim.provisioning.explanations_of_access import ACCESS
from scim.provisioning.explanations_of_content import CONTENT
from scim.provisioning.kinds import GUIDES
from scim.provisioning.models import BearerToken, IdentityProvider, LogEntry
from tests.scim.conftest import ENTERPRISE, USER, ScimClient
from tests.scim.provisioning.helpers import ACTOR

Kind = IdentityProvider.Kind
ADA = {"schemas": [USER], "userName": "ada@example.com"}


def subclasses(of: type[errors.ScimError]) -> Iterator[type[errors.ScimError]]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


@pytest.mark.parametrize("error", [errors.ScimError, *subclasses(errors.ScimError)])
def test_every_error_is_explained(error: type[errors.ScimError]) -> None:
    entry = LogEntry(status=error.status, scim_type=error.scim_type, detail="Because of it.", target="/Users")
    assert {explain(entry, kind) == UNKNOWN for kind in Kind} == {False}


def test_something_nobody_expects_is_explained_too() -> None:
    entry = LogEntry(status=418, scim_type="", detail="I am a teapot.", target="/Users")
    assert explain(entry, Kind.OTHER) == UNKNOWN


def refusals(scim: ScimClient) -> Iterator[tuple[Any, str]]:
    """Real requests, with the title that their refusal should have."""
    person = scim.create("grace@example.com")
    path = f"/Users/{person['id']}"
    scim.create("ada@example.com")
    yield lambda: scim.post("/Users", ADA), "The user name belongs to somebody else"
    yield (
        lambda: scim.get("/Users", filter='shoeSize eq "42"'),
        "The filter names an attribute that does not exist",
    )
    yield lambda: scim.get("/Users", filter="userName like x"), "The filter is not understood"
    yield (
        lambda: scim.patch(path, {"op": "replace", "path": "active", "value": "perhaps"}),
        "A value is neither true nor false",
    )
    yield lambda: scim.post("/Users", {"schemas": [USER]}), "Something required is missing"
    yield (
        lambda: scim.patch(path, {"op": "replace", "path": "emails[", "value": "x"}),
        "The path is not understood",
    )
    yield (
        lambda: scim.patch(
            path, {"op": "replace", "path": 'emails[type co "x"].value', "value": "a@example.com"}
        ),
        "There is nothing that could be changed",
    )
    yield (
        lambda: scim.patch(path, {"op": "replace", "path": "id", "value": "x"}),
        "The attribute is read-only",
    )
    yield (
        lambda: scim.patch(f"/Users/{'0' * 8}-0000-4000-8000-{'0' * 12}", {"op": "remove", "path": "title"}),
        "This employee does not exist any more",
    )
    yield lambda: scim.get("/Groups"), "Groups are not supported"
    yield lambda: scim.post("/Persons", ADA), "There is no such address"
    yield lambda: scim.post("/Schemas", ADA), "This method is not taken here"
    yield (
        lambda: scim.request("PATCH", path, {"Operations": []}, **{"If-Match": 'W/"99"'}),
        "The request is malformed",
    )
    yield (
        lambda: scim.request(
            "PUT", path, {"schemas": [USER], "userName": "grace@example.com"}, **{"If-Match": 'W/"99"'}
        ),
        "The employee was changed meanwhile",
    )
    yield lambda: scim.request("POST", "/Users", b"{" + b" " * 2**21 + b"}"), "The request is too large"
    yield lambda: scim.request("POST", "/Users", "a=b", content_type="text/csv"), "The body is not JSON"
    yield lambda: scim.request("POST", "/Users", "{"), "The request is malformed"


def test_what_the_service_really_answers(scim: ScimClient) -> None:
    for send, title in refusals(scim):
        before = LogEntry.objects.count()
        answer = send()
        assert answer.status >= 400, title
        assert LogEntry.objects.count() == before + 1, title
        assert explain(LogEntry.objects.latest("pk"), Kind.OTHER).title == title


@pytest.fixture
def provider(scim: ScimClient) -> IdentityProvider:
    return IdentityProvider.objects.get()


def test_who_is_kept_out(
    scim: ScimClient, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scim import watching
    from scim.provisioning import services

    monkeypatch.setattr(watching, "SECONDS", 0.0)
    now = timezone.now()
    steps: dict[str, Callable[[], object]] = {
        "All seats are taken": lambda: steering.limit_seats(provider, 0, actor=ACTOR),
        "This identity provider is paused": lambda: steering.pause(provider, actor=ACTOR),
        "Provisioning is disabled": lambda: services.switch(False, actor=ACTOR),
        "The token has expired": lambda: BearerToken.objects.update(expires_at=now),
        "The token was revoked": lambda: BearerToken.objects.update(revoked_at=now),
    }
    for title, step in steps.items():
        step()
        assert scim.post("/Users", ADA).status in (401, 403)
        assert explain(LogEntry.objects.latest("pk"), provider.kind).title == title


@pytest.mark.parametrize("kind", Kind)
def test_fixes_are_in_the_words_of_the_product(kind: IdentityProvider.Kind) -> None:
    entry = LogEntry(status=404, target="/Groups", detail="Groups are not supported here.")
    assert explain(entry, kind).fix == GUIDES[kind].groups_off
    taken = LogEntry(status=409, scim_type="uniqueness", target="/Users", detail="The userName is taken.")
    assert ("Entra ID" in explain(taken, kind).fix) == (kind == Kind.ENTRA)


@pytest.mark.parametrize(
    ("attribute", "value", "title", "advice"),
    [
        ("active", "perhaps", "A value is neither true nor false", "IsSoftDeleted"),
        (f"{PEAKON_USER}:Start Date", "in May", "A value is not a date", "FormatDateTime"),
        ("title", ["Chief", "Painter"], "A value has the wrong type", "mapping table"),
    ],
)
def test_each_type_has_a_fix_of_its_own(
    scim: ScimClient, attribute: str, value: object, title: str, advice: str
) -> None:
    path = f"/Users/{scim.create()['id']}"
    assert scim.patch(path, {"op": "replace", "path": attribute, "value": value}).status == 400
    told = explain(LogEntry.objects.latest("pk"), Kind.ENTRA)
    assert told.title == title
    assert advice in told.fix


def test_each_case_can_be_met() -> None:
    """A case behind one that covers more is never told of."""
    titles = [case.title for case in (*CONTENT, *ACCESS)]
    assert len(set(titles)) == len(titles)
    assert all(
        case.title and case.cause.endswith(".") and case.fix.endswith(".") for case in (*CONTENT, *ACCESS)
    )


@override_settings(SCIM_RATE_LIMIT=0)
def test_an_operation_of_a_bulk_request(scim: ScimClient) -> None:
    scim.create("ada@example.com")
    operation = {"method": "POST", "path": "/Users", "bulkId": "1", "data": ADA}
    waiting = {
        "method": "POST", "path": "/Users", "bulkId": "2",
        "data": {"schemas": [USER, ENTERPRISE], "userName": "b@example.com",
                 ENTERPRISE: {"manager": {"value": "bulkId:1"}}},
    }  # fmt: skip
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    assert scim.post("/Bulk", {"schemas": schemas, "Operations": [operation, waiting]}).status == 200
    latest = LogEntry.objects.filter(outcome="refused").order_by("pk")
    titles = [explain(entry, Kind.OTHER).title for entry in latest]
    assert titles == ["The user name belongs to somebody else", "What it depends on had failed"]
