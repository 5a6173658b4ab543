"""The provisioning log: a row for each write, written with it, and for each refusal, which outlives it."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.db import Error
from django.utils import timezone

from employees import rows
from employees.facts import is_scim_id
from employees.models import Change, Employee
from scim.protocol.errors import ScimError

from .brake import Brake
from .models import IdentityProvider, LogEntry
from .redaction import in_outline, outline, storable, without_quoted, without_values
from .seats import Seats

logger = logging.getLogger(__name__)

Outcome = LogEntry.Outcome

OUTCOMES: Final[Mapping[str, LogEntry.Outcome]] = {
    Change.Action.CREATED: Outcome.CREATED,
    Change.Action.UPDATED: Outcome.CHANGED,
    Change.Action.DEACTIVATED: Outcome.DEACTIVATED,
    Change.Action.REACTIVATED: Outcome.REACTIVATED,
    Change.Action.DELETED: Outcome.DELETED,
}

STATUS: Final[Mapping[str, int]] = {
    "POST": HTTPStatus.CREATED,
    "PUT": HTTPStatus.OK,
    "PATCH": HTTPStatus.OK,
    "DELETE": HTTPStatus.NO_CONTENT,
}
"""What a write is answered with when it is done."""


@dataclass(frozen=True)
class Asked:
    """What a client asked for.

    Args:
        target: the path below the SCIM URL.
        body: as it came; None without one.
        query: the filter that follows the path.
    """

    method: str
    target: str
    body: Any = None
    in_bulk: bool = False
    query: str = ""


@dataclass
class Watch:
    """What is kept an eye on while one transaction of an identity provider writes."""

    provider: IdentityProvider
    brake: Brake = field(init=False)
    seats: Seats = field(init=False)
    _done: list[tuple[LogEntry, Employee | None, Change | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.brake, self.seats = Brake(self.provider), Seats(self.provider)

    def note(
        self, asked: Asked, employee: Employee, change: Change | None, removals: tuple[int, int]
    ) -> None:
        """Notes a write that is done.

        Args:
            change: what it changed of the employee, None for nothing.
            removals: of the brake, `asked` and `held` before it.
        """
        entry = _entry(self.provider.pk, asked)
        entry.outcome = OUTCOMES[change.action] if change else Outcome.UNCHANGED
        entry.status = STATUS[asked.method]
        entry.removal, entry.held = self.brake.asked > removals[0], self.brake.held > removals[1]
        self._done.append((entry, employee, change))

    def note_refused(self, asked: Asked, error: ScimError) -> None:
        """Notes an operation that was refused while the others of its request go on."""
        self._done.append((_refused(self.provider.pk, asked, error), None, None))

    def save(self) -> None:
        """Writes what was noted; the employees and changes have their keys by then."""
        _find([entry for entry, employee, _ in self._done if employee is None])
        for entry, employee, change in self._done:
            if employee is not None:
                entry.employee_id = employee.pk
            if change is not None:
                entry.change_id = change.pk
        rows.insert([entry for entry, _, _ in self._done])


def refuse(provider_id: int, asked: Asked, error: ScimError) -> None:
    """Writes a row for a request that was refused; call it outside of its transaction.

    A database that cannot take it is left alone: the client gets its answer either way.
    """
    entry = _refused(provider_id, asked, error)
    try:
        _find([entry])
        rows.insert([entry])
    except Error as failure:
        # No exception text: a driver may quote values of the statement in it.
        logger.warning("The database did not take an entry of the log: %s", type(failure).__name__)


def _refused(provider_id: int, asked: Asked, error: ScimError) -> LogEntry:
    entry = _entry(provider_id, asked)
    entry.outcome, entry.status, entry.scim_type = Outcome.REFUSED, error.status, error.scim_type
    entry.detail = without_values(error.detail, [asked.body, asked.query, _id_in(asked.target)])
    named = asked.body.get("userName") if isinstance(asked.body, dict) else None
    entry.subject = in_outline(named)
    return entry


def _entry(provider_id: int, asked: Asked) -> LogEntry:
    query = f"?filter={without_quoted(asked.query)[:500]}" if asked.query else ""
    return LogEntry(
        at=timezone.now(),
        identity_provider_id=provider_id,
        method=asked.method,
        target=f"{storable(asked.target[:200])}{query}",
        in_bulk=asked.in_bulk,
        request=None if asked.body is None else outline(asked.body),
    )


def _id_in(target: str) -> str:
    """What stands in the place of a person's id, be it one or not."""
    container, _, id_ = target.rpartition("/")
    return id_ if container.startswith("/Users") else ""


def _find(entries: Collection[LogEntry]) -> None:
    """Tells refused requests whom their paths are about, deleted or not; at most one query."""
    asked = {id_ for entry in entries if is_scim_id(id_ := _id_in(entry.target))}
    if not asked:
        return
    people = Employee.objects.filter(uuid__in=map(UUID, asked)).values_list("uuid", "pk")
    keys = {str(uuid): pk for uuid, pk in people}
    for entry in entries:
        entry.employee_id = keys.get(_id_in(entry.target))
