"""The writing verbs of the Users endpoint on documents, one after the other in one transaction."""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from employees import facts as fact_names
from employees import references, services
from employees.audit import Actor
from employees.facts import is_scim_id
from employees.folding import index_key
from employees.models import Employee
from employees.writing import Writer

from .binding import Binding
from .company import Company
from .plans import Create, Delete, Patch, Plan, Replace, stated
from .protocol import documents, patch
from .protocol.attributes import AttributePath
from .protocol.documents import Document
from .protocol.errors import InvalidValue, NotFound, ScimError, Uniqueness
from .protocol.values import Ignored, texts_in
from .provisioning import inbox
from .provisioning.log import Asked, Watch
from .provisioning.models import IdentityProvider
from .rendering import version
from .sources import Context

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """An identity provider at the service: what it sees, as whom it writes, and the company's attributes.

    Args:
        watched: the identity provider whose own requests these are, None when somebody else writes as it.
    """

    context: Context
    actor: Actor
    company: Company
    watched: IdentityProvider | None = None

    @cached_property
    def binding(self) -> Binding:
        return Binding(self.company.resource_type, self.context)

    def render(self, employee: Employee) -> Document:
        """The employee as this identity provider reads them."""
        return self.company.renderer.render(employee, self.context)


@dataclass(frozen=True)
class Session:
    """Writes of one identity provider, one after the other; one that raises has changed nothing."""

    caller: Caller
    writer: Writer
    watch: Watch | None = None
    unknown: list[tuple[Employee, Collection[Ignored]]] = field(default_factory=list)

    def apply(self, plan: Plan, asked: Asked) -> Employee:
        """Does what a plan says, notes it in the provisioning log, and returns whom it is about.

        Raises:
            NotFound, PreconditionFailed: there is nobody with that id, or they have another version.
            Uniqueness: somebody has that userName.
            InvalidValue, Mutability, NoTarget: see RFC 7644 §3.12.
            Forbidden: there is no seat for somebody new.
        """
        if self.watch is None:
            return self._apply(plan)
        mark, removals = len(self.writer.unsaved.changes), (self.watch.brake.asked, self.watch.brake.held)
        employee = self._apply(plan)
        self.watch.note(asked, employee, self.writer.change_of(employee, mark), removals)
        return employee

    def refuse(self, asked: Asked, error: ScimError) -> None:
        """Notes an operation that was refused."""
        if self.watch is not None:
            self.watch.note_refused(asked, error)

    def _apply(self, plan: Plan) -> Employee:
        match plan:
            case Create():
                return self._create(plan)
            case Delete():
                employee = self._get(plan)
                self.writer.delete(employee)
                return employee
        employee = self._get(plan)
        before = self.caller.render(employee)
        if isinstance(plan, Replace):
            after, ignored = self._replaced(employee, before, plan), plan.ignored
        else:
            patched = patch.apply(self.caller.binding.resource_type, before, plan.operations)
            after, ignored = patched.document, patched.ignored
        documents.check_required(self.caller.binding.resource_type, after)
        with named_errors(self.caller):
            self.writer.update(employee, self._written(self.caller.binding.changes(before, after)))
        self._collect(employee, ignored)
        return employee

    def look_ahead(self, plans: Collection[Plan]) -> None:
        """Reads what the plans are going to need, with a few queries for all of them."""
        people, binding = self.writer.people, self.caller.binding
        ids = [plan.user_id for plan in plans if not isinstance(plan, Create)]
        there = {str(person.uuid): person for person in people.lock(map(UUID, filter(is_scim_id, ids)))}
        identifiers, referred = set[str](), set[str]()
        for plan in plans:
            if isinstance(plan, Delete):
                continue
            person = None if isinstance(plan, Create) else there.get(plan.user_id)
            for fact, value in stated(binding, plan):
                if references.identifies(fact):
                    identifiers.update(texts_in(value), fact_names.identifiers(person) if person else ())
                elif fact in binding.references:
                    referred.update(texts_in(value))
            if isinstance(plan, Create):
                identifiers.add(str(plan.employee_id))
        people.look_up_names(identifiers)
        people.look_up(referred, self.caller.context.provider)
        people.look_up_waiting(map(index_key, identifiers))
        leaving = {plan.user_id for plan in plans if isinstance(plan, Delete)}
        people.look_up_leaving([person for id_, person in there.items() if id_ in leaving])

    def give_up(self, employee_id: str, user_name: str) -> None:
        """Lets those who wait for an id that nobody got mean the user name instead, or nobody."""
        people = self.writer.people
        for person, fact, text in people.waiting_for({index_key(employee_id)}):
            self.writer.point(person, fact, people.resolve(user_name) or user_name, text)

    def _create(self, plan: Create) -> Employee:
        if self.watch is not None and plan.facts.get("active", True):
            self.watch.seats.take()
        with named_errors(self.caller):
            employee = self.writer.create(self._written(plan.facts), plan.employee_id)
        self._collect(employee, plan.ignored)
        return employee

    def _replaced(self, employee: Employee, before: Document, plan: Replace) -> Document:
        """What a PUT carries; what this provider had set and now omits is cleared.

        RFC 7644 §3.5.1, with the values of other providers and of administrators left alone.
        """
        binding = self.caller.binding
        carried = binding.facts_of(plan.document)

        def owned(path: AttributePath) -> bool:
            fact = binding.fact_of(path)
            setter = references.provider_of(employee, fact)
            return setter == self.caller.actor.key and fact not in carried

        return documents.merge_put(binding.resource_type, before, plan.document, owned)

    def _get(self, plan: Replace | Patch | Delete) -> Employee:
        try:
            employee = self.writer.people.get(scim_id(plan.user_id))
        except Employee.DoesNotExist:
            raise not_found(plan.user_id) from None
        plan.precondition.check(version(employee))
        return employee

    def _written(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        """What to write, with references as the texts that came; what somebody else owns is left out."""
        owners, key = self.caller.company.owners, self.caller.actor.key
        facts = {}
        for fact, value in stated.items():
            if owners.get(fact, key) != key:
                logger.info("%s is not the owner of %s: its value was left out", key, fact)
                continue
            named = str(value.get("value", "")) if isinstance(value, dict) else value
            facts[fact] = {"value": named} if isinstance(value, dict) and fact != "manager" else named
        return facts

    def _collect(self, employee: Employee, ignored: Collection[Ignored]) -> None:
        """What the schema does not know goes to the inbox, once everybody is saved."""
        if ignored:
            if not self.unknown:
                self.writer.afterwards.append(self._keep_unknown)
            self.unknown.append((employee, ignored))

    def _keep_unknown(self) -> None:
        inbox.collect(self.unknown, self.caller.context.provider, self.caller.binding.resource_type)


@contextmanager
def writing(caller: Caller, *, many: bool = False) -> Iterator[Session]:
    """One transaction: what its session wrote is in the database when it ends, or nothing is."""
    watch = Watch(caller.watched) if caller.watched else None
    brake = watch.brake if watch else None
    with named_errors(caller), services.writing(caller.actor, many=many, brake=brake) as writer:
        if watch:
            writer.afterwards.append(watch.save)
        yield Session(caller, writer, watch)


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


def scim_id(user_id: str) -> UUID:
    """The UUID of an id in its canonical form; `id` is caseExact, so no other spelling is one."""
    if not is_scim_id(user_id):
        raise not_found(user_id)
    return UUID(user_id)


def not_found(user_id: str) -> NotFound:
    return NotFound(f"No user has the id “{user_id[:100]}”; look the person up with a filter on userName.")
