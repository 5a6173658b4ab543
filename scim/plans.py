"""What a request asks to be written, read and understood before anything is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from .binding import Binding
from .protocol import documents, leniency, patch
from .protocol.attributes import AttributePath
from .protocol.documents import Document
from .protocol.operations import Operation
from .protocol.values import Ignored
from .protocol.versions import Precondition

UNCONDITIONAL = Precondition()


@dataclass(frozen=True)
class Create:
    """A new employee (RFC 7644 §3.3) with the SCIM id that they are going to have."""

    facts: dict[str, Any]
    ignored: list[Ignored]
    employee_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Replace:
    """A PUT (RFC 7644 §3.5.1) of an employee."""

    user_id: str
    document: Document
    ignored: list[Ignored]
    precondition: Precondition = UNCONDITIONAL


@dataclass(frozen=True)
class Patch:
    """A PATCH (RFC 7644 §3.5.2) of an employee."""

    user_id: str
    operations: tuple[Operation, ...]
    precondition: Precondition = UNCONDITIONAL


@dataclass(frozen=True)
class Delete:
    """A DELETE (RFC 7644 §3.6) of an employee."""

    user_id: str
    precondition: Precondition = UNCONDITIONAL


Plan: TypeAlias = Create | Replace | Patch | Delete


def create(binding: Binding, body: Any, employee_id: str | None = None) -> Create:
    """Raises InvalidSyntax and InvalidValue as `documents.parse_resource`, and for a missing userName."""
    incoming = documents.parse_resource(binding.resource_type, leniency.repair_resource(body))
    document = documents.without_nulls(incoming.document)
    documents.check_required(binding.resource_type, document)
    facts = binding.changes({}, document)
    return Create(facts, incoming.ignored, UUID(employee_id) if employee_id else uuid4())


def replace(binding: Binding, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Replace:
    """Raises InvalidSyntax and InvalidValue as `documents.parse_resource`."""
    incoming = documents.parse_resource(binding.resource_type, leniency.repair_resource(body))
    return Replace(user_id, incoming.document, incoming.ignored, precondition)


def patch_(binding: Binding, user_id: str, body: Any, precondition: Precondition = UNCONDITIONAL) -> Patch:
    """Raises as `patch.parse_operations`."""
    return Patch(
        user_id, patch.parse_operations(binding.resource_type, leniency.repair_patch(body)), precondition
    )


def stated(binding: Binding, plan: Create | Replace | Patch) -> Iterator[tuple[str, Any]]:
    """The facts that a plan may write, each with a value as it came."""
    match plan:
        case Create():
            yield from plan.facts.items()
        case Replace():
            yield from binding.changes({}, plan.document).items()
        case Patch():
            for operation in plan.operations:
                if target := operation.target:
                    part = target.sub_attribute if target.attribute.splits else None
                    unit = AttributePath(target.schema, target.attribute, part, target.extension)
                    yield binding.fact_of(unit), operation.value
