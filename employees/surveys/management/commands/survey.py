"""Lists schedules, opens and closes rounds, and names their participants from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from employees.audit import Actor
from employees.surveys import rounds
from employees.surveys.models import Round, Schedule
from employees.surveys.overview import frequency_in_words
from employees.surveys.schedules import find_schedule
from employees.surveys.timetable import latest_rounds, next_day

ACTOR = Actor.command("survey")


class Command(BaseCommand):
    help = "Lists schedules, opens and closes rounds of them, and names who takes part."

    def add_arguments(self, parser: CommandParser) -> None:
        metavar = "schedules|open|participants|close"
        actions = parser.add_subparsers(dest="action", required=True, metavar=metavar)
        listed = "lists the schedules, one a line: name, on or off, frequency, day of the next round"
        actions.add_parser("schedules", help=listed)
        opened = "opens a round now, even of a schedule that is off, and prints its number"
        actions.add_parser("open", help=opened).add_argument("name", metavar="NAME")
        participants = actions.add_parser("participants", help="prints the user names, one a line")
        participants.add_argument("name", metavar="NAME")
        participants.add_argument("--round", type=int, metavar="N", help="its number; the latest one if none")
        closed = "closes the round that is open, and prints its number"
        actions.add_parser("close", help=closed).add_argument("name", metavar="NAME")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "schedules":
            latest = latest_rounds()
            for schedule in Schedule.objects.all():
                self.stdout.write(_line(schedule, latest.get(schedule.pk)))
        elif action == "open":
            opened = rounds.open_round(_schedule(options["name"]), actor=ACTOR, now=timezone.now())
            self.stdout.write(str(opened.number))
        elif action == "close":
            self.stdout.write(str(_close(_schedule(options["name"])).number))
        else:
            round_ = _round(_schedule(options["name"]), options["round"])
            people = round_.invitations.exclude(employee=None).order_by("employee__user_name_key", "pk")
            for user_name in people.values_list("employee__user_name", flat=True).iterator():
                self.stdout.write(user_name)


def _line(schedule: Schedule, latest: Round | None) -> str:
    day = next_day(schedule, latest, timezone.now()) if schedule.enabled else None
    frequency = frequency_in_words(schedule)
    return f"{schedule.name}, {'on' if schedule.enabled else 'off'}, {frequency}, {day or '–'}"


def _close(schedule: Schedule) -> Round:
    round_ = schedule.rounds.filter(closed_at=None).first()
    if round_ is None:
        raise CommandError(f"No round of {schedule} is open.")
    rounds.close_round(round_, actor=ACTOR, now=timezone.now())
    return round_


def _schedule(name: str) -> Schedule:
    schedule = find_schedule(name)
    if schedule is None:
        known = ", ".join(Schedule.objects.values_list("name", flat=True))
        raise CommandError(f"No schedule is named {name!r}. Known: {known or 'none yet'}.")
    return schedule


def _round(schedule: Schedule, number: int | None) -> Round:
    numbers = list(schedule.rounds.order_by("number").values_list("number", flat=True))
    if not numbers:
        raise CommandError(f"{schedule} has had no round yet.")
    if number is not None and number not in numbers:
        raise CommandError(f"{schedule} has no round {number}. Its rounds: {_spans(numbers)}.")
    return schedule.rounds.get(number=number or numbers[-1])


def _spans(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
