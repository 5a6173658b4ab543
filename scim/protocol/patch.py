"""PATCH as a pure function of a document and operations (RFC 7644 §3.5.2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .attributes import AttributePath, ResourceType, Type
from .documents import check_immutable, is_blank
from .elements import Element, append, merge, one_primary, pinned, tidy, without
from .errors import InvalidValue, Mutability, NoTarget
from .evaluate import evaluate_element, has_value
from .operations import MISSING, Operation, Verb, parse_operations
from .units import Document, discard, get, store, thaw
from .values import Ignored, coerce, coerce_element, unwrap

__all__ = ["Operation", "Patched", "Verb", "apply", "parse_operations"]


@dataclass
class Patched:
    """The document after all operations, and what in them the schema does not know."""

    document: Document
    ignored: list[Ignored] = field(default_factory=list)


def apply(resource_type: ResourceType, document: Document, operations: Iterable[Operation]) -> Patched:
    """The document after the operations, in their order; the one given stays as it is.

    Raises:
        InvalidValue: a value that its attribute does not take, or a required attribute cleared by replace.
        Mutability: a required attribute removed, or an immutable one changed.
        NoTarget: a filter selects nothing and does not say enough to create it.
    """
    patched = Patched(thaw(document))
    touched: dict[str, AttributePath] = {}
    for operation in operations:
        patched.ignored += operation.ignored
        if operation.target is not None:
            whole = _whole(operation.target)
            touched[whole.name] = whole
            _apply(patched, operation, operation.target, whole)
    for path in touched.values():
        if path.attribute.multi_valued and path.leaf.type is Type.COMPLEX:
            _set(patched.document, path, tidy(get(patched.document, path) or []))
    check_immutable(resource_type, document, patched.document)
    return patched


def _apply(patched: Patched, operation: Operation, target: AttributePath, whole: AttributePath) -> None:
    units = _units(target, whole)
    before = [get(patched.document, unit) for unit in units]
    value = _changed(operation, target, whole, get(patched.document, whole), patched.ignored)
    _set(patched.document, whole, value)
    for unit, old in zip(units, before, strict=True):
        if unit.leaf.required and not is_blank(old) and is_blank(get(patched.document, unit)):
            error = Mutability if operation.verb is Verb.REMOVE else InvalidValue
            raise error(f"{unit} is required: it cannot be cleared.")


def _changed(
    operation: Operation, target: AttributePath, whole: AttributePath, current: Any, ignored: list[Ignored]
) -> Any:
    """The value of an attribute after an operation on it."""
    if whole.leaf.type is not Type.COMPLEX:
        return _simple(operation, whole, current)
    if whole.attribute.multi_valued:
        return _elements(operation, target, whole, current or [], ignored)
    if operation.filter is None or (current and evaluate_element(operation.filter, current)):
        return _singular(operation, target, whole, current or {}, ignored)
    elements = _elements(operation, target, whole, [current] if current else [], ignored)
    if len(elements) > 1:
        raise NoTarget(f"{whole} has one value, and the filter of the path does not select it.")
    return elements[0] if elements else None


def _simple(operation: Operation, path: AttributePath, current: Any) -> Any:
    if not path.attribute.multi_valued:
        return None if operation.verb is Verb.REMOVE else coerce(path, operation.value)
    items = current or []
    if operation.verb is Verb.REMOVE and operation.value in (MISSING, None):
        return None
    given = coerce(path, operation.value) or []
    match operation.verb:
        case Verb.REMOVE:
            return [item for item in items if item not in given]
        case Verb.ADD:
            return items + [item for at, item in enumerate(given) if item not in items + given[:at]]
        case Verb.REPLACE:
            return given


def _singular(
    operation: Operation,
    target: AttributePath,
    path: AttributePath,
    current: Element,
    ignored: list[Ignored],
) -> Element | None:
    """A complex attribute of one value: the given sub-attributes are set, the others stay."""
    if operation.verb is Verb.REMOVE and target.sub_attribute is None:
        return None
    if target.sub_attribute is None and _empty(unwrap(path, operation.value)):
        return None
    changes = _changes(operation, target, path, ignored)
    if "value" in changes and path.attribute.sub_attribute("value"):
        if changes["value"] is None:
            return None
        if changes["value"] != current.get("value"):
            current = {}  # a $ref and a displayName describe the value they came with
    return merge(current, changes)


def _elements(
    operation: Operation,
    target: AttributePath,
    path: AttributePath,
    current: list[Element],
    ignored: list[Ignored],
) -> list[Element]:
    if operation.filter is None and target.sub_attribute is None:
        return _all_elements(operation, path, current, ignored)
    matched = [
        at
        for at, element in enumerate(current)
        if operation.filter is None or evaluate_element(operation.filter, element)
    ]
    clears = operation.verb is Verb.REMOVE or _empty(unwrap(path, operation.value))
    if clears and target.sub_attribute is None:
        return [element for at, element in enumerate(current) if at not in matched]
    changes = _changes(operation, target, path, ignored)
    if not matched:
        if not has_value(changes):
            return current
        return one_primary(path.attribute, [*current, _created(operation, path, changes)], [len(current)])
    result = list(current)
    for at in matched:
        result[at] = merge(_base(operation, current[at]), changes)
    return one_primary(path.attribute, result, matched)


def _all_elements(
    operation: Operation, path: AttributePath, current: list[Element], ignored: list[Ignored]
) -> list[Element]:
    """An operation on a multi-valued attribute as a whole."""
    if operation.verb is Verb.REMOVE:
        if operation.value is MISSING or operation.value is None:
            return []
        listed = operation.value if isinstance(operation.value, list) else [operation.value]
        unwanted = [merge({}, coerce_element(path, item, ignored)) for item in listed]
        return without(path.attribute, current, unwanted)
    given = coerce(path, operation.value, ignored) or []
    return append(path.attribute, current if operation.verb is Verb.ADD else [], given)


def _changes(
    operation: Operation, target: AttributePath, path: AttributePath, ignored: list[Ignored]
) -> Element:
    """The sub-attributes an operation sets, None for those it clears."""
    if target.sub_attribute is None:
        return coerce_element(path, operation.value, ignored)
    value = None if operation.verb is Verb.REMOVE else coerce(target, operation.value)
    return {target.sub_attribute.name: value}


def _base(operation: Operation, element: Element) -> Element:
    """What stays of a selected element: all of it, or for a replaced one what the filter selected it by."""
    if operation.verb is not Verb.REPLACE or operation.sub_attribute is not None or operation.filter is None:
        return element
    names, _ = pinned(operation.filter)
    return {name: element[name] for name in names if name in element}


def _created(operation: Operation, path: AttributePath, changes: Element) -> Element:
    """The element a filter describes when it selects none; Entra ID expects it to be created."""
    described, complete = pinned(operation.filter) if operation.filter else ({}, True)
    if not complete:
        raise NoTarget(
            f"No element of {path} matches the filter of the path; one is created only when the filter is "
            "made of eq comparisons joined by and."
        )
    return merge(described, changes)


def _set(document: Document, path: AttributePath, value: Any) -> None:
    if value is None or value in ([], {}):
        discard(document, path)
    else:
        store(document, path, value)


def _empty(value: Any) -> bool:
    return value is None or value in ("", {})


def _whole(path: AttributePath) -> AttributePath:
    return AttributePath(path.schema, path.attribute, None, path.extension)


def _units(target: AttributePath, whole: AttributePath) -> list[AttributePath]:
    """The units that an operation can change."""
    if not whole.attribute.splits:
        return [whole]
    if target.sub_attribute is not None:
        return [target]
    return [
        AttributePath(whole.schema, whole.attribute, sub, whole.extension)
        for sub in whole.attribute.sub_attributes
    ]
