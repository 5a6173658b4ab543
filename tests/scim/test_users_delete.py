"""DELETE /Users/{id}: gone for every client, the user name free at once, the record kept."""

from employees.models import Change, Employee
from employees.services import restore_employee
from tests.scim.conftest import ENTERPRISE, OPERATOR, ScimClient


def test_it_works(scim: ScimClient) -> None:
    path = f"/Users/{scim.create()['id']}"
    answer = scim.delete(path)
    assert (answer.status, answer.body) == (204, None)
    assert scim.get(path).error == (404, None)
    assert scim.delete(path).error == (404, None)
    assert scim.patch(path, {"op": "replace", "path": "active", "value": True}).error == (404, None)
    assert scim.put(path, {"userName": "ada@example.com"}).error == (404, None)
    assert scim.find('userName eq "ada@example.com"') == []


def test_the_user_name_is_free_and_the_record_kept(scim: ScimClient) -> None:
    first = scim.create(externalId="1")
    scim.delete(f"/Users/{first['id']}")
    second = scim.create(externalId="1")
    assert second["id"] != first["id"]
    assert scim.find('externalId eq "1"') == ["ada@example.com"]
    assert Employee.objects.count() == 2
    actions = list(Change.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["created", "deleted", "created"]


def test_reports_stay_and_are_bound_again_when_their_manager_returns(scim: ScimClient) -> None:
    boss = scim.create("boss@example.com")
    report = scim.create(**{ENTERPRISE: {"manager": {"value": boss["id"]}}})
    scim.delete(f"/Users/{boss['id']}")
    waiting = scim.get(f"/Users/{report['id']}").body
    assert waiting[ENTERPRISE]["manager"] == {"value": "boss@example.com"}
    restore_employee(Employee.objects.get(uuid=boss["id"]), actor=OPERATOR)
    bound = scim.get(f"/Users/{report['id']}").body
    assert bound[ENTERPRISE]["manager"]["value"] == boss["id"]
    assert scim.get(f"/Users/{boss['id']}").status == 200
