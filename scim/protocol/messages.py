"""The messages of a search: what is asked for and the list that answers (RFC 7644 §3.4.2, RFC 9865)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from . import urns
from .attributes import AttributePath, ResourceType, Type, name_key
from .errors import InvalidCount, InvalidCursor, InvalidFilter, InvalidValue, ScimError, UnknownAttribute
from .filters import parse_filter
from .names import resolve
from .nodes import Node
from .projection import Projection
from .scalars import parse_decimal

__all__ = ["Projection", "SearchRequest", "list_response"]

_LARGEST: Final = 2**31 - 1
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")


@dataclass(frozen=True)
class SearchRequest:
    """What a search asks for; `start_index` counts from 1, `count` is None when the client leaves it open.

    `cursor` is None for a page by index, "" for the first page of a walk (RFC 9865 §2).
    """

    filter: Node | None = None
    sort_by: AttributePath | None = None
    descending: bool = False
    start_index: int = 1
    count: int | None = None
    projection: Projection = field(default_factory=Projection)
    cursor: str | None = None

    @classmethod
    def parse(cls, resource_type: ResourceType, parameters: Mapping[str, Any]) -> "SearchRequest":
        """The search of a query string or of a `/.search` body; only an empty cursor is not an absent one.

        Args:
            parameters: names in any case to strings, or to the JSON values of a SearchRequest message.

        Raises:
            InvalidFilter: the filter is none.
            InvalidCursor: the cursor cannot be one, or comes with a startIndex.
            InvalidCount: the count of a walk is no number of people.
            InvalidValue: another parameter is not what it should be; says which.
        """
        stated = {name_key(name): value for name, value in parameters.items() if value is not None}
        given = {name: value for name, value in stated.items() if value != ""}
        start_index = _integer("startIndex", given.get("startindex"))
        cursor = _cursor(stated.get("cursor"), start_index)
        count = _integer("count", given.get("count"), InvalidValue if cursor is None else InvalidCount)
        if cursor is not None and count is not None and count < 0:
            raise InvalidCount("count must not be negative.")
        return cls(
            filter=_filter(resource_type, given.get("filter")),
            sort_by=_sort_by(resource_type, given.get("sortby")),
            descending=_descending(given.get("sortorder", "ascending")),
            start_index=1 if start_index is None else max(start_index, 1),
            count=None if count is None else max(count, 0),
            projection=Projection.parse(
                resource_type, given.get("attributes"), given.get("excludedattributes")
            ),
            cursor=cursor,
        )


def list_response(
    resources: Sequence[Mapping[str, Any]], total: int | None, start_index: int | None, next_cursor: str = ""
) -> dict[str, Any]:
    """The ListResponse of a page (RFC 7644 §3.4.2); `Resources` is there even when empty.

    Args:
        total: None for a walk through more people than are counted.
        start_index: None for a page by cursor, which has no index.
        next_cursor: where the next page of a walk begins; "" after the last one (RFC 9865 §2).
    """
    response: dict[str, Any] = {"schemas": [urns.LIST_RESPONSE], "itemsPerPage": len(resources)}
    if total is not None:
        response["totalResults"] = total
    if start_index is not None:
        response["startIndex"] = start_index
    if next_cursor:
        response["nextCursor"] = next_cursor
    return response | {"Resources": list(resources)}


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


def _cursor(value: Any, start_index: int | None) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _UNRESERVED.fullmatch(value):
        raise InvalidCursor("cursor must be the nextCursor of the page before, or empty for the first page.")
    # Clients that speak both ways send the index of the first page along.
    if (start_index or 1) > 1:
        raise InvalidCursor("cursor and startIndex exclude each other; send one of them.")
    return value


def _integer(name: str, value: Any, problem: type[ScimError] = InvalidValue) -> int | None:
    """A number of a page, within what databases take; beyond that there are no people either."""
    if value is None:
        return None
    number = parse_decimal(value)
    if number is None or number != number.to_integral_value():
        raise problem(f"{name} must be a whole number.")
    return max(min(int(number), _LARGEST), -_LARGEST)
