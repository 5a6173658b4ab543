"""The value on the right of a comparison, read as the type of the attribute on its left."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from .attributes import Attribute, AttributePath, Type
from .errors import InvalidFilter
from .nodes import Operand, Operator
from .scalars import FORBIDDEN, canonical_number, parse_boolean, parse_datetime, parse_integer

_JSON = json.JSONDecoder()
_WORD = re.compile(r"[^\s\[\]()]+")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_TEXT = (Type.STRING, Type.REFERENCE, Type.BINARY)


@dataclass(frozen=True)
class Literal:
    """A JSON value as the filter has it: a text, a boolean or null, or a number that is still its digits."""

    value: str | bool | None
    number: bool = False

    @property
    def empty(self) -> bool:
        """RFC 7643 §2.5: null and the empty text both mean that there is no value."""
        return self.value is None or self.value == ""


def scan_literal(text: str, position: int) -> tuple[Literal, int]:
    """The JSON string, number, boolean or null at a position, and where it ends.

    Raises:
        ValueError: there is none; the message says what is.
    """
    if text[position : position + 1] == '"':
        try:
            value, end = _JSON.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise ValueError("a closed JSON string with the escapes of RFC 8259") from error
        if FORBIDDEN.search(value):
            raise ValueError("a string without NUL and without half surrogate pairs")
        return Literal(value), end
    found = _WORD.match(text, position)
    word = found.group() if found else ""
    if word.lower() in _KEYWORDS:
        return Literal(_KEYWORDS[word.lower()]), position + len(word)
    if _JSON_NUMBER.fullmatch(word):
        return Literal(word, number=True), position + len(word)
    raise ValueError('a JSON value: a text in double quotes ("), a number, true, false or null')


def check_operator(path: AttributePath, operator: Operator) -> None:
    """Refuse an operator that the attribute's type does not have.

    Raises:
        InvalidFilter: RFC 7644 §3.4.2.2 gives the combination no meaning.
    """
    kind = path.leaf.type
    if operator.partial and kind not in _TEXT:
        raise InvalidFilter(f"{path} is of type {kind.value}: {operator.value} compares texts only.")
    if operator.ordering and kind in (Type.BOOLEAN, Type.BINARY):
        raise InvalidFilter(f"{path} is of type {kind.value}, which has no order: use eq, ne or pr.")


def operand(path: AttributePath, literal: Literal) -> Operand:
    """A literal that is not empty as the type of the attribute.

    Raises:
        InvalidFilter: the literal is no such value.
    """
    value = _convert(path.leaf, literal)
    if value is None:
        raise InvalidFilter(
            f"{path} is of type {path.leaf.type.value}: compare it with {_ACCEPTED[path.leaf.type]}."
        )
    return value


def _convert(attribute: Attribute, literal: Literal) -> Operand:
    match attribute.type:
        case Type.STRING | Type.REFERENCE | Type.BINARY:
            return literal.value if isinstance(literal.value, str) else None
        case Type.BOOLEAN:
            return None if literal.number else parse_boolean(literal.value)
        case Type.INTEGER:
            return parse_integer(literal.value)
        case Type.DECIMAL:
            number = canonical_number(literal.value)
            return None if number is None else Decimal(str(number))
        case Type.DATETIME:
            return None if literal.number else parse_datetime(literal.value, whole_day=attribute.whole_day)
        case Type.COMPLEX:
            return None
        case _:
            assert_never(attribute.type)


_ACCEPTED = {
    Type.STRING: "a text in double quotes",
    Type.REFERENCE: "a text in double quotes",
    Type.BINARY: "a text in double quotes",
    Type.BOOLEAN: "true or false",
    Type.INTEGER: "a whole number of at most 64 bits",
    Type.DECIMAL: "a number",
    Type.DATETIME: 'a dateTime such as "2024-01-31T09:00:00Z"',
    Type.COMPLEX: "one of its sub-attributes",
}
