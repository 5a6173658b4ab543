"""A quarter of a company in real time, round by round, beside an oracle that knows nothing of the product."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
import time_machine

from employees import holding
from employees.models import Employee
from employees.surveys import rounds
from employees.surveys.eligibility import Dates, takes_part
from employees.surveys.models import Invitation, Round, Schedule
from employees.surveys.schedules import save_schedule
from tests.employees.people import ENTRA, change, delete, hire, now, restore
from tests.surveys.oracle import DAY, ExpectedRound, Oracle, Person, Plan
from tests.surveys.schedules import ADMINISTRATOR, hold

pytestmark = pytest.mark.django_db

ZONES = (
    "Pacific/Honolulu", "America/Los_Angeles", "America/New_York", "America/St_Johns", "Europe/London",
    "Europe/Oslo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "",
)  # fmt: skip
DEPARTMENTS = ("Sales", "Support", "Research", "")
DAYS = 95


def plans(first: date) -> list[Plan]:
    """Send times of the small hours fall into what clocks skip and show twice on Sundays."""
    small_hours, nine = time(2, 30), time(9)
    return [
        Plan("Sundays", "Europe/Oslo", first, 6, small_hours, weeks=1),
        Plan(
            "Fortnights", "Pacific/Honolulu", first + DAY, 14, nine, weeks=2, departments=("Sales", "Support")
        ),
        Plan("Months", "Pacific/Auckland", first.replace(day=31), 20, nine, months=1),
        Plan("Thirds", "UTC", first + 2 * DAY, 3, small_hours, weeks=3, excluded_departments=("Sales",)),
        Plan("Quarters", "America/New_York", first + 5 * DAY, 30, nine, months=3),
    ]


FREQUENCIES = {(1, 0): "weekly", (2, 0): "fortnightly", (0, 1): "monthly", (0, 3): "quarterly"}


def schedule_of(plan: Plan) -> Schedule:
    conditions = [(plan.departments, False), (plan.excluded_departments, True)]
    schedule = Schedule(
        name=plan.name,
        enabled=True,
        frequency=FREQUENCIES.get((plan.weeks, plan.months), "weeks"),
        weeks=plan.weeks or 1,
        starts_on=plan.first,
        duration_days=plan.duration,
        send_at=plan.send_at,
        time_zone="" if plan.zone == "UTC" else plan.zone,
        audience=[
            {"fact": "department", "values": [name.upper() for name in names], "negated": negated}
            for names, negated in conditions
            if names
        ],
    )
    save_schedule(schedule, actor=ADMINISTRATOR, now=datetime.now(UTC))
    return schedule


def as_fact(day: date | None) -> str | None:
    return f"{day}T00:00:00Z" if day else None


@dataclass
class Company:
    """What happens to people, in the product through its door and in the oracle alike."""

    random: Random
    oracle: Oracle = field(default_factory=Oracle)
    records: dict[str, Employee] = field(default_factory=dict)

    def join(self, today: date) -> None:
        name = f"person{len(self.records)}@example.com"
        person = Person(name, self.random.choice(ZONES), self.random.choice(DEPARTMENTS))
        if self.random.random() < 0.3:
            person.starts = today + self.random.randrange(-10, 20) * DAY
        if self.random.random() < 0.2:
            person.leaves = today + self.random.randrange(0, 60) * DAY
        self.oracle.people[name] = person
        self.records[name] = hire(
            name,
            timezone=person.zone,
            department=person.department,
            attribute_startdate=as_fact(person.starts),
            attribute_separationdate=as_fact(person.leaves),
        )

    def deactivate(self, today: date) -> None:
        for person in self._some(lambda person: person.active and not person.deleted and not person.held):
            change(self.records[person.name], active=False)
            person.remove()
            person.active = False

    def reactivate(self, today: date) -> None:
        for person in self._some(lambda person: not person.active and not person.deleted):
            change(self.records[person.name], active=True)
            person.active, person.held = True, False

    def delete(self, today: date) -> None:
        for person in self._some(lambda person: not person.deleted and not person.held):
            delete(self.records[person.name])
            person.remove()
            person.deleted = True

    def restore(self, today: date) -> None:
        for person in self._some(lambda person: person.deleted and not person.held):
            restore(now(self.records[person.name]))
            person.deleted = False

    def rehire(self, today: date) -> None:
        """Somebody who was deleted comes back under another name, as a new person."""
        for person in self._some(lambda person: person.deleted and person.starts is None):
            person.starts = date.min
            self.join(today)

    def hold(self, today: date) -> None:
        for person in self._some(lambda person: person.active and not person.deleted and not person.held):
            deleted = self.random.random() < 0.5
            hold(self.records[person.name], deleted=deleted)
            person.held, person.deleted, person.active = True, deleted, deleted

    def decide(self, today: date) -> None:
        """An administrator decides about all removals that are held."""
        released = self.random.random() < 0.5
        list((holding.release if released else holding.reject)(ENTRA.key, actor=ADMINISTRATOR))
        for person in self.oracle.people.values():
            if person.held and released:
                person.remove()
            elif person.held:
                person.held, person.deleted, person.active = False, False, True

    def separate(self, today: date) -> None:
        for person in self._some(lambda person: not person.deleted):
            person.leaves = self.random.choice([None, today + self.random.randrange(-3, 20) * DAY])
            change(self.records[person.name], attribute_separationdate=as_fact(person.leaves))

    def postpone(self, today: date) -> None:
        for person in self._some(lambda person: not person.deleted):
            person.starts = self.random.choice([None, today + self.random.randrange(-3, 20) * DAY])
            change(self.records[person.name], attribute_startdate=as_fact(person.starts))

    def move(self, today: date) -> None:
        for person in self._some(lambda person: not person.deleted):
            person.zone, person.department = self.random.choice(ZONES), self.random.choice(DEPARTMENTS)
            change(self.records[person.name], timezone=person.zone, department=person.department)

    def _some(self, wanted: Callable[[Person], bool]) -> list[Person]:
        """One of those whom something can happen to, or nobody."""
        found = [person for person in self.oracle.people.values() if wanted(person)]
        return self.random.sample(found, min(1, len(found)))


HAPPENINGS = (
    (Company.join, 20), (Company.deactivate, 14), (Company.reactivate, 12), (Company.delete, 6),
    (Company.restore, 5), (Company.rehire, 4), (Company.hold, 8), (Company.decide, 4),
    (Company.separate, 12), (Company.postpone, 6), (Company.move, 9),
)  # fmt: skip


def moments(random: Random, first: datetime) -> Iterator[tuple[datetime, str]]:
    """What is done when, in order: changes, maintenance unless it is down, and looks at the links."""
    down = [(first + 16 * DAY, first + 20.5 * DAY), (first + 40 * DAY, first + 48 * DAY)]
    planned = [(first + number * timedelta(hours=2), "maintain") for number in range(DAYS * 12)]
    found = [(at, what) for at, what in planned if not any(start < at < end for start, end in down)]
    minutes = DAYS * 24 * 60
    found += [(first + timedelta(minutes=random.randrange(minutes)), "happen") for _ in range(260)]
    found += [(first + timedelta(minutes=random.randrange(minutes)), "look") for _ in range(40)]
    yield from sorted(found)


@pytest.mark.parametrize("first", [date(2026, 3, 1), date(2026, 8, 30)], ids=["spring", "autumn"])
def test_a_quarter(first: date) -> None:
    random = Random(first.toordinal())
    company, start = Company(random), datetime.combine(first, time(0), UTC) - 2 * DAY
    with time_machine.travel(start, tick=False) as clock:
        expected = plans(first)
        for plan in expected:
            schedule_of(plan)
        for _ in range(25):
            company.join(first)
        for moment, what in moments(random, start + timedelta(hours=1)):
            clock.move_to(moment)
            if what == "maintain":
                maintain(company.oracle, expected, moment)
            elif what == "look":
                assert links_alive(moment) == links_expected(company.oracle, moment)
            else:
                (happening,) = random.choices(*zip(*HAPPENINGS, strict=True))
                happening(company, moment.date())
    assert len(company.oracle.rounds) > 25
    compare(company.oracle.rounds)


def maintain(oracle: Oracle, expected: list[Plan], moment: datetime) -> None:
    """Twice, as two machines would."""
    for _ in range(2):
        rounds.close_due(moment)
        rounds.open_due(moment)
    oracle.maintain(expected, moment)


def links_alive(moment: datetime) -> set[tuple[str, date, str]]:
    dates, invitations = Dates.read(), Invitation.objects.select_related("round__schedule", "employee")
    return {
        (each.round.schedule.name, each.round.occurrence, each.employee.user_name)
        for each in invitations
        if each.employee and each.round.occurrence and takes_part(each, moment, dates)
    }


def links_expected(oracle: Oracle, moment: datetime) -> set[tuple[str, date, str]]:
    return {(each.plan.name, each.day, name) for each in oracle.rounds for name in oracle.alive(each, moment)}


def compare(expected: list[ExpectedRound]) -> None:
    found = {
        (round_.schedule.name, round_.occurrence): (
            round_.opened_at,
            round_.closes_at,
            dict(round_.invitations.values_list("employee__user_name", "due_at")),
        )
        for round_ in Round.objects.select_related("schedule")
    }
    assert found == {(each.plan.name, each.day): (each.opened, each.closes, each.due) for each in expected}
