"""Documents from employees: every attribute that has a value, in the order of the table."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import DateTimeField

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

Reader = Callable[[Employee, Context], Any]
Part = tuple[str, str, Reader | None]
"""An attribute's name with the key of the profile that holds its value, or else with what reads it."""


class Renderer:
    """Makes documents of one resource type; what to read for which attribute is worked out once."""

    def __init__(self, resource_type: ResourceType) -> None:
        self._urn = resource_type.schema.urn
        self._core = _parts((*resource_type.identity, *resource_type.schema.attributes))
        self._extensions = [(each.urn, _parts(each.attributes)) for each in resource_type.extensions]
        self._about = _parts(resource_type.about)

    def render(self, employee: Employee, context: Context) -> dict[str, Any]:
        """The employee as a SCIM resource (RFC 7643 §3), with every attribute that has a value."""
        schemas = [self._urn]
        document: dict[str, Any] = {"schemas": schemas}
        _fill(document, self._core, employee, context)
        for urn, parts in self._extensions:
            values: dict[str, Any] = {}
            _fill(values, parts, employee, context)
            if values:
                schemas.append(urn)
                document[urn] = values
        _fill(document, self._about, employee, context)
        return document


def timestamp(moment: datetime) -> str:
    """A moment as xsd:dateTime in UTC, exact to the microsecond so that it can be used in a filter."""
    return moment.astimezone(UTC).isoformat()[: -len("+00:00")] + "Z"


def location(employee: Employee, context: Context) -> str:
    """The canonical URL of an employee's resource."""
    return f"{context.base_url}/Users/{employee.id_text}"


def version(employee: Employee) -> str:
    """The weak entity tag of an employee's resource."""
    return f'W/"{employee.version}"'


def _parts(attributes: Iterable[Attribute]) -> list[Part]:
    return [_part(attribute) for attribute in attributes]


def _part(attribute: Attribute) -> Part:
    source: Any = attribute.source
    as_it_is = isinstance(source, Profile | Listed | Reference | Number) and getattr(source, "whole", True)
    if as_it_is and facts.is_profile(source.fact):
        return attribute.name, source.fact, None
    return attribute.name, "", _reader(attribute)


def _fill(document: dict[str, Any], parts: Iterable[Part], employee: Employee, context: Context) -> None:
    profile = employee.profile
    for name, fact, read in parts:
        value = read(employee, context) if read else profile.get(fact)
        if value or value is False or value == 0:
            document[name] = value


def _reader(attribute: Attribute) -> Reader:
    """What reads an attribute's value; None, or something empty, when there is none."""
    if attribute.splits:
        return _split(_parts(attribute.sub_attributes))
    return _READERS[type(attribute.source)](attribute.source)


def _split(parts: list[Part]) -> Reader:
    def read(employee: Employee, context: Context) -> dict[str, Any]:
        values: dict[str, Any] = {}
        _fill(values, parts, employee, context)
        return values

    return read


def _column(source: Column) -> Reader:
    name = source.field
    if isinstance(Employee._meta.get_field(name), DateTimeField):
        return lambda employee, context: timestamp(getattr(employee, name))
    return lambda employee, context: getattr(employee, name)


def _fact(source: Profile | Number | Reference | Listed) -> Reader:
    return lambda employee, context: facts.read(employee, source.fact)


def _number(source: Number) -> Reader:
    """A number as it came: PostgreSQL gives a whole double back with all its digits."""

    def read(employee: Employee, context: Context) -> Any:
        value = facts.read(employee, source.fact)
        return canonical_number(value) if isinstance(value, int) and not source.whole else value

    return read


def _manager(employee: Employee, context: Context) -> dict[str, str] | None:
    manager = employee.manager
    if manager is None:
        return {"value": employee.manager_awaited} if employee.manager_awaited else None
    reference = {"value": manager.id_text, "$ref": location(manager, context)}
    if manager.display_name:
        reference["displayName"] = manager.display_name
    return reference


def _same_for_each(read: Reader) -> Callable[[Any], Reader]:
    return lambda source: read


_READERS: Final[dict[type, Callable[[Any], Reader]]] = {
    Column: _column,
    Profile: _fact,
    Listed: _fact,
    Number: _number,
    Reference: _fact,
    Manager: _same_for_each(_manager),
    Identifier: _same_for_each(lambda employee, context: employee.id_text),
    ExternalId: _same_for_each(lambda employee, context: employee.external_ids.get(context.provider)),
    Location: _same_for_each(location),
    Version: _same_for_each(lambda employee, context: version(employee)),
    Fixed: lambda source: lambda employee, context: source.value,
    # They come first: which schemas have values is known only when the values are.
    Schemas: _same_for_each(lambda employee, context: None),
}
