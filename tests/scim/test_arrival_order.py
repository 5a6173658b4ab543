"""People arrive in any order, in circles too, and every reference to a colleague finds its way."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from employees import attribute_services, facts
from employees.models import Attribute, Employee, SearchKey
from employees.search_keys import AWAITS
from tests.scim.conftest import ENTERPRISE, USER, Answer, ScimClient

PEAKON = "urn:ietf:params:scim:schemas:extension:peakon:2.0:User"
MANAGER = f"{ENTERPRISE}:manager"
PEOPLE = 1_000
SPAN = 8
"""The most people that report to anybody, give or take."""


@dataclass(frozen=True)
class Person:
    """Somebody in the tree; each is named by their own people in one of four ways."""

    number: int
    manager: "Person | None"

    @property
    def depth(self) -> int:
        return self.manager.depth + 1 if self.manager else 0

    @property
    def identifiers(self) -> tuple[str, str, str, str]:
        """E-mail, userName, employee number, externalId."""
        number = self.number
        return f"Person.{number}@example.com", f"user-{number}", f"B{number:05}", f"00u{number}"

    @property
    def body(self) -> dict[str, Any]:
        email, user_name, badge, external_id = self.identifiers
        document: dict[str, Any] = {"schemas": [USER, ENTERPRISE], "userName": user_name}
        document |= {"externalId": external_id, "emails": [{"value": email, "type": "work"}]}
        document[ENTERPRISE] = {"employeeNumber": badge}
        if self.manager:
            names = self.manager.identifiers
            document[ENTERPRISE]["manager"] = names[self.number % len(names)]
            document[PEAKON] = {"Mentor": names[(self.number + 1) % len(names)]}
        return document


def tree() -> list[Person]:
    """A company with one person at its top, whoever comes first being nearer to it."""
    numbers, people = random.Random(20260131), [Person(0, None)]
    for number in range(1, PEOPLE):
        people.append(Person(number, numbers.choice(people[-SPAN * 10 :])))
    return people


def singly(scim: ScimClient, people: Sequence[Person]) -> None:
    """One POST for each."""
    for person in people:
        answer = scim.post("/Users", person.body)
        assert answer.status == 201, answer.body


def in_one_request(scim: ScimClient, people: Sequence[Person]) -> None:
    """A bulk request of everybody."""
    posts = [
        {"method": "POST", "path": "/Users", "bulkId": str(person.number), "data": person.body}
        for person in people
    ]
    answer = scim.post("/Bulk", {"Operations": posts})
    assert answer.status == 200, answer.body
    assert {operation["status"] for operation in answer.body["Operations"]} == {"201"}


WAYS: dict[str, Callable[[ScimClient, Sequence[Person]], None]] = {"singly": singly, "bulk": in_one_request}


@pytest.mark.parametrize("way", WAYS)
def test_the_deepest_reports_arrive_first(scim: ScimClient, way: str) -> None:
    attribute = attribute_services.add_attribute("Mentor", Attribute.Type.EMPLOYEE)
    people = tree()
    assert max(person.depth for person in people) > 10
    WAYS[way](scim, sorted(people, key=lambda person: -person.depth))

    arrived = {employee.user_name: employee for employee in Employee.objects.for_reading()}
    expected = {f"user-{each.number}": f"user-{each.manager.number}" for each in people if each.manager}
    managers = {name: employee.manager for name, employee in arrived.items()}
    assert {name: manager.user_name for name, manager in managers.items() if manager} == expected
    mentors = {name: facts.read(employee, attribute.fact) for name, employee in arrived.items()}
    bound = {name: {"value": str(arrived[mentor].uuid)} for name, mentor in expected.items()}
    assert {name: mentor for name, mentor in mentors.items() if mentor} == bound
    assert not Employee.objects.exclude(manager_awaited="").exists()
    assert not SearchKey.objects.filter(name=AWAITS).exists()
    shown_as_in_the_tree(scim, arrived, random.Random(1).sample(people[1:], 20))


def shown_as_in_the_tree(scim: ScimClient, arrived: dict[str, Employee], sample: Sequence[Person]) -> None:
    for person in sample:
        assert person.manager
        manager = str(arrived[f"user-{person.manager.number}"].uuid)
        document = scim.get(f"/Users/{arrived[f'user-{person.number}'].uuid}").body
        assert document[ENTERPRISE]["manager"]["value"] == manager
        assert document[ENTERPRISE]["manager"]["$ref"].endswith(f"/Users/{manager}")
        assert document[PEAKON]["Mentor"] == {"value": manager}
        reports = scim.get("/Users", filter=f'{MANAGER}.value eq "{manager}"', count=200).people
        assert document["userName"] in reports


@pytest.fixture
def circle(scim: ScimClient) -> dict[str, str]:
    """SCIM ids by userName: ada and bob manage each other, cy manages himself."""
    bosses = {"ada@example.com": "bob@example.com", "bob@example.com": "ada@example.com"}
    bosses["cy@example.com"] = "cy@example.com"
    return {name: scim.create(name, **{ENTERPRISE: {"manager": boss}})["id"] for name, boss in bosses.items()}


def managers(scim: ScimClient, circle: dict[str, str]) -> Iterator[Any]:
    """What is said of each one's manager, in the order of the circle."""
    for employee_id in circle.values():
        yield scim.get(f"/Users/{employee_id}").body.get(ENTERPRISE, {}).get("manager", {}).get("value")


def test_a_circle_is_read_found_and_sorted(scim: ScimClient, circle: dict[str, str]) -> None:
    ada, bob, cy = circle.values()
    assert list(managers(scim, circle)) == [bob, ada, cy]
    assert scim.find(f'{MANAGER}.value eq "{ada}"') == ["bob@example.com"]
    assert scim.find(f'{MANAGER} eq "{cy}" and {MANAGER} pr') == ["cy@example.com"]
    for order in ("ascending", "descending"):
        answer = scim.get("/Users", sortBy=f"{MANAGER}.value", sortOrder=order)
        by_manager = sorted([(bob, "ada"), (ada, "bob"), (cy, "cy")], reverse=order == "descending")
        assert answer.people == [f"{name}@example.com" for _, name in by_manager]


def test_a_circle_is_written_again(scim: ScimClient, circle: dict[str, str]) -> None:
    ada, bob, cy = circle.values()
    answers = [
        turned(scim, cy, "ada@example.com"),
        turned(scim, ada, "ADA@example.com"),
        turned(scim, bob, cy),
        turned(scim, ada, bob),
    ]
    assert [answer.status for answer in answers] == [200] * 4
    assert list(managers(scim, circle)) == [bob, cy, ada]


def turned(scim: ScimClient, employee_id: str, manager: str) -> Answer:
    return scim.patch(f"/Users/{employee_id}", {"op": "replace", "path": MANAGER, "value": manager})


def test_a_circle_has_pages(scim: ScimClient, circle: dict[str, str]) -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.com"))
    assert browser.get(reverse("admin:employees_employee_changelist")).status_code == 200
    for employee in Employee.objects.all():
        page = browser.get(reverse("admin:employees_employee_change", args=[employee.pk]))
        assert page.status_code == 200
        assert str(employee.manager) in page.content.decode()


def test_leaving_a_circle_keeps_the_other(scim: ScimClient, circle: dict[str, str]) -> None:
    ada, bob, cy = circle.values()
    for employee_id in (ada, cy):
        assert scim.delete(f"/Users/{employee_id}").status == 204
        assert scim.get(f"/Users/{employee_id}").error == (404, None)
    assert scim.get("/Users").people == ["bob@example.com"]
    assert scim.get(f"/Users/{bob}").body[ENTERPRISE]["manager"] == {"value": "ada@example.com"}
    back = scim.create("ada@example.com", **{ENTERPRISE: {"manager": bob}})
    assert scim.get(f"/Users/{bob}").body[ENTERPRISE]["manager"]["value"] == back["id"]
    assert back[ENTERPRISE]["manager"]["value"] == bob
