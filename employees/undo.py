"""Undoing what was done to employees: what it would write, and writing it as new changes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from django.db.models import QuerySet

from . import services
from .audit import Actor
from .folding import fold
from .models import Change, Employee, EmployeeQuerySet
from .people import People
from .retry import retried
from .undo_nets import Net, nets_of
from .undo_planning import Step, steps_for
from .undo_writing import Stage, write

BATCH: Final = 2000
"""People of one transaction."""

UNREAD: Final = ("profile_folded", *(f"manager__{name}" for name in ("profile", "profile_folded", "set_by")))
"""What nobody needs of those who are undone, and of their managers."""


@dataclass(frozen=True)
class Scope:
    """What is to be undone.

    Args:
        changes: of any number of employees.
        facts: those to undo, without anybody's coming and leaving; none of them for everything.
    """

    changes: QuerySet[Change]
    facts: Collection[str] = ()

    def nets(self, ids: Collection[int] | None = None) -> dict[int, Net]:
        """What the changes made of those employees, or of everybody."""
        changes = self.changes if ids is None else self.changes.filter(employee__in=ids)
        return nets_of(changes.order_by("pk"), self.facts)

    def people(self, after: int, count: int) -> list[int]:
        """The primary keys of the next employees in the order of these."""
        ids = self.changes.order_by("employee").values_list("employee", flat=True).distinct()
        return list(ids.filter(employee__gt=after)[:count])


@dataclass(frozen=True)
class Done:
    """How many people were taken out, brought back, changed, and how many had something left alone."""

    removed: int = 0
    restored: int = 0
    changed: int = 0
    left: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(
            self.removed + other.removed,
            self.restored + other.restored,
            self.changed + other.changed,
            self.left + other.left,
        )

    def at(self, stages: Collection[Stage]) -> "Done":
        """What counts when only some stages of it were written: who is left alone is known at the end."""
        people = Stage.PEOPLE in stages
        return Done(
            self.removed if Stage.REMOVALS in stages else 0,
            self.restored if people else 0,
            self.changed if people else 0,
            self.left if Stage.REFERENCES in stages else 0,
        )

    @property
    def written(self) -> int:
        return self.removed + self.restored + self.changed


def counted(steps: Sequence[Step]) -> Done:
    """The steps in figures, each person once and among those left alone."""
    return Done(
        sum(step.remove for step in steps),
        sum(step.restore for step in steps),
        sum(bool(step.facts) and not step.restore for step in steps),
        sum(bool(step.left) for step in steps),
    )


Note: TypeAlias = Callable[[Done], object]


@dataclass(frozen=True)
class Place:
    """How far an undo has come: the stage of what is done to everybody, and the last employee of it."""

    stage: Stage = Stage.REMOVALS
    after: int = 0
    done: Done = field(default_factory=Done)
    finished: bool = False


@dataclass(frozen=True)
class Plan:
    """What undoing would do.

    Args:
        steps: one for each person; those of the first people, when there are more.
        more: whether there are more.
    """

    steps: list[Step] = field(default_factory=list)
    more: bool = False

    @property
    def done(self) -> Done:
        return counted(self.steps)


def plan(scope: Scope) -> Plan:
    """What undoing would write now, of the first `BATCH` people; with a few queries and no locks."""
    ids = scope.people(0, BATCH + 1)
    nets = scope.nets(ids[:BATCH])
    employees = {employee.pk: employee for employee in _on_record(nets)}
    return Plan(steps_for(nets, employees, People()), more=len(ids) > BATCH)


def apply(scope: Scope, *, actor: Actor, note: Note = lambda done: None) -> Done:
    """Undoes everything.

    Up to `BATCH` people are one transaction. More are a transaction for each batch and stage: what one has
    committed stays, and undoing again goes on from there.

    Args:
        note: what else to do in each transaction, told what was done in that one.
    """
    place = Place()
    while not place.finished:
        place = advance(scope, place, actor=actor, note=note)
    return place.done


def advance(scope: Scope, place: Place, *, actor: Actor, note: Note = lambda done: None) -> Place:
    """Does the next transaction of an undo, and tells how far it has come then.

    Of several batches, those who give a user name back to somebody of another one come along with that one,
    and are not counted.

    Args:
        note: as for `apply`.
    """
    ids = scope.people(place.after, BATCH + 1)
    stages = tuple(Stage) if place == Place() and len(ids) <= BATCH else (place.stage,)
    if len(ids) > BATCH:
        then = Place(place.stage, ids[BATCH - 1], done=place.done)
    elif Stage.REFERENCES in stages:
        then = Place(Stage.REFERENCES, finished=True, done=place.done)
    else:
        then = Place(Stage(place.stage + 1), done=place.done)
    return _write(scope, ids[:BATCH], stages, actor, then, note)


@retried
def _write(
    scope: Scope,
    ids: Collection[int],
    stages: Collection[Stage],
    actor: Actor,
    then: Place,
    note: Note,
) -> Place:
    """One transaction, in which it is decided anew what is to be done."""
    nets = scope.nets(ids)
    with services.writing(actor, many=True) as writer:
        employees = _locked(nets)
        _take_along(scope, nets, employees)
        for employee in employees.values():
            writer.people.note(employee)
        steps = steps_for(nets, employees, writer.people)
        own = set(ids)
        done = counted([step for step in steps if step.net.employee_id in own]).at(stages)
        write(steps, writer, stages)
        writer.afterwards.append(lambda: note(done))
    return replace(then, done=then.done + done)


def _on_record(ids: Collection[int]) -> EmployeeQuerySet:
    """Employees, deleted or not."""
    return Employee.objects.filter(pk__in=ids).select_related("manager").defer(*UNREAD)


def _locked(ids: Collection[int]) -> dict[int, Employee]:
    """Employees by primary key, locked in the order that all writers keep."""
    locked = _on_record(ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {employee.pk: employee for employee in locked}


def _take_along(scope: Scope, nets: dict[int, Net], employees: dict[int, Employee]) -> None:
    """Adds those who have a user name that somebody is to have again, and who are to give it back."""
    wanted = {fold(str(net.before.get("user_name") or "")) for net in nets.values()}
    wanted |= {fold(employee.user_name) for employee in employees.values() if employee.deleted_at}
    holders = Employee.objects.present().filter(user_name_key__in=wanted - {""}).exclude(pk__in=list(nets))
    if further := scope.nets(list(holders.values_list("pk", flat=True))):
        nets |= further
        employees |= _locked(further)
        _take_along(scope, nets, employees)
