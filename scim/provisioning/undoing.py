"""Undoing what an identity provider did in a cycle, and noting that it was done."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from employees import undo, undo_words
from employees.audit import Actor
from employees.models import Change
from employees.undo import Done, Place, Scope

from . import cycles, events
from .models import Cycle, ProvisioningEvent

PREVIEWED = 100
"""People of whom a preview says what becomes of them."""


def scope_of(cycle: Cycle) -> Scope:
    """Everything that a cycle changed of employees."""
    return Scope(Change.objects.filter(cycles.changes(cycle)))


def undo_cycle(cycle: Cycle, *, actor: Actor) -> Done:
    """Undoes a whole cycle, and notes of each transaction what it did."""
    place = Place()
    while not place.finished:
        place = advance(cycle, place, actor=actor)
    return place.done


def advance(cycle: Cycle, place: Place, *, actor: Actor) -> Place:
    """Does the next transaction of undoing a cycle (see `undo.advance`)."""

    def note(done: Done) -> None:
        if done != Done():
            events.record(
                ProvisioningEvent.Action.UNDONE,
                actor=actor,
                identity_provider=cycle.identity_provider,
                details=f"cycle of {cycle.started_at:%Y-%m-%d %H:%M %Z}: {undo_words.summary(done)}",
            )

    return undo.advance(scope_of(cycle), place, actor=actor, note=note)


def add_arguments(parser: CommandParser) -> None:
    """The arguments of the command that undoes a cycle."""
    parser.add_argument("--cycle", type=int, required=True, metavar="ID", help="as `status --json` names it")
    parser.add_argument("--preview", action="store_true", help="says what it would do, and does nothing")


def run(options: dict[str, Any], *, actor: Actor) -> str:
    """Does what the command was asked for, and returns what to print.

    Raises:
        CommandError: there is no such cycle.
    """
    cycle = Cycle.objects.select_related("identity_provider").filter(pk=options["cycle"]).first()
    if cycle is None:
        raise CommandError(f"There is no cycle {options['cycle']}; `provisioning status --json` lists them.")
    if not options["preview"]:
        return f"undone: {undo_words.summary(undo_cycle(cycle, actor=actor))}"
    plan = undo.plan(scope_of(cycle))
    about = f"the first {len(plan.steps):,} people" if plan.more else "everybody"
    lines = [f"of {about}: {undo_words.summary(plan.done)}", *undo_words.warnings(plan.steps)]
    return "\n".join([*lines, *map(_in_a_line, undo_words.in_words(plan.steps[:PREVIEWED]))])


def _in_a_line(line: undo_words.Line) -> str:
    """What becomes of one employee, without values: a terminal keeps what it shows."""
    facts = [fact.label for fact in line.facts]
    left = [f"{label or 'left alone'}: {reason}" for label, reason in line.left]
    what = ", ".join(filter(None, [line.verb, *facts, *left]))
    return f"  {line.person.id_text if line.person else 'no longer on record'}: {what}"
