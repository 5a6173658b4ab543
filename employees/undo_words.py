"""What undoing would do, in words, what it leaves alone, and what identity providers will send again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import setters, wording
from .attribute_values import attribute_names
from .history import FactChange, timeline
from .models import Change, Employee
from .undo import Done
from .undo_planning import Step, now

SHOWN_FACTS = 5
"""Facts that a warning names of one identity provider."""


@dataclass(frozen=True)
class Line:
    """What undoing would do to one employee.

    Args:
        person: None when the record has been purged.
        verb: what becomes of them, "" when nothing does.
        left: what stays as it is, and why; "" stands for everything.
    """

    person: Employee | None
    verb: str
    facts: list[FactChange]
    left: list[tuple[str, str]]


def in_words(steps: Iterable[Step]) -> list[Line]:
    """The steps that do something or leave something alone; looked up with a few queries."""
    shown = [step for step in steps if step.writes or step.left]
    providers = setters.names()
    names = attribute_names(fact for step in shown for fact in step.left)
    entries = timeline([_as_change(step) for step in shown], providers)
    return [
        Line(
            step.employee,
            _verb(step),
            entry.facts,
            [
                (wording.label(fact, providers, names) if fact else "", reason)
                for fact, reason in step.left.items()
            ],
        )
        for step, entry in zip(shown, entries, strict=True)
    ]


def summary(done: Done) -> str:
    """How many people it is about: `3 deleted, 2 restored, 5 changed; something was left alone of 1`."""
    figures = [(done.removed, "deleted"), (done.restored, "restored"), (done.changed, "changed")]
    written = ", ".join(f"{count:,} {what}" for count, what in figures if count) or "nobody changed"
    return f"{written}; something left alone of {done.left:,}" if done.left else written


def warnings(steps: Sequence[Step]) -> list[str]:
    """What identity providers will send again at their next synchronization, a sentence for each matter."""
    providers = setters.names()
    coming: defaultdict[str, int] = defaultdict(int)
    stated: defaultdict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for step in steps:
        if step.remove and (provider := _provider(step, "", providers)):
            coming[provider] += 1
        for fact in step.facts:
            if provider := _provider(step, fact, providers):
                stated[provider][fact] += 1
    names = attribute_names({fact for facts in stated.values() for fact in facts})
    created = [
        f"{provider} created {_people(count)} of these:"
        " while they are assigned there, it will create them again."
        for provider, count in coming.items()
    ]
    changed = []
    for provider, facts in stated.items():
        labels = sorted(wording.label(fact, providers, names) for fact in facts)
        shown = ", ".join(labels[:SHOWN_FACTS]) + (" and more" if len(labels) > SHOWN_FACTS else "")
        changed.append(
            f"{provider} manages {shown} of {_people(max(facts.values()))}: unless it is put right in"
            f" {provider}, its next synchronization may bring its values back."
        )
    return created + changed


def _provider(step: Step, fact: str, providers: dict[str, str]) -> str:
    """The present name of the identity provider behind a fact, or behind the arrival; else ""."""
    key, _ = step.net.by.get(fact, ("", ""))
    return providers.get(key, "")


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _verb(step: Step) -> str:
    if step.remove:
        return "will be deleted"
    if step.restore:
        return "will be restored"
    return "will change" if step.facts else ""


def _as_change(step: Step) -> Change:
    action = Change.Action.RESTORED if step.restore else Change.Action.UPDATED
    before = {fact: now(step.person, fact) for fact in step.facts}
    return Change(employee=step.employee, action=action, before=before, after=dict(step.facts))
