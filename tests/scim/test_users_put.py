"""PUT /Users/{id}: replaces what is carried, clears what this provider had set, leaves the rest alone."""

from uuid import UUID

from employees.audit import Actor
from employees.models import Change
from employees.services import lock, update_employee
from tests.scim.conftest import ENTERPRISE, ScimClient


def test_it_works(scim: ScimClient) -> None:
    created = scim.create(title="Old", nickName="Nick")
    answer = scim.put(f"/Users/{created['id']}", {"userName": "ada@example.com", "title": "New"})
    assert answer.status == 200
    assert answer.body["title"] == "New"
    assert "nickName" not in answer.body
    assert answer.body["meta"]["version"] == 'W/"2"'
    assert scim.get(f"/Users/{created['id']}").body == answer.body


def test_what_others_had_set_stays(scim: ScimClient, other: ScimClient) -> None:
    created = scim.create(title="From the first", name={"givenName": "Ada"})
    path = f"/Users/{created['id']}"
    other.patch(path, {"op": "add", "value": {"nickName": "From the second", "name": {"familyName": "L"}}})
    administrator = Actor("administrator", "user1", "admin@example.com")
    update_employee(lock(UUID(created["id"])), {"locale": "en"}, actor=administrator)
    body = scim.put(path, {"userName": "ada@example.com"}).body
    assert "title" not in body
    assert body["name"] == {"familyName": "L"}
    assert (body["nickName"], body["locale"]) == ("From the second", "en")


def test_a_value_that_is_carried_replaces_whoever_set_it(scim: ScimClient, other: ScimClient) -> None:
    path = f"/Users/{scim.create(title='First')['id']}"
    assert other.put(path, {"userName": "ada@example.com", "title": "Second"}).body["title"] == "Second"
    assert scim.put(path, {"userName": "ada@example.com"}).body["title"] == "Second"


def test_without_user_name_and_active_they_stay(scim: ScimClient) -> None:
    created = scim.create(active=False)
    body = scim.put(f"/Users/{created['id']}", {"title": "T"}).body
    assert (body["userName"], body["active"], body["title"]) == ("ada@example.com", False, "T")


def test_null_clears_and_the_user_name_cannot_be_cleared(scim: ScimClient) -> None:
    created = scim.create(title="T", name={"givenName": "Ada"})
    path = f"/Users/{created['id']}"
    body = scim.put(path, {"userName": "ada@example.com", "title": None, "name": {"givenName": ""}}).body
    assert not {"title", "name"} & body.keys()
    assert scim.put(path, {"userName": None}).error == (400, "invalidValue")


def test_what_was_got_can_be_put_back_and_writes_nothing(scim: ScimClient) -> None:
    created = scim.create(
        title="T",
        externalId="e",
        emails=[{"value": "a@example.com", "type": "home"}],
        **{ENTERPRISE: {"department": "D", "manager": {"value": "boss@example.com"}}},
    )
    answer = scim.put(f"/Users/{created['id']}", {**created, "groups": []})
    assert answer.body == created
    assert Change.objects.count() == 1


def test_somebody_elses_user_name(scim: ScimClient) -> None:
    scim.create("bob@example.com")
    created = scim.create()
    answer = scim.put(f"/Users/{created['id']}", {"userName": "BOB@example.com", "title": "T"})
    assert answer.error == (409, "uniqueness")
    assert scim.get(f"/Users/{created['id']}").body == created


def test_nobody_is_created(scim: ScimClient) -> None:
    path = "/Users/00000000-0000-4000-8000-000000000000"
    assert scim.put(path, {"userName": "ada@example.com"}).error == (404, None)
    assert scim.get("/Users").body["totalResults"] == 0
