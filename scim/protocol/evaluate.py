"""What a filter means, on a document in memory: the reference its translation to SQL is held against."""

import operator as compare
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from employees.folding import fold

from .attributes import Attribute, AttributePath, Type
from .nodes import And, Comparison, Node, Not, Operand, Operator, Or, Present, ValuePath
from .scalars import parse_datetime, parse_decimal

_Read: TypeAlias = Callable[[AttributePath], list[Any]]

_COMPARE: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: compare.eq,
    Operator.NE: compare.ne,
    Operator.CO: compare.contains,
    Operator.SW: str.startswith,
    Operator.EW: str.endswith,
    Operator.GT: compare.gt,
    Operator.GE: compare.ge,
    Operator.LT: compare.lt,
    Operator.LE: compare.le,
}


def evaluate(node: Node, document: Mapping[str, Any]) -> bool:
    """True when the document satisfies the filter.

    Two-valued: an absent attribute satisfies `ne` and no other comparison. A multi-valued one satisfies a
    comparison when any of its elements does. Texts compare folded unless caseExact, in code point order.
    """
    return _evaluate(node, lambda path: _values(document, path))


def evaluate_element(node: Node, element: Mapping[str, Any]) -> bool:
    """True when one element of a complex attribute satisfies the inner filter of a value path."""
    return _evaluate(node, lambda path: [element.get(path.leaf.name)])


def has_value(value: Any) -> bool:
    """RFC 7643 §2.5: null, "", [] and what consists of them only are no value; false and 0 are."""
    if isinstance(value, Mapping):
        return any(has_value(item) for item in value.values())
    if isinstance(value, list):
        return any(has_value(item) for item in value)
    return value is not None and value != ""


def _evaluate(node: Node, read: _Read) -> bool:
    match node:
        case And(terms):
            return all(_evaluate(term, read) for term in terms)
        case Or(terms):
            return any(_evaluate(term, read) for term in terms)
        case Not(term):
            return not _evaluate(term, read)
        case Present(path):
            return any(has_value(value) for value in read(path))
        case ValuePath(path, inner):
            return any(
                evaluate_element(inner, element) for element in read(path) if isinstance(element, Mapping)
            )
        case Comparison(path, operator, operand):
            return _compare_any(path.leaf, operator, operand, read(path))


def _values(document: Mapping[str, Any], path: AttributePath) -> list[Any]:
    """The values at a path, one for each element; a singular attribute has exactly one, None when absent."""
    container = document.get(path.schema.urn) if path.extension else document
    value = container.get(path.attribute.name) if isinstance(container, Mapping) else None
    elements = _elements(value) if path.attribute.multi_valued else [value]
    if path.sub_attribute is None:
        return elements
    name = path.sub_attribute.name
    return [element.get(name) if isinstance(element, Mapping) else None for element in elements]


def _elements(value: Any) -> list[Any]:
    return [element for element in (value if isinstance(value, list) else [value]) if has_value(element)]


def _compare_any(attribute: Attribute, operator: Operator, operand: Operand, values: list[Any]) -> bool:
    if operand is None or (operand == "" and (operator.partial or not operator.ordering)):
        return any(has_value(value) for value in values) is not (operator is Operator.EQ)
    if not values:
        return operator is Operator.NE
    wanted = _comparable(attribute, operand)
    return any(
        _compare(operator, _comparable(attribute, value) if has_value(value) else None, wanted)
        for value in values
    )


def _compare(operator: Operator, value: Any, wanted: Any) -> bool:
    if value is None:
        return operator is Operator.NE
    return _COMPARE[operator](value, wanted)


def _comparable(attribute: Attribute, value: Any) -> str | bool | Decimal | datetime | None:
    """A value in the form in which it is compared; None for one that is not of the attribute's type."""
    match attribute.type:
        case Type.BOOLEAN:
            return value if isinstance(value, bool) else None
        case Type.INTEGER | Type.DECIMAL:
            return parse_decimal(value)
        case Type.DATETIME:
            return value if isinstance(value, datetime) else parse_datetime(value)
        case _:
            text = value if isinstance(value, str) else None
            return text if text is None or attribute.case_exact else fold(text)
