"""Each write: what it stores, what it records, and that nothing changed writes nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees import facts, services
from employees.models import Change, Employee, SearchKey
from tests.employees.people import ENTRA, OKTA, change, delete, hire, now, restore

pytestmark = pytest.mark.django_db

Action = Change.Action

FULL: dict[str, Any] = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "display_name": "Ada Lovelace",
    "employee_number": "007",
    "active": True,
    "title": "Countess",
    "department": "Analysis",
    "phone_numbers": [{"value": "+44 1", "type": "mobile"}, {"value": "+44 2", "type": "work"}],
    "external_id:idp1": "A-1",
}


def test_create_keeps_every_fact_as_it_came() -> None:
    employee = now(hire(**FULL))
    assert {fact: facts.read(employee, fact) for fact in FULL} == FULL
    assert employee.version == 1
    assert employee.created_at == employee.updated_at == employee.active_since
    assert {fact: setter[0] for fact, setter in employee.set_by.items()} == dict.fromkeys(
        {"user_name", *FULL}, "idp1"
    )


def test_create_writes_nothing_for_facts_without_a_value() -> None:
    employee = now(hire(given_name="", title=None, phone_numbers=[], manager=None))
    assert employee.profile == {}
    assert set(employee.set_by) == {"user_name"}
    assert Change.objects.get().after == {"user_name": "ada@example.com"}


def test_update_writes_the_facts_that_differ_and_records_them() -> None:
    employee = hire(**FULL)
    written = change(employee, actor=OKTA, title="Programmer", department="Analysis", nick_name="Ada")
    assert written is not None
    assert (written.action, written.actor_name) == (Action.UPDATED, "Okta")
    assert written.before == {"title": "Countess", "nick_name": ""}
    assert written.after == {"title": "Programmer", "nick_name": "Ada"}
    after = now(employee)
    assert after.version == 2
    assert after.updated_at == written.at
    assert (after.set_by["title"][0], after.set_by["department"][0]) == ("idp2", "idp1")


@pytest.mark.parametrize("nothing", ["", None])
def test_a_text_is_cleared_by_nothing(nothing: str | None) -> None:
    employee = hire(**FULL)
    cleared: dict[str, Any] = {"given_name": nothing, "title": nothing, "external_id:idp1": nothing}
    change(employee, phone_numbers=[], **cleared)
    after = now(employee)
    assert (after.given_name, after.given_name_key, after.profile) == ("", "", {"department": "Analysis"})
    assert after.external_ids == {}
    assert after.set_by.keys() == FULL.keys() - {
        "given_name",
        "title",
        "phone_numbers",
        "external_id:idp1",
    } | {"user_name"}
    assert set(SearchKey.objects.values_list("name", flat=True)) == {"emails", "department"}


def test_nothing_changed_writes_nothing() -> None:
    employee = hire(**FULL)
    before = Employee.objects.values().get()
    locked = services.lock(employee.uuid)
    same = {
        **FULL,
        "user_name": "ada@example.com",
        "nick_name": "",
        "manager": None,
        "emails": facts.emails(locked),
    }
    with CaptureQueriesContext(connection) as queries:
        assert services.update_employee(locked, same, actor=OKTA) is None
    assert [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]] == []
    assert Employee.objects.values().get() == before
    assert Change.objects.count() == 1


def test_update_leaves_columns_it_does_not_mention() -> None:
    employee = hire(**FULL)
    locked = services.lock(employee.uuid)
    Employee.objects.update(display_name="Set meanwhile")
    services.update_employee(locked, {"title": "Programmer"}, actor=ENTRA)
    assert now(employee).display_name == "Set meanwhile"


def test_delete_hides_and_restore_brings_back_as_before() -> None:
    employee = now(hire(**FULL))
    deletion = delete(employee)
    assert (deletion.action, now(employee).deleted_at) == (Action.DELETED, deletion.at)
    assert not Employee.objects.present().exists()
    with pytest.raises(Employee.DoesNotExist):
        services.lock(employee.uuid)
    restoration = restore(employee)
    back = services.lock(employee.uuid)
    assert restoration.action == Action.RESTORED
    assert {fact: facts.read(back, fact) for fact in FULL} == FULL
    assert back.version == 3


def test_only_the_deleted_can_be_restored() -> None:
    with pytest.raises(services.AlreadyPresent):
        restore(hire())


@pytest.mark.parametrize(
    ("before", "facts_", "action"),
    [
        (True, {"active": False}, Action.DEACTIVATED),
        (False, {"active": True}, Action.REACTIVATED),
        (True, {"active": False, "title": "Countess"}, Action.DEACTIVATED),
        (False, {"active": None}, Action.UPDATED),
        (True, {"title": "Countess"}, Action.UPDATED),
    ],
)
def test_the_action_names_what_happened(before: bool, facts_: dict[str, Any], action: Change.Action) -> None:
    written = change(hire(active=before), **facts_)
    assert written is not None
    assert written.action == action


@pytest.mark.parametrize("fact", ["user_name", "employee_number", "manager"])
def test_what_does_not_fit_an_index_is_refused(fact: str) -> None:
    employee = hire()
    with pytest.raises(services.InvalidFact) as refusal:
        change(employee, **{fact: "x" * 1001})
    assert (refusal.value.fact, refusal.value.detail) == (fact, "must not be longer than 1000 bytes")
    with pytest.raises(services.InvalidFact):
        services.create_employee({"user_name": "b@example.com", fact: "é" * 501}, actor=ENTRA)
    assert Employee.objects.count() == Change.objects.count() == 1


@pytest.mark.parametrize("blank", ["", " ", None])
def test_a_user_name_is_needed(blank: str | None) -> None:
    employee = hire()
    with pytest.raises(services.InvalidFact, match="user_name"):
        change(employee, user_name=blank)
    assert now(employee).user_name == "ada@example.com"


def test_long_values_of_lists_are_kept_and_found() -> None:
    address = "a" * 4988 + "@example.com"
    employee = now(hire(emails=[{"value": address, "type": "work"}]))
    assert employee.profile["emails"] == [{"value": address, "type": "work"}]
    assert employee.work_email == ""
    assert SearchKey.objects.get().raw["value"] == address


def test_search_keys_follow_their_lists() -> None:
    employee = hire(**FULL)

    def keys() -> set[tuple[str, int, str]]:
        return set(SearchKey.objects.values_list("name", "position", "key"))

    mail, external = ("emails", 0, "ada@example.com"), ("external_id:idp1", 0, "a-1")
    phones = {("phone_numbers", 0, "+44 1"), ("phone_numbers", 1, "+44 2")}
    assert keys() == {mail, external, *phones, ("department", 0, "analysis")}
    change(employee, phone_numbers=[{"value": "+44 3"}], user_name="Countess@example.com", department="")
    assert keys() == {("emails", 0, "countess@example.com"), external, ("phone_numbers", 0, "+44 3")}
    change(employee, emails=[{"value": "x@example.com"}], **{"external_id:idp2": "B-2"})
    assert keys() == {
        ("emails", 0, "x@example.com"),
        external,
        ("external_id:idp2", 0, "b-2"),
        ("phone_numbers", 0, "+44 3"),
    }


def test_a_failed_write_leaves_nothing() -> None:
    hire("taken@example.com")
    employee = hire()
    with pytest.raises(services.UserNameTaken):
        change(employee, active=False, title="Countess", user_name="TAKEN@example.com")
    after = now(employee)
    assert (after.version, after.active, after.profile) == (1, True, {})
    assert not after.participation_periods.exists()
    assert Change.objects.count() == 2
