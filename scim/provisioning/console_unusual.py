"""What is unusual about a sync cycle, compared with those before it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Any, Final

from django.db.models import Max

from employees import wording
from employees.attribute_values import attribute_names
from employees.facts import NOTHING
from employees.models import Change

from . import cycles
from .console_wording import lasting
from .models import Cycle

COMPARED: Final = 12
"""With how many of the cycles before it a cycle is compared."""

LEAST: Final = 5
"""Fewer people than these are a day like any other."""

FAR_MORE: Final = 3
LONG: Final = timedelta(minutes=5)
EXAMINED: Final = 2_000
"""How many of the changes of a cycle are looked at for what they clear."""

CLEARED_SHARE: Final = 0.2
DONE: Final[Mapping[str, str]] = {
    "deactivated": "deactivated",
    "deleted": "deleted",
    "reactivated": "reactivated",
    "created": "created",
    "refused": "refused",
}
"""What is compared, in the words of the page."""


def unusual(cycle: Cycle) -> list[str]:
    """Sentences about what differs from the cycles before; none when there was none before.

    Three queries at most, and one more for the names of attributes.
    """
    earlier = Cycle.objects.filter(
        identity_provider=cycle.identity_provider_id, started_at__lt=cycle.started_at
    )
    before = list(earlier.order_by("-started_at")[:COMPARED])
    if not before:
        return []
    ever = earlier.order_by().aggregate(**{name: Max(name) for name in DONE})
    return [*_counts(cycle, before, ever), *_length(cycle, before), *_cleared(cycle)]


def _counts(cycle: Cycle, before: Sequence[Cycle], ever: Mapping[str, int]) -> Iterator[str]:
    for name, word in DONE.items():
        number = getattr(cycle, name)
        if not number:
            continue
        people = _counted(number, "request" if name == "refused" else "employee")
        were = "was" if number == 1 else "were"
        if not ever[name]:
            yield f"{people} {were} {word}: the first time that this identity provider has any {word}."
            continue
        most = max(getattr(one, name) for one in before)
        if number >= LEAST and number > FAR_MORE * most:
            usual = f"at most {most:,}" if most else "none"
            yield f"{people} {were} {word}; in {_cycles(before)} before there {_be(most)} {usual}."


def _length(cycle: Cycle, before: Sequence[Cycle]) -> Iterator[str]:
    took = _duration(cycle)
    usual = timedelta(seconds=median(_duration(one).total_seconds() for one in before))
    if took >= LONG and took > FAR_MORE * usual and took > max(map(_duration, before)):
        yield f"It took {lasting(took)}; usually it takes {lasting(usual)}."


def _cleared(cycle: Cycle) -> Iterator[str]:
    """Attributes that lost their value for many people."""
    if cycle.changed < LEAST:
        return
    updated = Change.objects.filter(cycles.changes(cycle), action=Change.Action.UPDATED)
    sides = updated.order_by("-at").values_list("before", "after")[:EXAMINED]
    counted = Counter(fact for before, after in sides for fact in _emptied(before, after))
    many = {
        fact: number
        for fact, number in counted.items()
        if number >= max(LEAST, CLEARED_SHARE * min(cycle.changed, EXAMINED))
    }
    names = attribute_names(many)
    for fact, number in many.items():
        label = wording.label(fact, attributes=names)
        some = "at least " if cycle.changed > EXAMINED else ""
        yield f"{label} was cleared for {some}{number:,} employees: perhaps its mapping is broken."


def _emptied(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    return (fact for fact, value in before.items() if value not in NOTHING and after.get(fact) in NOTHING)


def _duration(cycle: Cycle) -> timedelta:
    return cycle.ended_at - cycle.started_at


def _cycles(before: Sequence[Cycle]) -> str:
    return "the sync" if len(before) == 1 else f"the {len(before)} syncs"


def _be(number: int) -> str:
    return "was" if number == 1 else "were"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
