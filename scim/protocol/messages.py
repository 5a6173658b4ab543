"""The messages of a search: what is asked for and the list that answers (RFC 7644 §3.4.2, §3.4.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from . import urns
from .attributes import AttributePath, ResourceType, Type, name_key
from .errors import InvalidFilter, InvalidValue, UnknownAttribute
from .filters import parse_filter
from .names import resolve
from .nodes import Node
from .projection import Projection
from .scalars import parse_decimal

__all__ = ["Projection", "SearchRequest", "list_response"]

_LARGEST: Final = 2**31 - 1


@dataclass(frozen=True)
class SearchRequest:
    """What a search asks for; `start_index` counts from 1, `count` is None when the client leaves it open."""

    filter: Node | None = None
    sort_by: AttributePath | None = None
    descending: bool = False
    start_index: int = 1
    count: int | None = None
    projection: Projection = field(default_factory=Projection)

    @classmethod
    def parse(cls, resource_type: ResourceType, parameters: Mapping[str, Any]) -> "SearchRequest":
        """The search of a query string or of a `/.search` body; empty parameters count as absent.

        Args:
            parameters: names in any case to strings, or to the JSON values of a SearchRequest message.

        Raises:
            InvalidFilter: the filter is none.
            InvalidValue: another parameter is not what it should be; says which.
        """
        given = {name_key(name): value for name, value in parameters.items() if value not in (None, "")}
        start_index, count = (_integer(name, given.get(name.lower())) for name in ("startIndex", "count"))
        return cls(
            filter=_filter(resource_type, given.get("filter")),
            sort_by=_sort_by(resource_type, given.get("sortby")),
            descending=_descending(given.get("sortorder", "ascending")),
            start_index=1 if start_index is None else max(start_index, 1),
            count=None if count is None else max(count, 0),
            projection=Projection.parse(
                resource_type, given.get("attributes"), given.get("excludedattributes")
            ),
        )


def list_response(resources: Sequence[Mapping[str, Any]], total: int, start_index: int) -> dict[str, Any]:
    """The ListResponse of a page (RFC 7644 §3.4.2); `Resources` is there even when empty."""
    return {
        "schemas": [urns.LIST_RESPONSE],
        "totalResults": total,
        "itemsPerPage": len(resources),
        "startIndex": start_index,
        "Resources": list(resources),
    }


def _filter(resource_type: ResourceType, value: Any) -> Node | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise InvalidFilter("filter must be a string.")
    return parse_filter(resource_type, value)


def _sort_by(resource_type: ResourceType, value: Any) -> AttributePath | None:
    """The attribute to sort by; a complex one means its `value` (RFC 7644 §3.4.2.3)."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidValue("sortBy must be the name of an attribute.")
    try:
        path = resolve(resource_type, value)
    except UnknownAttribute as unknown:
        raise InvalidValue(f"sortBy: {unknown.detail}") from unknown
    if path.leaf.type is not Type.COMPLEX:
        return path
    sub_attribute = path.attribute.sub_attribute("value")
    if sub_attribute is None:
        raise InvalidValue(f"sortBy: {path} is complex; name one of its sub-attributes.")
    return AttributePath(path.schema, path.attribute, sub_attribute, path.extension)


def _descending(value: Any) -> bool:
    order = value.lower() if isinstance(value, str) else None
    if order not in ("ascending", "descending"):
        raise InvalidValue("sortOrder must be ascending or descending.")
    return order == "descending"


def _integer(name: str, value: Any) -> int | None:
    """A number of a page, within what databases take; beyond that there are no people either."""
    if value is None:
        return None
    number = parse_decimal(value)
    if number is None or number != number.to_integral_value():
        raise InvalidValue(f"{name} must be a whole number.")
    return max(min(int(number), _LARGEST), -_LARGEST)
