"""Collects what identity providers send under names of the Peakon extension that no attribute answers to."""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from employees.attribute_services import tidy
from employees.folding import fits_index, fold
from employees.models import Employee
from scim.protocol.attributes import ResourceType
from scim.protocol.urns import PEAKON_USER
from scim.protocol.values import Ignored

from .models import UnknownAttribute, UnknownValue

logger = logging.getLogger(__name__)

NAME_LENGTH: Final = 200
VALUE_BYTES: Final = 10_000
NAMES_PER_REQUEST: Final = 100
NAMES: Final = 1_000
BATCH: Final = 1_000
TOUCH_INTERVAL: Final = timedelta(minutes=1)
"""How exact `last_seen_at` is: every employee of a first cycle would otherwise wait for the same row."""

_PREFIX: Final = f"{PEAKON_USER}:".casefold()


@dataclass(frozen=True)
class Sent:
    """A value under an unknown name, in the form in which it is kept."""

    name: str
    value: Any
    note: str = ""

    @property
    def empty(self) -> bool:
        return self.value in (None, "", [], {}) and not self.note


def collect(
    received: Iterable[tuple[Employee, Collection[Ignored]]], provider: str, resource_type: ResourceType
) -> None:
    """Keeps what writes could not place, in the same transaction and after them; never fails a write.

    Nothing of the Peakon extension among it: no query. What is known already: one, and nothing is written.

    Args:
        received: each employee with what was sent for them; who comes twice, in the order of the writes.
        provider: the key of the identity provider that sent it.
        resource_type: what the writes were read with.
    """
    sent: dict[int, dict[str, Sent]] = {}
    names: dict[str, Sent] = {}
    for employee, ignored in received:
        if values := _by_key(_peakon_members(ignored, resource_type)):
            sent.setdefault(employee.pk, {}).update(values)
            names |= {key: item for key, item in values.items() if not item.empty}
    if not sent:
        return
    try:
        with transaction.atomic():
            _keep(sent, names, int(provider.removeprefix("idp")))
    except (DataError, IntegrityError) as error:
        # The employees are what the identity provider asked for; its values are not for the log.
        logger.error("The attribute inbox could not keep what it was sent: %s", type(error).__name__)


def _by_key(members: Iterable[tuple[str, Any]]) -> dict[str, Sent]:
    """The values by folded name; of several under one name, the last counts."""
    sent: dict[str, Any] = {}
    names: dict[str, str] = {}
    refused = 0
    for name, value in members:
        key = fold(name)
        if len(name) > NAME_LENGTH or not fits_index(name) or len(sent) >= NAMES_PER_REQUEST:
            refused += 1
            continue
        sent[key] = sent[key] | value if _are_parts(sent.get(key), value) else value
        names[key] = name
    if refused:
        logger.warning("%d unknown attributes of one request are too long or too many to keep", refused)
    return {key: _kept(names[key], value) for key, value in sent.items()}


def _peakon_members(ignored: Iterable[Ignored], resource_type: ResourceType) -> Iterator[tuple[str, Any]]:
    """Name and value of what was sent under the Peakon extension, however the parser cut its name."""
    extension = resource_type.schema_of(PEAKON_USER)
    for item in ignored:
        rest = item.schema_urn[len(_PREFIX) :] if item.schema_urn.casefold().startswith(_PREFIX) else ""
        whole, _, part = item.name.rpartition(".")
        if not rest and item.schema_urn.casefold() != PEAKON_USER.casefold():
            continue
        if extension and part and (attribute := extension.attribute(whole)) and attribute.sub_attributes:
            continue  # a part of a reference that says nothing new, such as its displayName
        if rest and extension:  # an object under an unknown name is reported member by member
            name, value = rest, {item.name: item.value}
        else:
            name, value = f"{rest}:{item.name}" if rest else item.name, item.value
        if name := tidy(name):
            yield name, value


def _are_parts(one: Any, other: Any) -> bool:
    return isinstance(one, dict) and isinstance(other, dict)


def _kept(name: str, value: Any) -> Sent:
    try:
        size = len(json.dumps(value, allow_nan=False).encode())
    except ValueError:
        return Sent(name, None, "a number too large to keep")
    if size > VALUE_BYTES:
        return Sent(name, None, f"too long to keep ({size:,} bytes)")
    return Sent(name, value)


def _keep(sent: Mapping[int, Mapping[str, Sent]], names: Mapping[str, Sent], provider_id: int) -> None:
    """Writes what is new among the values, by employee and folded name.

    Args:
        names: those that came with a value, be it that a later write cleared it.
    """
    now = timezone.now()
    rows = list(_known({key for values in sent.values() for key in values}, sent, provider_id))
    known = {row.name_key: row for row in rows}
    own = {(row.employee_id, row.name_key): row for row in rows if row.value_id is not None}
    changed = [
        (employee_id, key, item)
        for employee_id, values in sent.items()
        for key, item in sorted(values.items())
        if _differs(item, known.get(key), own.get((employee_id, key)))
    ]
    cleared = [own[employee_id, key].value_id for employee_id, key, item in changed if item.empty]
    if cleared:
        UnknownValue.objects.filter(pk__in=cleared).delete()
    stated = [(employee_id, key, item) for employee_id, key, item in changed if not item.empty]
    ids = {key: row.pk for key, row in known.items()}
    new = {key: item for key, item in names.items() if key not in known}
    ids |= _touch(new | {key: item for _, key, item in stated}, known, now)
    UnknownValue.objects.bulk_create(
        [
            UnknownValue(
                unknown_id=ids[key],
                employee_id=employee_id,
                identity_provider_id=provider_id,
                value=item.value,
                note=item.note,
                at=now,
            )
            for employee_id, key, item in stated
            if key in ids
        ],
        update_conflicts=True,
        unique_fields=["unknown", "employee", "identity_provider"],
        update_fields=["value", "note", "at"],
        batch_size=BATCH,
    )


def _known(names: Collection[str], employees: Collection[int], provider_id: int) -> Iterable[Any]:
    """The names that are in the inbox already, each with the values of these employees from this provider."""
    own = Q(sent__employee__in=list(employees), sent__identity_provider=provider_id)
    return UnknownAttribute.objects.filter(name_key__in=list(names)).annotate(
        own=FilteredRelation("sent", condition=own),
        value_id=F("own__pk"),
        employee_id=F("own__employee_id"),
        value=F("own__value"),
        note=F("own__note"),
    )


def _differs(item: Sent, row: Any, own: Any) -> bool:
    """Whether there is something to write; a dismissed name is kept no values of."""
    if own is None:
        return not item.empty and (row is None or row.dismissed_at is None)
    return bool(item.empty or (own.value, own.note) != (item.value, item.note))


def _touch(stated: dict[str, Sent], known: dict[str, Any], now: datetime) -> dict[str, int]:
    """Makes new names and marks those seen again; in one order, so that two writers never block each other.

    Returns:
        the primary keys of those names.
    """
    new = {key for key in stated if key not in known}
    if new and (room := NAMES - UnknownAttribute.objects.count()) < len(new):
        logger.warning("The attribute inbox is full: %d names were not kept", len(new) - max(room, 0))
        new = set(sorted(new)[: max(room, 0)])
    stale = {key for key in stated if key in known and now - known[key].last_seen_at > TOUCH_INTERVAL}
    rows = UnknownAttribute.objects.bulk_create(
        [
            UnknownAttribute(name=stated[key].name, first_seen_at=now, last_seen_at=now)
            for key in sorted(new | stale)
        ],
        update_conflicts=True,
        unique_fields=["name_key"],
        update_fields=["last_seen_at"],
    )
    return {row.name_key: row.pk for row in rows}
