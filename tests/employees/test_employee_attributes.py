"""References other than the manager: attributes whose value is an employee, who may not be here yet."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees import search_keys, services
from employees.models import Change, Employee, SearchKey
from tests.employees.people import ENTRA, OKTA, change, delete, hire, now, restore
from tests.employees.test_references import BOSS, REFERENCES

pytestmark = pytest.mark.django_db

BUDDY, MENTOR = "attribute_buddy", "attribute_mentor"
OTHER_ID = "5b0a4bd1-8bd9-4a7e-9c8e-3f6d1f6c2b11"


def to(reference: str | Employee, fact: str = BUDDY) -> dict[str, Any]:
    return {fact: {"value": str(reference.uuid) if isinstance(reference, Employee) else reference}}


def refers(employee: Employee, fact: str = BUDDY) -> Employee | str | None:
    """Whom a reference is bound to, or the text that waits; every copy of it must say the same."""
    employee = now(employee)
    reference = employee.profile.get(fact)
    entries = {
        entry.name: entry
        for entry in employee.search_keys.filter(name__in=(fact, search_keys.AWAITS, search_keys.REFERS))
        if entry.raw.get("fact", fact) == fact
    }
    if reference is None:
        assert entries == {}
        return None
    text = reference["value"]
    (kind,) = entries.keys() - {fact}
    assert (entries[fact].raw, entries[kind].raw) == (reference, reference | {"fact": fact})
    assert {entry.key for entry in entries.values()} == {text.lower()}
    assert entries[fact].folded == employee.profile_folded[fact] == {"value": text.lower()}
    return text if kind == search_keys.AWAITS else Employee.objects.present().get(uuid=text)


@pytest.mark.parametrize("text", REFERENCES)
def test_waits_and_binds_on_arrival(text: str) -> None:
    referrer = hire(**to(text))
    assert refers(referrer) == text
    hire("grace.other@example.com")
    assert now(referrer).version == 1
    boss = hire(**BOSS)
    assert refers(referrer) == boss
    binding = Change.objects.filter(employee=referrer).first()
    assert binding is not None
    assert (binding.before, binding.after) == ({BUDDY: text}, {BUDDY: str(boss.uuid)})
    assert (now(referrer).version, now(referrer).updated_at) == (2, binding.at)


@pytest.mark.parametrize("text", [*REFERENCES, "id"])
def test_who_is_here_is_bound_at_once(text: str) -> None:
    boss = hire(**BOSS)
    text = str(boss.uuid).upper() if text == "id" else text
    created, changed = hire(**to(text)), hire("b@example.com")
    change(changed, **to(text))
    assert refers(created) == refers(changed) == boss
    assert (now(created).version, now(changed).version) == (1, 2)
    assert [c.after.get(BUDDY) for c in Change.objects.all()[:2]] == [str(boss.uuid), None]
    assert Change.objects.get(employee=created).after[BUDDY] == str(boss.uuid)


def test_another_spelling_of_the_present_one_is_no_change() -> None:
    boss = hire(**BOSS)
    referrer = hire(**to(boss))
    for text in (*REFERENCES, str(boss.uuid), str(boss.uuid).upper()):
        assert change(referrer, **to(text)) is None
    assert change(referrer, **to("late@example.com")) is not None
    assert change(referrer, **to("late@example.com")) is None


def test_external_ids_of_other_providers_do_not_count() -> None:
    referrer = hire(actor=OKTA, **to("EXT-1"))
    hire(**BOSS)
    assert refers(referrer) == "EXT-1"


@pytest.mark.parametrize("fact", sorted(BOSS))
def test_binds_when_somebody_comes_to_be_called_so(fact: str) -> None:
    text = BOSS[fact][0]["value"] if fact == "emails" else BOSS[fact]
    referrer, boss = hire(**to(text)), hire("other@example.com")
    change(boss, **{fact: BOSS[fact]})
    assert refers(referrer) == boss


def test_an_external_id_may_look_like_a_scim_id() -> None:
    referrer = hire(**to(OTHER_ID))
    assert refers(referrer) == OTHER_ID
    boss = hire("boss@example.com", **{"external_id:idp1": OTHER_ID})
    assert refers(referrer) == boss
    delete(boss)
    assert refers(referrer) == "boss@example.com"


def test_what_is_ambiguous_waits_until_one_is_left() -> None:
    first, second, third = (hire(f"p{n}@example.com", employee_number="7") for n in range(3))
    referrer = hire(**to("7"))
    change(second, employee_number="8")
    assert refers(referrer) == "7"
    delete(third)
    assert refers(referrer) == first


def test_deletion_and_return() -> None:
    boss = hire(**BOSS)
    referrer = hire(manager=boss, **to(boss), **to(boss, MENTOR))
    delete(boss)
    assert (
        refers(referrer) == refers(referrer, MENTOR) == now(referrer).manager_awaited == "Grace@example.com"
    )
    restore(boss)
    assert refers(referrer) == refers(referrer, MENTOR) == now(referrer).manager == boss
    delete(boss)
    successor = hire("grace@example.com")
    assert refers(referrer) == refers(referrer, MENTOR) == now(referrer).manager == successor
    # One write for each of the three references in each of the four events.
    assert now(referrer).version == 13
    assert Change.objects.filter(employee=referrer).count() == 13


def test_an_id_of_someone_deleted_waits_for_their_return() -> None:
    boss = hire(**BOSS)
    delete(boss)
    referrer = hire(**to(boss))
    assert refers(referrer) == str(boss.uuid)
    restore(boss)
    assert refers(referrer) == boss


def test_restore_makes_up_for_what_happened_meanwhile() -> None:
    boss = hire(**BOSS)
    left, waited = hire("left@example.com", **to(boss)), hire("waited@example.com", **to("late@example.com"))
    for person in (left, waited, boss):
        delete(person)
    late = hire("late@example.com")
    restore(left)
    restore(waited)
    assert (refers(left), refers(waited)) == ("Grace@example.com", late)
    restore(boss)
    assert refers(left) == boss


def test_loops_and_oneself() -> None:
    first = hire("a@example.com", **to("b@example.com"))
    second = hire("b@example.com", **to("a@example.com"))
    itself = hire("c@example.com", manager="c@example.com", **to("C@example.com"))
    assert (refers(first), refers(second), refers(itself)) == (second, first, itself)
    assert (itself.version, itself.profile) == (now(itself).version, now(itself).profile)
    for person in (first, second, itself):
        delete(person)
    for person in (first, second, itself):
        restore(person)
    assert (refers(first), refers(second), refers(itself)) == (second, first, itself)


@pytest.mark.parametrize("nothing", [None, "", {"value": ""}])
def test_naming_nobody_or_another_ends_the_wait(nothing: Any) -> None:
    referrer, boss = hire(**to("late@example.com"), **to("late@example.com", MENTOR)), hire(**BOSS)
    change(referrer, **to("n-1"))
    change(referrer, **{MENTOR: nothing})
    hire("late@example.com")
    assert (refers(referrer), refers(referrer, MENTOR)) == (boss, None)


def test_another_write_leaves_the_entries_of_references() -> None:
    referrer = hire(**to("late@example.com"), **to("ada@example.com", MENTOR))
    change(referrer, attribute_site="Paris", department="Analysis")
    assert (refers(referrer), refers(referrer, MENTOR)) == ("late@example.com", referrer)


def test_what_does_not_fit_an_index_is_refused() -> None:
    with pytest.raises(services.InvalidFact) as refusal:
        hire(**to("x" * 1001))
    assert (refusal.value.fact, refusal.value.detail) == (BUDDY, "must not be longer than 1000 bytes")


def test_three_hundred_in_reverse_order_of_hierarchy() -> None:
    """Each refers to the next one by every kind of text in turn; a tree whose root comes last."""

    def called(number: int, kind: int) -> str:
        return (f"P{number}@Example.com", f"w{number}@example.com", f"n-{number}", f"X{number}")[kind % 4]

    for number in reversed(range(300)):
        above = {"manager": called(number // 8, number)} | to(called(number // 3, number + 1))
        mail = [{"value": called(number, 1), "type": "work"}]
        keys = {"employee_number": called(number, 2), "external_id:idp1": called(number, 3)}
        hire(called(number, 0), emails=mail, **keys, **above)
    people = {int(person.employee_number[2:]): person for person in Employee.objects.all()}
    managers = {number: person.manager for number, person in people.items()}
    assert managers == {number: people[number // 8] for number in people}
    uuids = {number: person.profile[BUDDY]["value"] for number, person in people.items()}
    assert uuids == {number: str(people[number // 3].uuid) for number in people}
    assert not SearchKey.objects.filter(name=search_keys.AWAITS).exists()


def test_many_who_wait_for_one_cost_no_query_each() -> None:
    for number in range(30):
        hire(f"p{number}@example.com", manager="n-1", **to("grace@example.com"))
    with CaptureQueriesContext(connection) as arrival:
        boss = hire(**BOSS)
    with CaptureQueriesContext(connection) as departure:
        delete(boss)
    assert len(arrival) < 20
    assert len(departure) < 25


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("Straße", "strasse"),
        (True, "true"),
        (False, "false"),
        (50000, "50000"),
        (0, "0"),
        (1.5, "1.5"),
        ("x" * 2000, "sha256:"),
    ],
)
def test_single_values_of_attributes_are_indexed(value: Any, key: str) -> None:
    employee = services.create_employee(
        {"user_name": "ada", "attribute_a": value, "department": "D", "title": "T"}, actor=ENTRA
    )

    def entries() -> dict[str, tuple[str, Any]]:
        return {entry.name: (entry.key[: len(key)], entry.raw) for entry in SearchKey.objects.all()}

    department = {"department": ("d", {"value": "D"})}
    assert entries() == {"attribute_a": (key, {"value": value})} | department
    change(employee, attribute_a="other", title="U")
    assert entries()["attribute_a"][1] == {"value": "other"}
    change(employee, attribute_a=None)
    assert entries() == department
