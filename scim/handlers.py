"""The verbs of the Users endpoint on documents: read, search, create, replace, patch, delete."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction

from employees import references, services
from employees.audit import Actor
from employees.models import Employee

from .binding import Binding
from .company import Company
from .discovery import MAX_RESULTS
from .protocol import documents, leniency, patch
from .protocol.attributes import AttributePath
from .protocol.documents import Document
from .protocol.errors import InvalidValue, NotFound, Uniqueness
from .protocol.messages import SearchRequest, list_response
from .protocol.values import Ignored
from .provisioning import inbox
from .rendering import render
from .retry import retried
from .sources import Context

logger = logging.getLogger(__name__)

DEFAULT_COUNT = 100


@dataclass(frozen=True)
class Users:
    """The employees as one identity provider sees them and writes them."""

    context: Context
    actor: Actor
    company: Company

    @cached_property
    def binding(self) -> Binding:
        return Binding(self.company.resource_type, self.context)

    def read(self, user_id: str) -> Document:
        """One employee (RFC 7644 §3.4.1).

        Raises:
            NotFound: nobody here has that id, or they were deleted.
        """
        try:
            return self._render(Employee.objects.for_reading().get(uuid=_uuid(user_id)))
        except Employee.DoesNotExist:
            raise _not_found(user_id) from None

    def search(self, request: SearchRequest) -> Document:
        """A page of the employees that match, as a ListResponse (RFC 7644 §3.4.2).

        A page that is not full tells the total by itself; only a full one is counted.
        """
        people = Employee.objects.for_reading().order_by(*self._order(request), "pk")
        if request.filter is not None:
            people = people.filter(self.binding.to_q(request.filter))
        count = min(DEFAULT_COUNT if request.count is None else request.count, MAX_RESULTS)
        before = request.start_index - 1
        rows = list(people[before : before + count + 1]) if count and before < MAX_OFFSET else []
        page = rows[:count]
        complete = bool(count) and len(rows) <= count and (bool(rows) or before == 0)
        total = before + len(rows) if complete else people.order_by().count()
        resources = [request.projection.apply(self._render(person)) for person in page]
        return list_response(resources, total, request.start_index)

    @retried
    def create(self, body: Any) -> Document:
        """A new employee (RFC 7644 §3.3).

        Raises:
            Uniqueness: somebody has that userName.
        """
        incoming = documents.parse_resource(self.binding.resource_type, leniency.repair_resource(body))
        document = documents.without_nulls(incoming.document)
        documents.check_required(self.binding.resource_type, document)
        # Only what the inbox may want needs a transaction around both.
        with self._named_errors(), transaction.atomic() if incoming.ignored else nullcontext():
            employee = services.create_employee(self._facts({}, document), actor=self.actor)
            self._collect(employee, incoming.ignored)
            return self._render(employee)

    @retried
    def replace(self, user_id: str, body: Any) -> Document:
        """An employee with what the body carries; what this provider had set and now omits is cleared.

        RFC 7644 §3.5.1, with the values of other providers and of administrators left alone.
        """
        incoming = documents.parse_resource(self.binding.resource_type, leniency.repair_resource(body))
        with self._locked(user_id) as employee:
            carried = self.binding.facts_of(incoming.document)

            def owned(path: AttributePath) -> bool:
                fact = self.binding.fact_of(path)
                setter = employee.set_by.get(fact, [""])
                return setter[0] == self.actor.key and fact not in carried

            before = self._render(employee)
            after = documents.merge_put(self.binding.resource_type, before, incoming.document, owned)
            written = self._write(employee, before, after)
            self._collect(employee, incoming.ignored)
            return written

    @retried
    def patch(self, user_id: str, body: Any) -> Document:
        """An employee after a list of operations, all of them or none (RFC 7644 §3.5.2)."""
        operations = patch.parse_operations(self.binding.resource_type, leniency.repair_patch(body))
        with self._locked(user_id) as employee:
            before = self._render(employee)
            patched = patch.apply(self.binding.resource_type, before, operations)
            written = self._write(employee, before, patched.document)
            self._collect(employee, patched.ignored)
            return written

    @retried
    def delete(self, user_id: str) -> None:
        """Takes an employee out of the directory (RFC 7644 §3.6)."""
        with self._locked(user_id) as employee:
            services.delete_employee(employee, actor=self.actor)

    def _order(self, request: SearchRequest) -> list[Any]:
        if request.sort_by is None:
            return []
        return self.binding.order_by(request.sort_by, descending=request.descending)

    def _write(self, employee: Employee, before: Document, after: Document) -> Document:
        documents.check_required(self.binding.resource_type, after)
        facts = self._facts(before, after)
        if reference := facts.get("manager"):
            # Another spelling of the manager they have is no change.
            facts["manager"] = references.resolve(reference, self.context.provider) or reference
        change = services.update_employee(employee, facts, actor=self.actor)
        return self._render(employee) if change else before

    def _collect(self, employee: Employee, ignored: list[Ignored]) -> None:
        inbox.collect(employee, ignored, self.context.provider, self.binding.resource_type)

    def _facts(self, before: Document, after: Document) -> dict[str, Any]:
        """What to write, with references as the texts that came; what somebody else owns is left out."""
        facts = self.binding.changes(before, after)
        foreign = [fact for fact in facts if self.company.owners.get(fact, self.actor.key) != self.actor.key]
        for fact in foreign:
            logger.info("%s is not the owner of %s: its value was left out", self.actor.key, fact)
            del facts[fact]
        for fact, value in facts.items():
            if isinstance(value, dict):
                named = str(value.get("value", ""))
                facts[fact] = named if fact == "manager" else {"value": named}
        return facts

    def _render(self, employee: Employee) -> Document:
        return render(self.binding.resource_type, employee, self.context)

    @contextmanager
    def _locked(self, user_id: str) -> Iterator[Employee]:
        """The employee, locked in a transaction of its own: whatever fails inside leaves nothing written."""
        with self._named_errors(), transaction.atomic():
            try:
                employee = services.lock(_uuid(user_id))
            except Employee.DoesNotExist:
                raise _not_found(user_id) from None
            yield employee

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except services.UserNameTaken as taken:
            raise Uniqueness(
                f"The userName “{taken}” belongs to another employee (compared without case); "
                "match the existing one with a filter and update it."
            ) from None
        except services.InvalidFact as invalid:
            raise InvalidValue(f"{self.binding.attribute_of(invalid.fact)} {invalid.detail}.") from None


MAX_OFFSET = 1_000_000_000
"""Beyond any company; databases refuse offsets that do not fit their integers."""


def _uuid(user_id: str) -> uuid.UUID:
    """The UUID of an id in its canonical form; `id` is caseExact, so no other spelling is one."""
    if not references.is_scim_id(user_id):
        raise _not_found(user_id)
    return uuid.UUID(user_id)


def _not_found(user_id: str) -> NotFound:
    return NotFound(f"No user has the id “{user_id[:100]}”; look the person up with a filter on userName.")
