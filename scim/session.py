"""The writing verbs of the Users endpoint on documents, one after the other in one transaction."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from employees import references, services
from employees.audit import Actor
from employees.models import Employee
from employees.writing import Writer

from .binding import Binding
from .company import Company
from .protocol import documents, leniency, patch
from .protocol.attributes import AttributePath
from .protocol.documents import Document
from .protocol.errors import InvalidValue, NotFound, Uniqueness
from .protocol.values import Ignored
from .protocol.versions import Precondition
from .provisioning import inbox
from .rendering import render, version
from .sources import Context

logger = logging.getLogger(__name__)

UNCONDITIONAL = Precondition()


@dataclass(frozen=True)
class Caller:
    """An identity provider at the service: what it sees, as whom it writes, and the company's attributes."""

    context: Context
    actor: Actor
    company: Company

    @cached_property
    def binding(self) -> Binding:
        return Binding(self.company.resource_type, self.context)

    def render(self, employee: Employee) -> Document:
        """The employee as this identity provider reads them."""
        return render(self.binding.resource_type, employee, self.context)


@dataclass(frozen=True)
class Session:
    """Writes of one identity provider; one that raises a `ScimError` has changed nothing."""

    caller: Caller
    writer: Writer

    def create(self, body: Any) -> Employee:
        """A new employee (RFC 7644 §3.3).

        Raises:
            Uniqueness: somebody has that userName.
        """
        resource_type = self.caller.binding.resource_type
        incoming = documents.parse_resource(resource_type, leniency.repair_resource(body))
        document = documents.without_nulls(incoming.document)
        documents.check_required(resource_type, document)
        with named_errors(self.caller):
            employee = self.writer.create(self._facts({}, document))
        self._collect(employee, incoming.ignored)
        return employee

    def replace(self, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Employee:
        """An employee with what the body carries; what this provider had set and now omits is cleared.

        RFC 7644 §3.5.1, with the values of other providers and of administrators left alone.
        """
        binding = self.caller.binding
        incoming = documents.parse_resource(binding.resource_type, leniency.repair_resource(body))
        employee = self._get(user_id, precondition)
        carried = binding.facts_of(incoming.document)

        def owned(path: AttributePath) -> bool:
            fact = binding.fact_of(path)
            setter = employee.set_by.get(fact, [""])
            return setter[0] == self.caller.actor.key and fact not in carried

        before = self.caller.render(employee)
        after = documents.merge_put(binding.resource_type, before, incoming.document, owned)
        self._write(employee, before, after)
        self._collect(employee, incoming.ignored)
        return employee

    def patch(self, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Employee:
        """An employee after a list of operations, all of them or none (RFC 7644 §3.5.2)."""
        resource_type = self.caller.binding.resource_type
        operations = patch.parse_operations(resource_type, leniency.repair_patch(body))
        employee = self._get(user_id, precondition)
        before = self.caller.render(employee)
        patched = patch.apply(resource_type, before, operations)
        self._write(employee, before, patched.document)
        self._collect(employee, patched.ignored)
        return employee

    def delete(self, user_id: str, precondition: Precondition = UNCONDITIONAL) -> None:
        """Takes an employee out of the directory (RFC 7644 §3.6)."""
        self.writer.delete(self._get(user_id, precondition))

    def _get(self, user_id: str, precondition: Precondition) -> Employee:
        try:
            employee = self.writer.people.get(scim_id(user_id))
        except Employee.DoesNotExist:
            raise not_found(user_id) from None
        precondition.check(version(employee))
        return employee

    def _write(self, employee: Employee, before: Document, after: Document) -> None:
        documents.check_required(self.caller.binding.resource_type, after)
        with named_errors(self.caller):
            self.writer.update(employee, self._facts(before, after))

    def _facts(self, before: Document, after: Document) -> dict[str, Any]:
        """What to write, with references as the texts that came; what somebody else owns is left out."""
        facts = self.caller.binding.changes(before, after)
        owners, key = self.caller.company.owners, self.caller.actor.key
        for fact in [fact for fact in facts if owners.get(fact, key) != key]:
            logger.info("%s is not the owner of %s: its value was left out", key, fact)
            del facts[fact]
        for fact, value in facts.items():
            if isinstance(value, dict):
                named = str(value.get("value", ""))
                facts[fact] = named if fact == "manager" else {"value": named}
        return facts

    def _collect(self, employee: Employee, ignored: list[Ignored]) -> None:
        """What the schema does not know goes to the inbox, once the employee is saved."""
        if ignored:
            caller = self.caller
            kept = partial(
                inbox.collect, employee, ignored, caller.context.provider, caller.binding.resource_type
            )
            self.writer.afterwards.append(kept)


@contextmanager
def writing(caller: Caller, *, many: bool = False) -> Iterator[Session]:
    """One transaction: what its session wrote is in the database when it ends, or nothing is."""
    with named_errors(caller), services.writing(caller.actor, many=many) as writer:
        yield Session(caller, writer)


@contextmanager
def named_errors(caller: Caller) -> Iterator[None]:
    """What `services` refuses, as SCIM errors that name the attribute."""
    try:
        yield
    except services.UserNameTaken as taken:
        raise Uniqueness(
            f"The userName “{taken}” belongs to another employee (compared without case); "
            "match the existing one with a filter and update it."
        ) from None
    except services.InvalidFact as invalid:
        raise InvalidValue(f"{caller.binding.attribute_of(invalid.fact)} {invalid.detail}.") from None


def scim_id(user_id: str) -> uuid.UUID:
    """The UUID of an id in its canonical form; `id` is caseExact, so no other spelling is one."""
    if not references.is_scim_id(user_id):
        raise not_found(user_id)
    return uuid.UUID(user_id)


def not_found(user_id: str) -> NotFound:
    return NotFound(f"No user has the id “{user_id[:100]}”; look the person up with a filter on userName.")
