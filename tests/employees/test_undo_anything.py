"""Whatever is done to a company, undoing it brings back exactly the state before."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees import attribute_services, services, undo
from employees.models import Attribute, Employee
from tests.employees.people import ENTRA, OKTA
from tests.employees.undoing import differences, mark, since, state, undone

pytestmark = pytest.mark.django_db

NAMES = ["ada@example.com", "Bob@example.com", "cy", "dora@example.com", "7", "eli@example.com"]
NUMBERS = ["7", "8", ""]
texts = st.sampled_from([*NAMES, *NUMBERS, "x-7", "late@example.com"])
Write = tuple[str, int, dict[str, Any]]


def address(value: str, **more: Any) -> list[dict[str, Any]]:
    return [{"value": value, **more}]


emails = st.sampled_from(
    [
        [],
        address("home@example.com", type="home"),
        *(address(name, type="work", primary=True) for name in ("ada@example.com", "eli@example.com")),
    ]
)
user_names = st.fixed_dictionaries({"user_name": st.sampled_from(NAMES)})
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "employee_number": st.sampled_from(NUMBERS),
    "emails": emails,
    "active": st.sampled_from([True, False, None]),
    "title": st.sampled_from(["", "Clerk", "Lead"]),
    "phone_numbers": st.sampled_from([[], address("1"), address("2", type="mobile")]),
    "external_id:idp1": st.sampled_from(["", "x-7", "x-8"]),
    "external_id:idp2": st.sampled_from(["", "x-7"]),
    "manager": texts,
    "attribute_mentor": texts.map(lambda text: {"value": text}),
    "attribute_level": st.sampled_from(["", 1, 2.5]),
}
named = st.builds(dict.__or__, user_names, st.fixed_dictionaries({}, optional=FACTS))
someone = st.integers(0, 7)
writes: st.SearchStrategy[Write] = st.one_of(
    st.tuples(st.just("update"), someone, st.fixed_dictionaries({}, optional=FACTS)),
    st.tuples(st.just("update"), someone, user_names),
    st.tuples(st.sampled_from(["create", "update"]), someone, named),
    st.tuples(st.sampled_from(["delete", "restore"]), someone, st.just({})),
)
histories = st.lists(st.tuples(st.sampled_from([ENTRA, OKTA]), writes), max_size=14)


def write(actor: Any, verb: str, number: int, facts: dict[str, Any]) -> None:
    """One write in a transaction of its own; nobody to do it to, or a name that is taken: nothing happens."""
    if verb == "create":
        attempt(lambda: services.create_employee(facts, actor=actor))
    everybody = list(Employee.objects.order_by("pk"))
    if verb == "create" or not everybody:
        return
    person = everybody[number % len(everybody)]
    if verb == "restore" and person.deleted_at:
        attempt(lambda: services.restore_employee(person, actor=actor))
    if verb != "restore" and not person.deleted_at:
        locked = services.lock(person.uuid)
        if verb == "delete":
            services.delete_employee(locked, actor=actor)
        else:
            attempt(lambda: services.update_employee(locked, facts, actor=actor))


def attempt(write: Callable[[], object]) -> None:
    # Which histories are tried is left to chance: a name that is taken is one of them, and changes nothing.
    with suppress(services.UserNameTaken), transaction.atomic():
        write()


@pytest.fixture
def _attributes() -> None:
    attribute_services.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    attribute_services.add_attribute("Level", Attribute.Type.DECIMAL)


def done(history: Any) -> None:
    for actor, (verb, number, facts) in history:
        write(actor, verb, number, facts)


@pytest.mark.usefixtures("_attributes")
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(past=histories, cycle=histories)
def test_undoing_brings_back_the_state_before(past: Any, cycle: Any) -> None:
    with transaction.atomic():
        done(past)
        before, start = state(), mark()
        done(cycle)
        middle, end = state(), mark()
        scope = since(start)
        assert [step.left for step in undo.plan(scope).steps if step.left] == []
        undone(scope)
        assert differences(before, state()) == []
        assert undo.plan(scope).done.written == 0
        undone(since(end))
        assert differences(middle, state()) == []
        transaction.set_rollback(True)
