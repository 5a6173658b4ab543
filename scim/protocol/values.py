"""Values of attributes in request bodies, brought into the one form in which they are kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from .attributes import Attribute, AttributePath, Type, name_key
from .errors import InvalidSyntax, InvalidValue
from .evaluate import has_value
from .scalars import (
    FORBIDDEN,
    canonical_number,
    parse_boolean,
    parse_datetime,
    parse_decimal,
    parse_integer,
    render_datetime,
)

LABELS: Final = frozenset({"type", "primary"})
"""Sub-attributes that say something about an element and are nothing on their own."""


@dataclass(frozen=True)
class Ignored:
    """Something a client sent that the schema does not know."""

    schema_urn: str
    name: str
    value: Any


def coerce(path: AttributePath, value: Any, ignored: list[Ignored] | None = None) -> Any:
    """The canonical JSON value of an attribute or sub-attribute; None when the value clears it.

    Args:
        path: which attribute; its type decides.
        value: anything `json.loads` returns.
        ignored: receives the unknown sub-attributes.

    Raises:
        InvalidValue: names the attribute, its type and what would be accepted.
        InvalidSyntax: an object has two spellings of one sub-attribute.
    """
    ignored = [] if ignored is None else ignored
    if path.leaf.type is not Type.COMPLEX:
        return _coerce_simple(path.leaf, path.name, value)
    if not path.attribute.multi_valued:
        return _compact(coerce_element(path, value, ignored))
    elements = [_compact(coerce_element(path, item, ignored)) for item in _as_list(value)]
    kept = [element for element in elements if element and not element.keys() <= LABELS]
    if sum(element.get("primary") is True for element in kept) > 1:
        raise InvalidValue(f"{path}: primary may be true for one element only.")
    return kept or None


def coerce_element(path: AttributePath, value: Any, ignored: list[Ignored]) -> dict[str, Any]:
    """The sub-attributes given for one element of a complex attribute; None for those given as cleared.

    A bare scalar is the `value` of the element, a list of one stands for its element (both Entra ID, for
    `manager`). Read-only sub-attributes are left out.

    Raises:
        InvalidValue, InvalidSyntax: as `coerce`.
    """
    value = unwrap(path, value)
    if not isinstance(value, Mapping):
        if not has_value(value):
            return {}
        if path.attribute.sub_attribute("value") is None:
            raise InvalidValue(
                f"{path} is complex: send an object with its sub-attributes, not {kind(value)}."
            )
        value = {"value": value}
    element: dict[str, Any] = {}
    refuse_spellings(value)
    for name, item in value.items():
        sub_attribute = path.attribute.sub_attribute(name)
        if sub_attribute is None:
            ignored.append(Ignored(path.schema.urn, f"{path.attribute.name}.{name}", item))
        elif not sub_attribute.read_only:
            element[sub_attribute.name] = _coerce_simple(sub_attribute, f"{path}.{sub_attribute.name}", item)
    return element


def unwrap(path: AttributePath, value: Any) -> Any:
    """The element of a list of one where a single value belongs.

    Raises:
        InvalidValue: the list has more than one element.
    """
    if not isinstance(value, list):
        return value
    if len(value) > 1:
        raise InvalidValue(f"{path} takes one value here, not a list of {len(value)}.")
    return value[0] if value else None


def refuse_spellings(members: Mapping[str, Any]) -> None:
    """Refuse an object that has one name twice, in different case.

    Raises:
        InvalidSyntax: names both spellings.
    """
    seen: dict[str, str] = {}
    for name in members:
        other = seen.setdefault(name_key(name), name)
        if other != name:
            raise InvalidSyntax(f'"{other}" and "{name}" are one attribute: send it once.')


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a JSON value but the names of members; a number as the text it is taken for."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def kind(value: Any) -> str:
    """What a JSON value is, in words that do not repeat it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float | Decimal):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


def _coerce_simple(attribute: Attribute, name: str, value: Any) -> Any:
    if attribute.multi_valued:
        items = [_coerce_scalar(attribute, name, item) for item in _as_list(value)]
        return [item for item in items if item is not None] or None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return _coerce_scalar(attribute, name, value)


def _coerce_scalar(attribute: Attribute, name: str, value: Any) -> Any:
    if value is None or value in ("", [], {}):
        return None
    canonical = _CANONICAL.get(attribute.type, _text)(value, attribute)
    if canonical is None:
        raise InvalidValue(
            f"{name} is of type {attribute.type.value} and takes {_ACCEPTED[attribute.type]}; "
            f"what came is {kind(value)}."
        )
    if attribute.max_length and len(canonical) > attribute.max_length:
        raise InvalidValue(
            f"{name} takes at most {attribute.max_length} characters; what came has {len(canonical):,}."
        )
    return canonical


def _text(value: Any, attribute: Attribute) -> str | None:
    """A text as it came, or the JSON text of a number."""
    if isinstance(value, str):
        return None if FORBIDDEN.search(value) else value
    return None if parse_decimal(value) is None else str(value)


def _datetime(value: Any, attribute: Attribute) -> str | None:
    moment = parse_datetime(value, whole_day=attribute.whole_day)
    return render_datetime(moment) if moment else None


def _as_list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _compact(element: dict[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in element.items() if value is not None} or None


_CANONICAL: dict[Type, Any] = {
    Type.BOOLEAN: lambda value, attribute: parse_boolean(value),
    Type.INTEGER: lambda value, attribute: parse_integer(value),
    Type.DECIMAL: lambda value, attribute: canonical_number(value),
    Type.DATETIME: _datetime,
}

_TEXT = "a string without NUL and half surrogate pairs"
_ACCEPTED: dict[Type, str] = {
    Type.STRING: _TEXT,
    Type.REFERENCE: _TEXT,
    Type.BINARY: _TEXT,
    Type.BOOLEAN: "true or false",
    Type.INTEGER: "a whole number of at most 64 bits",
    Type.DECIMAL: "a number",
    Type.DATETIME: "a date or dateTime such as 2024-01-31T09:00:00Z",
}
