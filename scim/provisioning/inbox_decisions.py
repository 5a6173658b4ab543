"""What an administrator makes of an unknown name: a new attribute, another name of one, or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from time import monotonic
from typing import Final

from django.db import transaction
from django.utils import timezone

from employees import attribute_services
from employees.attribute_services import NameTaken, find_attribute
from employees.attributes import Attribute
from employees.audit import Actor
from scim.company import company_of
from scim.handlers import Users
from scim.protocol.errors import ScimError
from scim.protocol.urns import PEAKON_USER
from scim.sources import Context

from . import events
from .inbox_guesses import plain
from .models import IdentityProvider, ProvisioningEvent, UnknownAttribute, UnknownValue

Action = ProvisioningEvent.Action

CHUNK: Final = 100
PATIENCE: Final = 15.0
"""Seconds after which the browser gets an answer; what is left is done when the administrator asks again."""


@dataclass
class Filled:
    """What became of the values of one name: people, values not understood, and whether there are more."""

    attribute: Attribute
    people: int = 0
    refused: int = 0
    unfinished: bool = False


def create_attribute(unknown: UnknownAttribute, type_: Attribute.Type, *, actor: Actor) -> Filled:
    """Defines an attribute of that name and fills it in for everybody it was sent for.

    Raises:
        NameTaken, InvalidName: as `attribute_services.add_attribute`.
    """
    with transaction.atomic():
        attribute = attribute_services.add_attribute(unknown.name, type_)
        events.record(
            Action.NAME_CREATED, actor=actor, details=f"{attribute}, {attribute.get_type_display()}"
        )
    return fill(unknown, attribute)


def alias_to(unknown: UnknownAttribute, attribute: Attribute, *, actor: Actor) -> Filled:
    """Lets an attribute answer to that name too, activates it where it is not active, and fills it in.

    Raises:
        NameTaken: another attribute has that name by now.
        InvalidName: as `attribute_services.add_alias`.
    """
    with transaction.atomic():
        holder = find_attribute(unknown.name)
        if holder is None:
            attribute_services.add_alias(attribute, unknown.name)
            events.record(Action.NAME_ALIASED, actor=actor, details=f"{unknown.name}: {attribute}")
        elif holder != attribute:
            raise NameTaken(holder.name)
        if attribute_services.switch_attribute(attribute, active=True):
            events.record(Action.NAME_ALIASED, actor=actor, details=f"{attribute} activated")
    return fill(unknown, attribute)


@transaction.atomic
def dismiss(unknown: UnknownAttribute, *, actor: Actor) -> None:
    """Forgets the values of that name, and keeps none from now on; idempotent."""
    unknown.sent.all().delete()
    if UnknownAttribute.objects.filter(pk=unknown.pk, dismissed_at=None).update(dismissed_at=timezone.now()):
        events.record(Action.NAME_DISMISSED, actor=actor, details=unknown.name)


@transaction.atomic
def recall(unknown: UnknownAttribute, *, actor: Actor) -> None:
    """Takes a dismissed name back into the inbox; its values come when they are sent again."""
    if UnknownAttribute.objects.filter(pk=unknown.pk).exclude(dismissed_at=None).update(dismissed_at=None):
        events.record(Action.NAME_RECALLED, actor=actor, details=unknown.name)


def fill(unknown: UnknownAttribute, attribute: Attribute, patience: float = PATIENCE) -> Filled:
    """Writes the values of a name as their identity providers would by now; those that fit leave the inbox.

    Each employee is written in a transaction of their own, as a PATCH of the identity provider that sent the
    value; a value that the attribute has been given since is newer and stays.
    """
    filled, deadline = Filled(attribute), monotonic() + patience
    people = _people(unknown)
    for chunk in people:
        _fill_chunk(unknown, chunk, filled)
        if monotonic() > deadline:
            filled.unfinished = next(people, None) is not None
            break
    if not unknown.sent.exists():
        unknown.delete()
    return filled


def _people(unknown: UnknownAttribute) -> Iterator[list[int]]:
    """The primary keys of those present whom the name was sent for, a hundred at a time."""
    last = 0
    ids = unknown.sent.filter(employee__deleted_at=None).order_by("employee_id").distinct()
    while chunk := list(ids.filter(employee_id__gt=last).values_list("employee_id", flat=True)[:CHUNK]):
        yield chunk
        last = chunk[-1]


def _fill_chunk(unknown: UnknownAttribute, people: Iterable[int], filled: Filled) -> None:
    rows = unknown.sent.filter(employee_id__in=people).select_related("employee", "identity_provider")
    done: list[int] = []
    for _, sent in groupby(rows.order_by("employee_id", "-at", "-pk"), key=lambda row: row.employee_id):
        taken = False
        for row in sent:
            if taken or _outdated(row, filled.attribute) or _write(row, filled.attribute):
                filled.people += not taken
                taken = True
                done.append(row.pk)
            else:
                filled.refused += 1
    UnknownValue.objects.filter(pk__in=done).delete()


def _outdated(row: UnknownValue, attribute: Attribute) -> bool:
    """Whether the attribute was set under another of its names after this value was sent."""
    return bool(row.employee.set_by.get(attribute.fact, ["", ""])[1] > row.at.isoformat())


def _write(row: UnknownValue, attribute: Attribute) -> bool:
    """False when the attribute does not take the value, or the employee has just left."""
    if row.note:
        return False
    provider = row.identity_provider
    value = {PEAKON_USER: {attribute.name: plain(row.value)}}
    try:
        _users(provider, attribute).patch(
            str(row.employee.uuid), {"Operations": [{"op": "replace", "value": value}]}
        )
    except ScimError:
        return False
    return True


def _users(provider: IdentityProvider, attribute: Attribute) -> Users:
    actor = Actor.identity_provider(provider.key, provider.name)
    return Users(Context(provider.key, ""), actor, company_of({attribute: ()}))
