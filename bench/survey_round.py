"""Measures how a survey round is built in a large company: `python -m bench.survey_round --people N`."""

import argparse
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from . import site

AUDIENCES = {
    "everyone": [],
    "a tenth": [("Region", ["Région 2"], False)],
    "all but a tenth": [("Region", ["Région 2"], True)],
    "half": [("Remote", ["true"], False)],
    "two of ten, and half of them": [("Region", ["Région 2", "Région 3"], False), ("Remote", ["true"], True)],
    "hardly anybody": [("Cost Center", ["CC 0-b10c-0000"], False)],
}
"""Conditions on what `bench.people` gives everybody."""

NAME = "Bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5, help="previews of each audience")
    parser.add_argument("--sqlite", action="store_true", help="on a new SQLite database")
    arguments = parser.parse_args()
    with site.prepared(sqlite=arguments.sqlite):
        from .growth_company import gathered

        gathered(arguments.people).clean_up()
        report(arguments.repeats)


def report(repeats: int) -> None:
    """Prints a table of both; the database is left as it was found."""
    from django.utils import timezone

    from employees.surveys import audience
    from employees.surveys.timetable import today_of

    schedule = _schedule()
    today = today_of(schedule, timezone.now())
    print(f"Load average {os.getloadavg()[0]:.1f}\n\n| audience | people | preview, s |\n|---|---:|---:|")
    for name, conditions in AUDIENCES.items():
        chosen = audience.clean(_stored(conditions))
        seconds = [_timed(lambda: audience.head_count(chosen, today)) for _ in range(repeats)]  # noqa: B023
        print(f"| {name} | {seconds[0][1]:,} | {median(each for each, _ in seconds):.2f} |", flush=True)
    print("\n| what | people | s | CPU of the database, s | this process, MB |\n|---|---:|---:|---:|---:|")
    try:
        for name, task in _tasks(schedule).items():
            print(f"| {name} | {_spent(task)} |", flush=True)
    finally:
        _forget(schedule)


def _tasks(schedule: Any) -> dict[str, Callable[[], int]]:
    """What is measured, in order; each says how many people it was about."""
    from django.utils import timezone

    from employees.audit import Actor
    from employees.surveys import rounds
    from employees.surveys.numbers import dropped_out, numbers_of
    from employees.surveys.timetable import today_of

    actor = Actor.command("bench")

    def build() -> int:
        return int(rounds.open_round(schedule, actor=actor, now=timezone.now()).invitations.count())

    def numbers() -> int:
        round_ = schedule.rounds.latest("number")
        return numbers_of([round_])[round_.pk].invited

    def close() -> int:
        round_ = schedule.rounds.get(closed_at=None)
        rounds.close_round(round_, actor=actor, now=timezone.now())
        return numbers()

    return {
        "first round": build,
        "its numbers": numbers,
        "closing it before anything was sent": close,
        "second round": build,
        "who dropped out since": lambda: dropped_out(schedule, today_of(schedule, timezone.now())).count(),
    }


def _spent(task: Callable[[], int]) -> str:
    from django.db import connection

    worker = _worker(connection)
    before = _cpu(worker)
    seconds, people = _timed(task)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = f"{_cpu(worker) - before:.1f}" if worker else "–"
    return f"{people:,} | {seconds:.1f} | {cpu} | {peak:.0f}"


def _schedule() -> Any:
    from django.utils import timezone

    from employees.surveys.models import Schedule

    return Schedule.objects.get_or_create(
        name=NAME, defaults={"frequency": "weekly", "starts_on": timezone.now().date()}
    )[0]


def _forget(schedule: Any) -> None:
    """Removes the rounds as the database does, not one invitation after the other."""
    from employees.surveys.models import Exclusion, Invitation, Round

    built = list(schedule.rounds.values_list("pk", flat=True))
    for model in (Invitation, Exclusion):
        rows = model.objects.filter(round__in=built)
        rows._raw_delete(rows.db)
    Round.objects.filter(schedule=schedule).delete()
    schedule.delete()


def _stored(conditions: list[tuple[str, list[str], bool]]) -> list[dict[str, Any]]:
    from employees.models import Attribute

    facts = dict(Attribute.objects.values_list("name", "fact"))
    return [{"fact": facts[name], "values": values, "negated": no} for name, values, no in conditions]


def _timed(task: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = task()
    return time.perf_counter() - started, result


def _worker(connection: Any) -> int:
    """The process of the database that serves a connection to this machine; 0 where there is none."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = int(cursor.fetchone()[0])
    return pid if Path(f"/proc/{pid}/stat").exists() else 0


def _cpu(pid: int) -> float:
    """Seconds of a processor that a process has had."""
    if not pid:
        return 0.0
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
