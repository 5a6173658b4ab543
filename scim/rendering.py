"""Documents from employees: every attribute that has a value, in the order of the table."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from employees import facts
from employees.models import Employee

from .protocol.attributes import Attribute, ResourceType
from .protocol.scalars import canonical_number
from .sources import (
    Column,
    Context,
    ExternalId,
    Fixed,
    Identifier,
    Listed,
    Location,
    Manager,
    Number,
    Profile,
    Reference,
    Schemas,
    Version,
)

NOTHING: Final[tuple[Any, ...]] = (None, "", [], {})


def render(resource_type: ResourceType, employee: Employee, context: Context) -> dict[str, Any]:
    """The employee as a SCIM resource (RFC 7643 §3), with every attribute that has a value."""
    document: dict[str, Any] = {"schemas": [resource_type.schema.urn]}
    _fill(document, resource_type.identity, employee, context)
    _fill(document, resource_type.schema.attributes, employee, context)
    for extension in resource_type.extensions:
        values: dict[str, Any] = {}
        _fill(values, extension.attributes, employee, context)
        if values:
            document["schemas"].append(extension.urn)
            document[extension.urn] = values
    _fill(document, resource_type.about, employee, context)
    return document


def timestamp(moment: datetime) -> str:
    """A moment as xsd:dateTime in UTC, exact to the microsecond so that it can be used in a filter."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def location(employee: Employee, context: Context) -> str:
    """The canonical URL of an employee's resource."""
    return f"{context.base_url}/Users/{employee.uuid}"


def version(employee: Employee) -> str:
    """The weak entity tag of an employee's resource."""
    return f'W/"{employee.version}"'


def _fill(
    document: dict[str, Any], attributes: tuple[Attribute, ...], employee: Employee, context: Context
) -> None:
    for attribute in attributes:
        if attribute.splits:
            value: Any = {}
            _fill(value, attribute.sub_attributes, employee, context)
        else:
            value = _value(attribute.source, employee, context)
        if value not in NOTHING:
            document[attribute.name] = value


def _value(source: Any, employee: Employee, context: Context) -> Any:
    return _READERS[type(source)](source, employee, context)


def _column(source: Column, employee: Employee, context: Context) -> Any:
    value = getattr(employee, source.field)
    return timestamp(value) if isinstance(value, datetime) else value


def _fact(source: Profile | Number | Reference | Listed, employee: Employee, context: Context) -> Any:
    return facts.read(employee, source.fact)


def _number(source: Number, employee: Employee, context: Context) -> Any:
    """A number as it came: PostgreSQL gives a whole double back with all its digits."""
    value = facts.read(employee, source.fact)
    return value if source.whole or not isinstance(value, int) else canonical_number(value)


def _manager(source: Manager, employee: Employee, context: Context) -> dict[str, str] | None:
    manager = employee.manager
    if manager is None:
        return {"value": employee.manager_awaited} if employee.manager_awaited else None
    reference = {"value": str(manager.uuid), "$ref": location(manager, context)}
    if manager.display_name:
        reference["displayName"] = manager.display_name
    return reference


_READERS: Final[dict[type, Callable[[Any, Employee, Context], Any]]] = {
    Column: _column,
    Profile: _fact,
    Listed: _fact,
    Number: _number,
    Reference: _fact,
    Manager: _manager,
    Identifier: lambda source, employee, context: str(employee.uuid),
    ExternalId: lambda source, employee, context: employee.external_ids.get(context.provider),
    Location: lambda source, employee, context: location(employee, context),
    Version: lambda source, employee, context: version(employee),
    Fixed: lambda source, employee, context: source.value,
    # `render` has put them first: which schemas have values is known only when the values are.
    Schemas: lambda source, employee, context: None,
}
