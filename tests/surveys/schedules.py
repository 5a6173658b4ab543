"""Short ways to schedules and to what has become of their rounds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from employees import services
from employees.audit import Actor
from employees.models import Employee
from employees.surveys.models import Invitation, Round, Schedule
from employees.surveys.schedules import save_schedule
from tests.employees.people import ENTRA

ADMINISTRATOR = Actor("administrator", "user1", "admin@example.com")
MONDAY = date(2026, 3, 2)


def at(day: date, hours: float = 0) -> datetime:
    """A moment so many hours into a day in UTC."""
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=hours)


def schedule(name: str = "Pulse", *, planned: datetime | None = None, **fields: Any) -> Schedule:
    """A weekly schedule in UTC from a Monday on, switched on the day before unless said otherwise."""
    values = {"enabled": True, "frequency": "weekly", "starts_on": MONDAY, "duration_days": 7, **fields}
    made = Schedule(name=name, **values)
    save_schedule(made, actor=ADMINISTRATOR, now=planned or at(made.starts_on, -24))
    return made


def hold(employee: Employee, *, deleted: bool = False) -> None:
    """Removes somebody as an identity provider whose brake holds that."""
    with services.writing(ENTRA, brake=lambda: True) as writer:
        person = writer.people.get(employee.uuid)
        if deleted:
            writer.delete(person)
        else:
            writer.update(person, {"active": False})


def invited(round_: Round) -> set[str]:
    """The user names of those who were invited."""
    people = Invitation.objects.filter(round=round_, employee__isnull=False)
    return set(people.values_list("employee__user_name", flat=True))


def excluded(round_: Round) -> dict[str, str]:
    """The user names of those who were left out, with the reason."""
    return dict(round_.exclusions.values_list("employee__user_name", "reason"))
