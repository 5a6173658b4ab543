"""PATCH /Users/{id} against the database; the operations themselves are tested in tests/protocol."""

from typing import Any

import pytest

from employees.models import Change, Employee, ParticipationPeriod
from tests.scim.conftest import ENTERPRISE, ScimClient


def test_it_works(scim: ScimClient) -> None:
    created = scim.create(title="Old")
    answer = scim.patch(f"/Users/{created['id']}", {"op": "replace", "path": "title", "value": "New"})
    assert answer.status == 200
    assert answer.body["title"] == "New"
    assert answer.headers["ETag"] == answer.body["meta"]["version"] == 'W/"2"'
    assert answer.body["meta"]["lastModified"] > created["meta"]["lastModified"]
    change = Change.objects.first()
    assert change is not None
    assert (change.action, change.before, change.after) == ("updated", {"title": "Old"}, {"title": "New"})
    assert change.actor_name == "Directory"


@pytest.mark.parametrize("value", [False, "False", "false"])
@pytest.mark.parametrize("operation", [{"op": "Replace", "path": "active"}, {"op": "replace"}])
def test_deactivate_and_reactivate(scim: ScimClient, operation: dict[str, Any], value: Any) -> None:
    path = f"/Users/{scim.create()['id']}"
    named = "path" in operation
    body = scim.patch(path, {**operation, "value": value if named else {"active": value}}).body
    assert body["active"] is False
    assert scim.find("active eq false") == ["ada@example.com"]
    employee = Employee.objects.get()
    assert employee.active_since is None
    assert ParticipationPeriod.objects.get().reason == "deactivated"
    assert (
        scim.patch(path, {**operation, "value": True if named else {"active": True}}).body["active"] is True
    )
    assert Employee.objects.get().active_since is not None
    actions = list(Change.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["created", "deactivated", "reactivated"]


def test_nothing_changed_nothing_written(scim: ScimClient) -> None:
    created = scim.create(title="Same")
    answer = scim.patch(
        f"/Users/{created['id']}",
        {"op": "replace", "path": "title", "value": "Same"},
        {"op": "add", "path": "userName", "value": "ada@example.com"},
        {"op": "remove", "path": "nickName"},
    )
    assert answer.body == created
    assert Change.objects.count() == 1


def test_all_or_nothing(scim: ScimClient) -> None:
    created = scim.create(title="Old")
    path = f"/Users/{created['id']}"
    first = {"op": "replace", "path": "title", "value": "New"}
    assert scim.patch(path, first, {"op": "replace", "path": "active", "value": "x"}).error == (
        400,
        "invalidValue",
    )
    assert scim.patch(path, first, {"op": "remove", "path": "userName"}).error == (400, "mutability")
    assert scim.patch(path, first, {"op": "replace", "path": "id", "value": "x"}).error == (400, "mutability")
    assert scim.patch(path, first, {"op": "remove"}).error == (400, "noTarget")
    assert scim.patch(path, first, {"op": "merge", "path": "title"}).error == (400, "invalidSyntax")
    assert scim.patch(path, first, {"op": "add", "path": "emails[", "value": "x"}).error == (
        400,
        "invalidPath",
    )
    scim.create("bob")
    assert scim.patch(path, first, {"op": "add", "path": "userName", "value": "BOB"}).error == (
        409,
        "uniqueness",
    )
    assert scim.get(path).body == created


def test_lists_are_found_by_what_they_hold_now(scim: ScimClient) -> None:
    path = f"/Users/{scim.create()['id']}"
    work = 'emails[type eq "work"].value'
    scim.patch(path, {"op": "Add", "path": work, "value": "new@example.com"})
    assert scim.find(f'{work} eq "NEW@example.com"') == ["ada@example.com"]
    assert scim.find(f'{work} eq "ada@example.com"') == []
    scim.patch(path, {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "1"})
    assert scim.find('phoneNumbers[type eq "mobile" and value eq "1"]') == ["ada@example.com"]
    scim.patch(path, {"op": "remove", "path": "phoneNumbers"})
    assert scim.find("phoneNumbers pr") == []


def test_emails_follow_the_user_name_until_they_are_stated(scim: ScimClient) -> None:
    path = f"/Users/{scim.create('old@example.com')['id']}"
    body = scim.patch(path, {"op": "replace", "path": "userName", "value": "new@example.com"}).body
    assert body["emails"] == [{"value": "new@example.com", "type": "work", "primary": True}]
    assert scim.find('emails.value eq "new@example.com"') == ["new@example.com"]
    scim.patch(path, {"op": "replace", "path": "emails", "value": [{"value": "own@example.com"}]})
    body = scim.patch(path, {"op": "replace", "path": "userName", "value": "third@example.com"}).body
    assert body["emails"] == [{"value": "own@example.com"}]
    assert "emails" not in scim.patch(path, {"op": "remove", "path": "emails"}).body


MANAGER = f"{ENTERPRISE}:manager"


@pytest.mark.parametrize(
    "form", [lambda v: v, lambda v: {"value": v}, lambda v: [{"$ref": None, "value": v}]]
)
@pytest.mark.parametrize("by", ["id", "userName", "employeeNumber", "email", "externalId"])
def test_a_manager_in_every_form_by_every_identifier(scim: ScimClient, form: Any, by: str) -> None:
    email = [{"value": "boss.mail@example.com", "type": "work"}]
    boss = scim.create(
        "boss",
        externalId="ext-9",
        emails=email,
        displayName="The Boss",
        **{ENTERPRISE: {"employeeNumber": "9"}},
    )
    reference = {"employeeNumber": "9", "email": "BOSS.mail@example.com", **boss}[by]
    path = f"/Users/{scim.create()['id']}"
    body = scim.patch(path, {"op": "Add", "path": MANAGER, "value": form(reference)}).body
    location = f"http://testserver/scim/v2/Users/{boss['id']}"
    expected = {"value": boss["id"], "$ref": location, "displayName": "The Boss"}
    assert body[ENTERPRISE]["manager"] == expected
    assert scim.find(f'{MANAGER}.value eq "{boss["id"]}"') == ["ada@example.com"]
    assert scim.find(f'{MANAGER}.displayName eq "the boss"') == ["ada@example.com"]
    assert ENTERPRISE not in scim.patch(path, {"op": "Remove", "path": MANAGER}).body


def test_a_manager_who_arrives_later(scim: ScimClient) -> None:
    report = scim.create(**{ENTERPRISE: {"manager": "Boss@Example.com"}})
    path = f"/Users/{report['id']}"
    assert report[ENTERPRISE]["manager"] == {"value": "Boss@Example.com"}
    boss = scim.create("boss@example.com")
    assert scim.get(path).body[ENTERPRISE]["manager"]["value"] == boss["id"]
    assert scim.get(path).body["meta"]["version"] == 'W/"2"'


def test_an_external_id_refers_within_its_own_provider(scim: ScimClient, other: ScimClient) -> None:
    boss = scim.create("boss", externalId="x")
    assert other.create(**{ENTERPRISE: {"manager": "x"}})[ENTERPRISE]["manager"] == {"value": "x"}
    assert scim.create("bob", **{ENTERPRISE: {"manager": "x"}})[ENTERPRISE]["manager"]["value"] == boss["id"]


def test_without_active_nobody_takes_part(scim: ScimClient) -> None:
    path = f"/Users/{scim.create()['id']}"
    assert "active" not in scim.patch(path, {"op": "remove", "path": "active"}).body
    assert Employee.objects.get().active_since is None
    assert scim.find("active pr") == scim.find("active eq true") == scim.find("active eq false") == []
    assert scim.find("not (active eq true)") == ["ada@example.com"]
    assert scim.patch(path, {"op": "add", "path": "active", "value": True}).body["active"] is True
    assert Employee.objects.get().active_since is not None


def test_unknown_attributes_do_not_fail_a_patch(scim: ScimClient) -> None:
    path = f"/Users/{scim.create()['id']}"
    body = scim.patch(
        path,
        {"op": "add", "path": "favouriteColour", "value": "green"},
        {"op": "add", "value": {"shoeSize": 42, "title": "T"}},
    ).body
    assert body["title"] == "T"
    assert not {"favouriteColour", "shoeSize"} & body.keys()
