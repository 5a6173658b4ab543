"""`manage.py survey`, and `manage.py run_maintenance` with two of them at once."""

import threading
from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from employees.surveys.models import Invitation, Round, Schedule
from tests.employees.people import change, hire
from tests.surveys.mail_server import MailServer
from tests.surveys.schedules import MONDAY, at, schedule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(MONDAY, -48), tick=False) as traveller:
        yield traveller


def run(command: str, *arguments: str) -> list[str]:
    """The lines that a command prints."""
    output = StringIO()
    call_command(command, *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_the_company_schedule_is_there_from_the_start_and_off() -> None:
    company = Schedule.objects.get(name="Company schedule")
    assert (company.enabled, company.frequency, company.audience) == (False, "quarterly", [])
    assert run("survey", "schedules") == ["Company schedule, off, Quarterly, –"]


def test_schedules_say_when_their_next_round_is() -> None:
    Schedule.objects.all().delete()
    schedule("Weekly", starts_on=date(2026, 2, 27))
    schedule("Rarely", frequency="weeks", weeks=6)
    schedule("Over", frequency="once", starts_on=date(2026, 1, 1))
    assert run("survey", "schedules") == [
        "Over, on, Once, –",
        "Rarely, on, Every 6 weeks, 2026-03-02",
        "Weekly, on, Weekly, 2026-03-06",
    ]


def test_a_round_from_the_command_line() -> None:
    hire("grace@example.com")
    ada = hire("Ada@example.com")
    hire("left@example.com", active=False)
    assert run("survey", "open", "company SCHEDULE") == ["1"]
    round_ = Round.objects.get()
    assert (round_.opened_by, round_.opened_at) == ("manage.py survey", at(MONDAY, -48))
    assert run("survey", "participants", "Company schedule") == ["Ada@example.com", "grace@example.com"]
    change(ada, active=False)
    assert run("survey", "open", "Company schedule") == ["2"]
    assert run("survey", "participants", "Company schedule") == ["grace@example.com"]
    assert len(run("survey", "participants", "Company schedule", "--round", "1")) == 2
    assert run("survey", "close", "Company schedule") == ["2"]
    assert not Round.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("open", "Pulse"), "No schedule is named 'Pulse'. Known: Company schedule."),
        (("participants", "Company schedule"), "Company schedule has had no round yet."),
        (("close", "Company schedule"), "No round of Company schedule is open."),
    ],
)
def test_what_is_not_there(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("survey", *arguments)


def test_a_round_that_is_not_there() -> None:
    run("survey", "open", "Company schedule")
    with pytest.raises(CommandError, match=r"has no round 3\. Its rounds: 1\."):
        call_command("survey", "participants", "Company schedule", "--round", "3")


def test_maintenance_closes_opens_and_sends(clock: time_machine.Traveller, mail_server: MailServer) -> None:
    hire(timezone="Europe/Oslo")
    schedule()
    clock.move_to(at(MONDAY, 7.9))
    assert run("run_maintenance") == ["open survey rounds: Pulse 1 opened"]
    clock.move_to(at(MONDAY, 8))
    assert run("run_maintenance") == ["send survey invitations: 1 invitations sent"]
    clock.move_to(at(MONDAY, 7 * 24))
    assert run("run_maintenance")[:2] == [
        "close survey rounds: Pulse 1 closed",
        "open survey rounds: Pulse 2 opened",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_invite_nobody_twice(clock: time_machine.Traveller) -> None:
    for number in range(40):
        hire(f"person{number}@example.com")
    plans = [schedule(f"Pulse {number}") for number in range(3)]
    clock.move_to(at(MONDAY, 1))
    barrier, printed = threading.Barrier(4), []

    def maintain() -> None:
        try:
            barrier.wait()
            printed.extend(run("run_maintenance"))
        finally:
            connection.close()

    threads = [threading.Thread(target=maintain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(", ".join(line.partition(": ")[2] for line in printed).split(", ")) == [
        f"{plan} 1 opened" for plan in plans
    ]
    assert Round.objects.count() == 3
    assert Invitation.objects.count() == 3 * 40
