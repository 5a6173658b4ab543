"""The one door: every write to an employee, from SCIM, the pages or a command, goes through here."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from . import references
from .audit import Actor
from .models import Change, Employee
from .participation import Brake
from .people import People
from .writing import AlreadyPresent as AlreadyPresent
from .writing import InvalidFact as InvalidFact
from .writing import UserNameTaken as UserNameTaken
from .writing import Writer


@contextmanager
def writing(actor: Actor, *, many: bool = False, brake: Brake | None = None) -> Iterator[Writer]:
    """One transaction: what its writer was told is in the database when it ends, or nothing is.

    Args:
        many: keeps other writers of identifiers and references waiting until it ends.
        brake: see `Writer`.

    Raises:
        UserNameTaken: somebody else has arrived with that user name at the same time.
    """
    writer: Writer | None = None
    try:
        with transaction.atomic():
            if many:
                references.exclude_writers()
            writer = Writer(actor, alone=many, brake=brake)
            yield writer
            writer.save()
    except IntegrityError as error:
        if writer and (taken := writer.unsaved.taken_name()):
            raise UserNameTaken(taken) from error
        raise


def lock(employee_id: uuid.UUID) -> Employee:
    """The present employee of that SCIM id, locked until the caller's transaction ends, with their manager.

    Raises:
        Employee.DoesNotExist: nobody, or a deleted one.
    """
    return People().get(employee_id)


def create_employee(facts: Mapping[str, Any], *, actor: Actor) -> Employee:
    """Creates an employee from facts (see `facts`); raises as `Writer.create`."""
    with writing(actor) as writer:
        return writer.create(facts)


def update_employee(
    employee: Employee, facts: Mapping[str, Any], *, actor: Actor, taking_over: Collection[str] = ()
) -> Change | None:
    """Writes the facts that differ; nothing differs: nothing is written and None comes back.

    Args:
        employee: as `lock` returned it.
        taking_over: see `Writer.update`.

    Raises:
        UserNameTaken, InvalidFact: see there.
    """
    with writing(actor) as writer:
        writer.people.note(employee)
        return writer.update(employee, facts, taking_over)


def delete_employee(employee: Employee, *, actor: Actor) -> Change:
    """Takes the employee out of the directory; the record stays for `restore_employee`, the name is free.

    Args:
        employee: as `lock` returned it.
    """
    with writing(actor) as writer:
        writer.people.note(employee)
        return writer.delete(employee)


def restore_employee(employee: Employee, *, actor: Actor) -> Change:
    """Brings a deleted employee back as they were, reports included.

    Raises:
        AlreadyPresent, UserNameTaken: somebody else has taken the user name since.
    """
    with writing(actor) as writer:
        everybody = Employee.objects.select_related("manager").select_for_update(of=("self",), no_key=True)
        return writer.restore(everybody.get(pk=employee.pk))
