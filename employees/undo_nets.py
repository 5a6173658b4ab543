"""What some changes made of each employee, all in all, and what it was before."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from .models import Change

CAME: Final = frozenset({Change.Action.CREATED, Change.Action.RESTORED})
LEFT: Final = frozenset({Change.Action.DELETED})

HELD: Final = "held"
"""What a change says of a removal besides facts; it ends with the removal."""


@dataclass
class Net:
    """Several changes of one employee as one.

    Args:
        first, last: the keys of the first and the last change.
        was_here, is_here: whether they were in the directory before and after; None when nobody came or left.
        before, after: the facts that were touched, as the first change found and the last one left them.
        by: who stated each fact last, and who let the employee come, under "": key and name of the actor.
        moments: when each fact was touched, as `Employee.set_by` writes it.
    """

    employee_id: int
    first: int
    last: int
    was_here: bool | None = None
    is_here: bool | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    by: dict[str, tuple[str, str]] = field(default_factory=dict)
    moments: dict[str, set[str]] = field(default_factory=dict)

    @property
    def came(self) -> bool:
        return self.was_here is False and self.is_here is True

    @property
    def left(self) -> bool:
        return self.was_here is True and self.is_here is False


def nets_of(changes: Iterable[Change], only: Collection[str] = ()) -> dict[int, Net]:
    """What the changes made of each employee, by primary key.

    Args:
        changes: in the order in which they were written, which is that of their keys: who is locked is
            written by one transaction after the other.
        only: the facts to look at, and nobody's coming and leaving; none of them for everything.
    """
    nets: dict[int, Net] = {}
    for change in changes:
        if only and change.action == Change.Action.CREATED:
            continue  # what somebody came with was nothing before
        net = nets.setdefault(change.employee_id, Net(change.employee_id, change.pk, change.pk))
        net.last = change.pk
        if not only:
            _come_and_go(net, change)
        for fact in (change.before.keys() | change.after.keys()) - {HELD}:
            if not only or fact in only:
                _touch(net, fact, change)
    return nets


def _come_and_go(net: Net, change: Change) -> None:
    if change.action not in CAME | LEFT:
        return
    here = change.action in CAME
    if net.was_here is None:
        net.was_here = not here
    net.is_here = here
    net.by[""] = (change.actor_key, change.actor_name)


def _touch(net: Net, fact: str, change: Change) -> None:
    net.before.setdefault(fact, change.before.get(fact))
    net.after[fact] = change.after.get(fact)
    net.by[fact] = (change.actor_key, change.actor_name)
    net.moments.setdefault(fact, set()).add(change.at.isoformat())
