"""Bulk requests: many writes in one transaction, each with an outcome of its own (RFC 7644 §3.7)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from employees.models import Employee
from employees.retry import retried

from . import plans
from .discovery import MAX_OPERATIONS
from .plans import Create, Delete, Plan
from .protocol.bulk import (
    BulkOperation,
    BulkRequest,
    bulk_ids_in,
    bulk_response,
    outcome,
    parse_bulk,
    with_ids,
)
from .protocol.documents import Document
from .protocol.errors import Conflict, InvalidPath, InvalidValue, MethodNotAllowed, ScimError
from .protocol.versions import Precondition
from .provisioning.log import STATUS, Asked
from .rendering import location, version
from .session import Caller, Session, writing

_PATH: Final = re.compile(r"(?:.*/)?Users(?:/+(?P<id>[^/?#]+))?/*", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """An operation with the plan that it makes, or with what is wrong with it.

    Args:
        user_id: whom it is about, "" when that is nobody yet or cannot be read.
        needs: the bulkIds that it refers to.
    """

    operation: BulkOperation
    plan: Plan | ScimError
    user_id: str
    needs: frozenset[str]


@dataclass
class Progress:
    """What has become of the operations so far; `dead` are the bulkIds that nobody got."""

    outcomes: list[Document] = field(default_factory=list)
    errors: int = 0
    dead: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Bulk:
    """Bulk requests of one identity provider."""

    caller: Caller

    def run(self, body: Any, charge: Callable[[int], object]) -> Document:
        """The BulkResponse; an operation that fails leaves nothing behind and the others alone.

        Args:
            charge: is told the number of operations, and raises when they are too many for now.

        Raises:
            InvalidSyntax, InvalidValue, TooLarge: as `parse_bulk`; then nothing was done.
        """
        request = parse_bulk(body, MAX_OPERATIONS)
        charge(len(request.operations))
        creating = [operation for operation in request.operations if operation.method == "POST"]
        ids = {operation.bulk_id: str(uuid4()) for operation in creating if operation.bulk_id}
        return self._write(request, [self._step(operation, ids) for operation in request.operations], ids)

    @retried
    def _write(self, request: BulkRequest, steps: list[Step], ids: Mapping[str, str]) -> Document:
        progress = Progress()
        with writing(self.caller, many=True) as session:
            session.look_ahead([step.plan for step in steps if not isinstance(step.plan, ScimError)])
            for step in steps:
                self._do(session, step, progress)
                if request.fail_on_errors and progress.errors >= request.fail_on_errors:
                    break
            self._give_up(session, steps, progress, ids)
        return bulk_response(progress.outcomes)

    def _step(self, operation: BulkOperation, ids: Mapping[str, str]) -> Step:
        """What an operation asks for, read before anything is written."""
        user_id, needs = "", frozenset(bulk_ids_in(operation.data))
        try:
            user_id = _user_id(operation)
            needs |= bulk_ids_in(user_id)
            if unknown := needs - ids.keys():
                raise InvalidValue(
                    f'"bulkId:{min(unknown)[:100]}" is not the bulkId of a POST in this bulk request.'
                )
            data = with_ids(operation.data, ids) if needs else operation.data
            user_id = with_ids(user_id, ids)
            return Step(operation, self._plan(operation, user_id, data, ids), user_id, needs)
        except ScimError as error:
            return Step(operation, error, user_id, needs)

    def _plan(self, operation: BulkOperation, user_id: str, data: Any, ids: Mapping[str, str]) -> Plan:
        binding = self.caller.binding
        precondition = Precondition.parse(operation.version, "version")
        match operation.method:
            case "POST":
                return plans.create(binding, data, ids.get(operation.bulk_id))
            case "PUT":
                return plans.replace(binding, user_id, data, precondition)
            case "PATCH":
                # RFC 7644 §3.7.3 shows the list of operations bare, without its message.
                listed = {"Operations": data} if isinstance(data, list) else data
                return plans.patch_(binding, user_id, listed, precondition)
        return Delete(user_id, precondition)

    def _do(self, session: Session, step: Step, progress: Progress) -> None:
        operation = step.operation
        asked = Asked(operation.method, operation.path, operation.data, in_bulk=True)
        try:
            if isinstance(step.plan, ScimError):
                raise step.plan
            if failed := step.needs & progress.dead:
                raise Conflict(f'The operation with the bulkId "{min(failed)[:100]}" failed; this needs it.')
            employee = session.apply(step.plan, asked)
        except ScimError as error:
            session.refuse(asked, error)
            progress.errors += 1
            if operation.method == "POST":
                progress.dead.add(operation.bulk_id)
            progress.outcomes.append(outcome(operation, error.status, self._target(step), error=error))
        else:
            progress.outcomes.append(self._done(operation, employee))

    def _done(self, operation: BulkOperation, employee: Employee) -> Document:
        tag = "" if operation.method == "DELETE" else version(employee)
        where = location(employee, self.caller.context)
        return outcome(operation, STATUS[operation.method], where, tag)

    def _target(self, step: Step) -> str:
        """The location that a failed operation was about; a POST has none."""
        return f"{self.caller.context.base_url}/Users/{step.user_id}" if step.user_id else ""

    def _give_up(
        self, session: Session, steps: list[Step], progress: Progress, ids: Mapping[str, str]
    ) -> None:
        """Who refers ahead to somebody that was not created waits for their userName, or for nobody."""
        done, left = steps[: len(progress.outcomes)], steps[len(progress.outcomes) :]
        dead = progress.dead | {step.operation.bulk_id for step in left if step.operation.method == "POST"}
        needed = dead & {bulk_id for step in done for bulk_id in step.needs}
        for step in steps:
            if step.operation.method == "POST" and step.operation.bulk_id in needed:
                user_name = step.plan.facts["user_name"] if isinstance(step.plan, Create) else ""
                session.give_up(ids[step.operation.bulk_id], user_name)


def _user_id(operation: BulkOperation) -> str:
    """The id in the path of an operation, "" for a POST.

    Raises:
        MethodNotAllowed, InvalidPath: the method, or its path, is not one of bulk requests.
    """
    if operation.method not in STATUS:
        raise MethodNotAllowed(
            f"A bulk operation is a POST, PUT, PATCH or DELETE, not {operation.method[:20]}."
        )
    found = _PATH.fullmatch(operation.path)
    user_id = found["id"] if found else None
    if not found or (user_id is None) is not (operation.method == "POST"):
        right = "/Users" if operation.method == "POST" else "/Users/{id}"
        raise InvalidPath(f"The path of a {operation.method} is {right}, not {operation.path[:100]}.")
    return user_id or ""
