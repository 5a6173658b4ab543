"""References to managers: what they may be, how they wait, and how they bind again."""

from typing import Any

import pytest

from employees.models import Change, Employee
from employees.people import People
from tests.employees.people import change, delete, hire, now, restore

pytestmark = pytest.mark.django_db

BOSS: dict[str, Any] = {
    "user_name": "Grace@example.com",
    "employee_number": "N-1",
    "emails": [{"value": "g.hopper@example.com", "type": "work"}],
    "external_id:idp1": "EXT-1",
}
REFERENCES = ["grace@EXAMPLE.com", "n-1", "G.Hopper@example.com", "EXT-1"]


def managed_by(report: Employee) -> Employee | str | None:
    """The manager, or the reference that waits."""
    report = now(report)
    assert not (report.manager and report.manager_awaited)
    return report.manager or report.manager_awaited


def resolve(text: str) -> Employee | None:
    return People().resolve(text, "idp1")


@pytest.mark.parametrize("text", REFERENCES)
def test_resolves(text: str) -> None:
    boss = hire(**BOSS)
    assert resolve(text) == boss


def test_resolves_the_scim_id_in_any_case() -> None:
    boss = hire(**BOSS)
    assert resolve(str(boss.uuid)) == resolve(str(boss.uuid).upper()) == boss


@pytest.mark.parametrize("text", ["", " ", "ext-1", "nobody@example.com", "x" * 5000])
def test_resolves_to_nobody(text: str) -> None:
    hire(**BOSS)
    hire("without.number")
    assert resolve(text) is None


@pytest.mark.parametrize("provider", ["", "idp2"])
def test_external_ids_of_other_providers_do_not_count(provider: str) -> None:
    hire(**BOSS)
    assert People().resolve("EXT-1", provider) is None


def test_the_deleted_are_not_resolved() -> None:
    boss = hire(**BOSS)
    delete(boss)
    assert [resolve(text) for text in (*REFERENCES, str(boss.uuid))] == [None] * 5


def test_a_user_name_wins_over_the_number_and_address_of_others() -> None:
    boss = hire("7")
    hire("b@example.com", employee_number="7")
    hire("c@example.com", **{"external_id:idp1": "7"})
    assert resolve("7") == boss


@pytest.mark.parametrize("text", REFERENCES)
def test_waits_and_binds_on_arrival(text: str) -> None:
    report = hire("ada@example.com", manager=text)
    assert managed_by(report) == text
    hire("grace.other@example.com")
    boss = hire(**BOSS)
    assert managed_by(report) == boss
    binding = Change.objects.filter(employee=report).first()
    assert binding is not None
    assert (binding.before, binding.after) == ({"manager": text}, {"manager": str(boss.uuid)})
    assert now(report).version == 2


@pytest.mark.parametrize("fact", sorted(BOSS))
def test_binds_when_somebody_comes_to_be_called_so(fact: str) -> None:
    text = BOSS[fact][0]["value"] if fact == "emails" else BOSS[fact]
    report = hire("ada@example.com", manager=text)
    boss = hire("other@example.com")
    change(boss, **{fact: BOSS[fact]})
    assert managed_by(report) == boss


def test_who_is_here_is_bound_at_once() -> None:
    boss = hire(**BOSS)
    report = hire("ada@example.com", manager="n-1")
    assert managed_by(report) == boss
    assert now(report).version == 1
    other = hire("other@example.com")
    change(report, manager="OTHER@example.com")
    assert managed_by(report) == other


def test_what_is_ambiguous_waits_until_one_is_left() -> None:
    first, second, third = (hire(f"p{n}@example.com", employee_number="7") for n in range(3))
    report = hire("ada@example.com", manager="7")
    assert managed_by(report) == "7"
    change(second, employee_number="8")
    assert managed_by(report) == "7"
    delete(third)
    assert managed_by(report) == first


def test_deleting_a_manager_keeps_the_reports_until_they_return() -> None:
    boss, report, inactive = hire(**BOSS), hire(), hire("b@example.com", active=False)
    for person in (report, inactive):
        change(person, manager=boss)
    delete(boss)
    assert managed_by(report) == managed_by(inactive) == "Grace@example.com"
    assert now(report).active
    restore(boss)
    assert managed_by(report) == managed_by(inactive) == boss
    delete(boss)
    successor = hire("grace@example.com")
    assert managed_by(report) == successor


def test_a_manager_who_goes_while_being_named_is_waited_for() -> None:
    boss = hire(**BOSS)
    known = now(boss)
    delete(boss)
    created = hire("ada@example.com", manager=known)
    updated = hire("b@example.com")
    change(updated, manager=known)
    assert managed_by(created) == managed_by(updated) == "Grace@example.com"


def test_restore_makes_up_for_what_happened_to_the_manager_meanwhile() -> None:
    boss = hire(**BOSS)
    left = hire("left@example.com", manager=boss)
    waited = hire("waited@example.com", manager="late@example.com")
    delete(left)
    delete(waited)
    delete(boss)
    late = hire("late@example.com")
    restore(left)
    restore(waited)
    assert managed_by(left) == "Grace@example.com"
    assert managed_by(waited) == late


def test_loops_are_nobodys_trouble() -> None:
    first, second = (
        hire("a@example.com", manager="b@example.com"),
        hire("b@example.com", manager="a@example.com"),
    )
    assert (managed_by(first), managed_by(second)) == (second, first)
    delete(first)
    assert managed_by(second) == "a@example.com"
    delete(second)
    restore(first)
    restore(second)
    assert (managed_by(first), managed_by(second)) == (second, first)


def test_ones_own_manager() -> None:
    chief = hire("chief@example.com", manager="CHIEF@example.com")
    assert (managed_by(chief), chief.manager, chief.version) == (chief, chief, now(chief).version)
    delete(chief)
    restore(chief)
    assert managed_by(chief) == chief


def test_naming_another_manager_ends_the_wait() -> None:
    report, boss = hire(manager="late@example.com"), hire(**BOSS)
    change(report, manager=boss)
    hire("late@example.com")
    assert managed_by(report) == boss
    change(report, manager=None)
    assert managed_by(report) == ""
