"""Removals that wait for an administrator: released, so that people leave, or rejected, so that they stay."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from . import services
from .audit import Actor
from .models import Employee, EmployeeQuerySet
from .retry import retried
from .writing import Writer

Verb: TypeAlias = Callable[[Writer, Employee], object]

BATCH: Final = 200
"""How many people are decided about in one transaction."""


def held(provider: str) -> EmployeeQuerySet:
    """Everybody whose removal by an identity provider is held, deleted or not.

    Args:
        provider: its `audit.Actor.key`.
    """
    # The condition in the words of the index, for a database that plans before it knows the value.
    return Employee.objects.filter(held_by=provider).exclude(held_by="")


def release(provider: str, *, actor: Actor) -> Iterator[int]:
    """Lets the removals take effect; tells after each batch how many people have left by then."""
    return _decide(provider, actor, Writer.release, many=False)


def reject(provider: str, *, actor: Actor) -> Iterator[int]:
    """Brings everybody back as active; tells after each batch how many are back by then.

    Who has lost the user name to somebody else since cannot come back: that removal takes effect.
    """
    return _decide(provider, actor, _keep, many=True)


def _decide(provider: str, actor: Actor, verb: Verb, *, many: bool) -> Iterator[int]:
    done = 0
    while number := _decide_some(provider, actor, verb, many=many):
        done += number
        yield done


@retried
def _decide_some(provider: str, actor: Actor, verb: Verb, *, many: bool) -> int:
    """Decides about the next batch, and returns how many people that were.

    Args:
        many: people come back, who are referred to; whoever only leaves keeps no other writer waiting.
    """
    with services.writing(actor, many=many) as writer:
        batch = held(provider).select_related("manager").order_by("pk")
        people = list(batch.select_for_update(of=("self",), no_key=True)[:BATCH])
        for person in people:
            verb(writer, person)
    return len(people)


def _keep(writer: Writer, person: Employee) -> None:
    if person.deleted_at is not None:
        writer.people.look_up_names([person.user_name])
        if writer.people.has_name(person.user_name, beside=person):
            writer.release(person)
            return
        writer.restore(person)
    if not person.active:
        writer.people.note(person)
        writer.update(person, {"active": True})
