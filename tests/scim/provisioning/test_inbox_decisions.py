"""What becomes of an unknown name: created, given to an attribute, dismissed; and the guesses about it."""

from typing import Any

import pytest

from employees import attribute_services, facts, services
from employees.attribute_services import NameTaken, add_attribute, find_attribute, switch_attribute
from employees.attributes import Attribute
from employees.models import Change, Employee
from scim.provisioning.inbox_decisions import alias_to, create_attribute, dismiss, fill, recall
from scim.provisioning.inbox_guesses import guess_type, suggestion
from scim.provisioning.models import ProvisioningEvent, UnknownAttribute, UnknownValue
from tests.scim.conftest import ScimClient
from tests.scim.provisioning.helpers import ACTOR

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
T = Attribute.Type


def send(scim: ScimClient, user_name: str, **members: Any) -> Employee:
    """A new employee, with members of the Peakon extension."""
    return Employee.objects.get(uuid=scim.create(f"{user_name}@example.com", **{PEAKON: members})["id"])


def unknown() -> UnknownAttribute:
    return UnknownAttribute.objects.get()


def known(name: str) -> Attribute:
    """A standard attribute, active."""
    attribute = find_attribute(name)
    assert attribute
    switch_attribute(attribute, active=True)
    return attribute


def value(employee: Employee, attribute: Attribute) -> Any:
    return facts.read(Employee.objects.get(pk=employee.pk), attribute.fact)


def test_create_fills_in_and_says_who_sent_it(scim: ScimClient, other: ScimClient) -> None:
    ada, bob = send(scim, "ada", Size="7"), send(other, "bob", Size=8.0)
    send(scim, "cy", Size="large")
    filled = create_attribute(unknown(), T.NUMBER, actor=ACTOR)
    assert (filled.people, filled.refused, filled.unfinished) == (2, 1, False)
    assert (value(ada, filled.attribute), value(bob, filled.attribute)) == (7, 8)
    fact = filled.attribute.fact
    setters = [Employee.objects.get(pk=person.pk).set_by[fact][0] for person in (ada, bob)]
    assert setters == [scim.provider_key, other.provider_key]
    change = Change.objects.filter(employee=bob).first()
    assert change
    assert (change.actor_name, change.before, change.after) == ("Second directory", {fact: ""}, {fact: 8})
    assert list(UnknownValue.objects.values_list("unknown__name", "value")) == [("Size", "large")]
    event = ProvisioningEvent.objects.latest("pk")
    assert (event.action, event.actor_name, event.details) == ("name created", ACTOR.name, "Size, Number")


def test_a_created_attribute_is_used_by_the_next_request(scim: ScimClient) -> None:
    ada = send(scim, "ada", **{"Shirt Size": "M"})
    create_attribute(unknown(), T.OPTION, actor=ACTOR)
    assert scim.get(f"/Users/{ada.uuid}").body[PEAKON] == {"Shirt Size": "M"}
    assert scim.find(f'{PEAKON}:Shirt Size eq "m"') == ["ada@example.com"]
    scim.patch(f"/Users/{ada.uuid}", {"op": "add", "path": f"{PEAKON}:Shirt Size", "value": "L"})
    assert scim.get(f"/Users/{ada.uuid}").body[PEAKON] == {"Shirt Size": "L"}
    assert not UnknownAttribute.objects.exists()


def test_alias_gives_the_name_and_the_values_to_an_attribute(scim: ScimClient) -> None:
    location = known("Location")
    ada = send(scim, "ada", Site="Berlin")
    assert alias_to(unknown(), location, actor=ACTOR).people == 1
    assert value(ada, location) == "Berlin"
    scim.patch(f"/Users/{ada.uuid}", {"op": "replace", "value": {f"{PEAKON}:site": "Oslo"}})
    assert value(ada, location) == "Oslo"
    assert not UnknownAttribute.objects.exists()


def test_the_later_word_wins(scim: ScimClient, other: ScimClient) -> None:
    location = known("Location")
    ada, bob = send(scim, "ada", Site="Berlin"), send(scim, "bob", Site="Berlin")
    scim.patch(f"/Users/{ada.uuid}", {"op": "add", "path": f"{PEAKON}:Location", "value": "Oslo"})
    other.patch(f"/Users/{bob.uuid}", {"op": "add", "path": f"{PEAKON}:Site", "value": "Rome"})
    filled = alias_to(unknown(), location, actor=ACTOR)
    assert [value(ada, location), value(bob, location)] == ["Oslo", "Rome"]
    assert (filled.people, UnknownAttribute.objects.exists()) == (2, False)


def test_references_bind(scim: ScimClient) -> None:
    boss = send(scim, "boss")
    ada = send(scim, "ada", Superior={"value": "BOSS@example.com"})
    manager = known("Manager")
    alias_to(unknown(), manager, actor=ACTOR)
    assert Employee.objects.get(pk=ada.pk).manager == boss


def test_those_who_left_are_passed_over(scim: ScimClient) -> None:
    ada = send(scim, "ada", Size=1)
    services.delete_employee(services.lock(ada.uuid), actor=ACTOR)
    filled = create_attribute(unknown(), T.NUMBER, actor=ACTOR)
    assert (filled.people, filled.refused) == (0, 0)
    assert value(ada, filled.attribute) == ""


def test_what_is_left_is_filled_in_later(scim: ScimClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim.provisioning.inbox_decisions.CHUNK", 2)
    people = [send(scim, name, Size=1) for name in "abc"]
    size = add_attribute("Size", T.NUMBER)
    filled = fill(unknown(), size, patience=0)
    assert (filled.people, filled.unfinished) == (2, True)
    assert alias_to(unknown(), size, actor=ACTOR).people == 1
    assert [value(person, size) for person in people] == [1, 1, 1]
    assert not UnknownAttribute.objects.exists()


def test_a_name_that_was_taken_meanwhile(scim: ScimClient) -> None:
    ada = send(scim, "ada", Size=1)
    size, other = add_attribute("size", T.NUMBER), add_attribute("Other", T.NUMBER)
    with pytest.raises(NameTaken):
        create_attribute(unknown(), T.NUMBER, actor=ACTOR)
    with pytest.raises(NameTaken):
        alias_to(unknown(), other, actor=ACTOR)
    assert value(ada, size) == ""
    assert alias_to(unknown(), size, actor=ACTOR).people == 1


def test_a_dismissed_name_keeps_no_values(scim: ScimClient) -> None:
    ada = send(scim, "ada", Size=1)
    for _ in range(2):
        dismiss(unknown(), actor=ACTOR)
    scim.put(f"/Users/{ada.uuid}", {"userName": "ada", PEAKON: {"size": 2}})
    assert not UnknownValue.objects.exists()
    recall(unknown(), actor=ACTOR)
    scim.put(f"/Users/{ada.uuid}", {"userName": "ada", PEAKON: {"size": 2}})
    assert UnknownValue.objects.get().value == 2
    actions = ProvisioningEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["name dismissed", "name recalled"]


def test_values_too_long_to_keep_are_left(scim: ScimClient) -> None:
    send(scim, "ada", Essay="e" * 20_000)
    filled = create_attribute(unknown(), T.TEXT, actor=ACTOR)
    assert (filled.people, filled.refused) == (0, 1)


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([], T.OPTION),
        (["M", "L"], T.OPTION),
        (["M", "x" * 101], T.TEXT),
        (["one\ntwo"], T.TEXT),
        ([True, "False"], T.BOOLEAN),
        ([1, "50000", 50000.0], T.NUMBER),
        (["0", 0], T.NUMBER),
        (["0042", "1234"], T.OPTION),
        ([1, "1.5"], T.DECIMAL),
        (["2024-01-31", "2024-01-31T00:00:00Z"], T.DATE),
        (["2024-01-31", "2024-01-31T09:30:00Z"], T.DATETIME),
        (["2024-01-31", "soon"], T.OPTION),
        ([["7"], {"value": 7}], T.NUMBER),
        ([True, 1], T.OPTION),
    ],
)
def test_guesses_of_a_type(values: list[Any], type_: Attribute.Type) -> None:
    assert guess_type(values) is type_


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Job-Title", "Job Title"),
        ("job_titel", "Job Title"),
        ("GENDRE", "Gender"),
        ("Start Dates", "Start Date"),
        ("Birth Day", "Date of Birth"),
        ("Shirt Size", None),
        ("Age", None),
        ("§", None),
    ],
)
@pytest.mark.django_db
def test_suggestions(name: str, expected: str | None) -> None:
    birth = find_attribute("Date of Birth")
    assert birth
    attribute_services.add_alias(birth, "Birthday")
    found = suggestion(name, list(Attribute.objects.prefetch_related("aliases")))
    assert (found.name if found else None) == expected
