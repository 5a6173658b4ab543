"""The elements of a complex attribute: matched, merged, made and removed; at most one of them primary."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from employees.folding import fold

from .attributes import Attribute
from .errors import InvalidValue
from .nodes import And, Comparison, Node, Operator
from .scalars import render_datetime
from .values import LABELS

Element: TypeAlias = dict[str, Any]


def pinned(node: Node) -> tuple[Element, bool]:
    """What the `eq` terms of a filter say about an element, and whether that is all the filter says.

    `type eq "work" and primary eq true` describes an element completely enough to create it.
    """
    terms = node.terms if isinstance(node, And) else (node,)
    equal = [term for term in terms if isinstance(term, Comparison) and term.operator is Operator.EQ]
    return {term.path.leaf.name: _json(term.value) for term in equal}, len(equal) == len(terms)


def merge(element: Element, changes: Element) -> Element:
    """An element with some sub-attributes set, and without those that are None."""
    return {name: value for name, value in (element | changes).items() if value is not None}


def append(attribute: Attribute, current: list[Element], incoming: Iterable[Element]) -> list[Element]:
    """The elements with others added; RFC 7643 §2.4 has a `value` of one `type` once, so those merge."""
    result = list(current)
    touched: list[int] = []
    for element in incoming:
        same = next((at for at, other in enumerate(result) if _same(attribute, other, element)), None)
        if same is None:
            result.append(element)
            touched.append(len(result) - 1)
        else:
            result[same] = merge(result[same], element)
            touched.append(same)
    return one_primary(attribute, result, touched)


def one_primary(attribute: Attribute, elements: list[Element], touched: list[int]) -> list[Element]:
    """The elements with the touched one that is primary as the only one (RFC 7644 §3.5.2).

    Raises:
        InvalidValue: more than one of those touched is primary.
    """
    chosen = {at for at in touched if elements[at].get("primary") is True}
    if len(chosen) > 1:
        raise InvalidValue(f"{attribute.name}: primary may be true for one element only.")
    return [
        element | {"primary": False} if chosen and at not in chosen and element.get("primary") else element
        for at, element in enumerate(elements)
    ]


def without(attribute: Attribute, current: list[Element], unwanted: list[Element]) -> list[Element]:
    """The elements but those with the `value` of an unwanted one, or all it says (Entra ID)."""
    return [
        element for element in current if not any(_covers(attribute, element, other) for other in unwanted)
    ]


def tidy(elements: list[Element]) -> list[Element]:
    """The elements that say more than their type and whether they are primary."""
    return [element for element in elements if not element.keys() <= LABELS]


def _same(attribute: Attribute, one: Element, other: Element) -> bool:
    if one == other:
        return True
    return "value" in other and all(
        _key(attribute, name, one) == _key(attribute, name, other) for name in ("value", "type")
    )


def _covers(attribute: Attribute, element: Element, part: Element) -> bool:
    names = ("value",) if "value" in part else tuple(part)
    return bool(part) and all(_key(attribute, name, element) == _key(attribute, name, part) for name in names)


def _key(attribute: Attribute, name: str, element: Element) -> Any:
    """A sub-attribute of an element as it is compared."""
    sub_attribute, value = attribute.sub_attribute(name), element.get(name)
    exact = sub_attribute is None or sub_attribute.case_exact
    return value if exact or not isinstance(value, str) else fold(value)


def _json(value: Any) -> Any:
    """The operand of a filter as a value of a document."""
    if isinstance(value, datetime):
        return render_datetime(value)
    return float(value) if isinstance(value, Decimal) else value
