"""Four weeks of a company, lived within the process of a site: real requests, at the times of the past."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import time_machine
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import reverse
from django.utils import timezone

from employees import services
from employees.audit import Actor
from employees.models import Attribute, Employee
from employees.surveys import answering, links, rounds, sending
from employees.surveys.models import Invitation, Round, Schedule
from scim.protocol.urns import PEAKON_USER
from scim.provisioning import activity, cycles, steering
from scim.provisioning import services as provisioning
from scim.provisioning.models import Cycle, Hold, IdentityProvider, LogEntry
from scim.provisioning.tokens import issue
from tests.scim.conftest import USER, ScimClient
from tests.site import Site

ADMINISTRATOR: Final = Actor("administrator", "user1", Site.admin_email)
DAYS: Final = 29
PEOPLE: Final = 120
TITLES: Final = ("Engineer", "Designer", "Cook", "Driver", "Nurse")
LEAVING: Final = 40
LONG_NAMED: Final = "somebody.whose.name.is.wider.than.a.phone@example.com"
ANSWERS: Final = (9, 8, 10, 7, 6, 9, 3)


def furnish() -> None:
    """Lives through them, and prints the addresses of the pages as JSON."""
    setup_test_environment()
    now = timezone.now()
    start = (now - timedelta(days=DAYS)).replace(hour=9, minute=2)
    with at(start) as clock:
        provisioning.switch(True, actor=ADMINISTRATOR)
        provider, scim = connected("Entra ID Germany", IdentityProvider.Kind.ENTRA)
        scim.create(LONG_NAMED)
        people = [create(scim, number) for number in range(1, PEOPLE + 1)]
        activity.tally.flush()
        for day in range(1, DAYS):
            clock.move_to(start + timedelta(days=day))
            sync(scim, day, people)
            survey(day)
    with at(now - timedelta(minutes=20)):
        leave(scim, people)
        others()
    cycles.observe_all(timezone.now(), fresh=True)
    teardown_test_environment()
    print(json.dumps(addresses(provider)))


@contextmanager
def at(moment: datetime) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(moment, tick=True) as traveller:
        yield traveller


def connected(name: str, kind: IdentityProvider.Kind) -> tuple[IdentityProvider, ScimClient]:
    provider = provisioning.connect(name, kind, actor=ADMINISTRATOR)
    return provider, ScimClient(issue(provider, actor=ADMINISTRATOR), provider.key)


def create(scim: ScimClient, number: int) -> str:
    attributes: dict[str, Any] = {"Job Title": TITLES[number % len(TITLES)]}
    if number % 40 == 0:
        attributes |= {"Cost Center": "R&D", "Shirt Size": "M"}
    if number == 1:
        attributes |= {"Manager": LONG_NAMED}
    person = scim.create(
        f"p{number}@example.com", schemas=[USER, PEAKON_USER], active=True, **{PEAKON_USER: attributes}
    )
    return str(person["id"])


def sync(scim: ScimClient, day: int, people: list[str]) -> None:
    """A day's work: more in the middle of the week, nothing at the weekend."""
    if timezone.now().isoweekday() > 5:
        return
    for number in range(day % 4 + 2):
        scim.get("/Users", filter=f'userName eq "p{day + number}@example.com"')
    people.extend(create(scim, len(people) + 1) for _ in range(day % 3))
    for number in range(day * 3 % 7 + 1):
        replace(scim, people[(day * 5 + number) % PEOPLE], f"{PEAKON_USER}:Job Title", f"Lead {day}")
    if day % 6 == 0:
        replace(scim, people[-1], "active", value=False)
    if day % 5 == 0:
        assert scim.post("/Users", {"schemas": [USER], "userName": "p1@example.com"}).status == 409
    activity.tally.flush()


def replace(scim: ScimClient, person: str, path: str, value: Any) -> None:
    answer = scim.patch(f"/Users/{person}", {"op": "replace", "path": path, "value": value})
    assert answer.status == 200, answer.body


def survey(day: int) -> None:
    """A round that was answered, closed, and one that is open."""
    now = timezone.now()
    if day == DAYS - 10:
        job_title = Attribute.objects.get(name="Job Title")
        schedule = Schedule.objects.create(
            name="Weekly pulse",
            frequency=Schedule.Frequency.WEEKLY,
            starts_on=timezone.localdate(),
            enabled=True,
            audience=[{"fact": job_title.fact, "values": ["Cook"], "negated": True}],
        )
        rounds.open_round(schedule, actor=ADMINISTRATOR, now=now)
    elif day == DAYS - 9:
        send_and_answer(now)
    elif day == DAYS - 3:
        rounds.close_round(Round.objects.get(), actor=ADMINISTRATOR, now=now)
        rounds.open_round(Schedule.objects.get(name="Weekly pulse"), actor=ADMINISTRATOR, now=now)
    elif day == DAYS - 2:
        send_and_answer(now)


def send_and_answer(now: datetime) -> None:
    sending.send_due(now)
    for score, invitation in zip(ANSWERS, Invitation.objects.filter(round__closed_at=None), strict=False):
        answering.record(invitation, score, "The tools." if score < 8 else "", now)


def leave(scim: ScimClient, people: list[str]) -> None:
    """The sync of today: what was refused, two who left for good, and far too many after them."""
    unclear = {"op": "replace", "path": "active", "value": "perhaps"}
    assert scim.patch(f"/Users/{people[0]}", unclear).status == 400
    assert scim.post("/Users", {"schemas": [USER], "userName": "p2@example.com"}).status == 409
    assert scim.delete(f"/Users/{people[-1]}").status == 204
    for person in people[-LEAVING:-1]:
        replace(scim, person, "active", value=False)
    activity.tally.flush()


def others() -> None:
    """An identity provider that is paused, with a seat limit, and one that never came."""
    okta, scim = connected("Okta France", IdentityProvider.Kind.OKTA)
    scim.create("f1@example.com")
    steering.limit_seats(okta, 25, actor=ADMINISTRATOR)
    steering.pause(okta, actor=ADMINISTRATOR)
    connected("OneLogin", IdentityProvider.Kind.ONELOGIN)
    employee = services.create_employee({"user_name": "gone@example.com"}, actor=ADMINISTRATOR)
    services.delete_employee(employee, actor=ADMINISTRATOR)


def addresses(provider: IdentityProvider) -> dict[str, str]:
    """The pages that show one thing, by the names of their addresses and what they show."""
    refused = LogEntry.objects.filter(outcome=LogEntry.Outcome.REFUSED).latest("at")
    managed = Employee.objects.get(user_name="p1@example.com")
    written = LogEntry.objects.filter(outcome=LogEntry.Outcome.CHANGED).latest("at")
    *_, ordinary, cycle = Cycle.objects.filter(identity_provider=provider).order_by("started_at")
    schedule = Schedule.objects.get(name="Weekly pulse")
    closed, open_ = schedule.rounds.order_by("number")
    keys = {
        **{f"provisioning:{name}": provider.pk for name in ("provider", "guide", "pause", "seats")},
        **{f"provisioning:{name}": provider.pk for name in ("rotate", "revoke")},
        **{f"provisioning:{name}": cycle.pk for name in ("cycle", "undo_cycle")},
        **{f"provisioning:{name}": Hold.objects.get().pk for name in ("hold", "hold_release", "hold_reject")},
        "provisioning:resume": IdentityProvider.objects.get(name="Okta France").pk,
        "provisioning:revoke_token": provider.tokens.get().pk,
        "provisioning:log_entry": refused.pk,
        **{f"surveys:{name}": schedule.pk for name in ("schedule", "edit", "switch", "next_round", "open")},
        **{f"surveys:{name}": open_.pk for name in ("round", "excluded", "close", "add_participant")},
        "surveys:delete": Schedule.objects.get(name="Company schedule").pk,
        **{f"employees_employee_{name}": managed.pk for name in ("change", "delete")},
        "employees_employee_restore": Employee.objects.get(user_name="gone@example.com").pk,
        "employees_change_change": written.change_id,
        "provisioning_logentry_change": written.pk,
        "employees_change_undo": written.change_id,
        "employees_attribute_change": Attribute.objects.get(name="Job Title").pk,
        "employees_attribute_deactivate": Attribute.objects.get(name="Job Title").pk,
    }
    unanswered = Invitation.objects.filter(answered_at=None).order_by("pk")
    waiting = unanswered.filter(round=open_)
    answered = Invitation.objects.exclude(answered_at=None).order_by("pk")
    return {
        **{name: reverse(name if ":" in name else f"admin:{name}", args=[key]) for name, key in keys.items()},
        "a change that was logged": reverse("provisioning:log_entry", args=[written.pk]),
        "an ordinary sync undone": reverse("provisioning:undo_cycle", args=[ordinary.pk]),
        "a closed round": reverse("surveys:round", args=[closed.pk]),
        "somebody deleted": reverse(
            "admin:employees_employee_change", args=[Employee.objects.get(user_name="gone@example.com").pk]
        ),
        "answer": links.path_of(waiting.filter(employee__active=True)[0]),
        "ended": links.path_of(waiting.filter(employee__active=False)[0]),
        "answered": links.path_of(answered.filter(round=closed)[0]),
        "closed": links.path_of(unanswered.filter(round=closed)[0]),
    }
