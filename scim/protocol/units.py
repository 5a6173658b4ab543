"""Documents and the units they are made of: what is set, owned and cleared as one."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from .attributes import AttributePath

Document: TypeAlias = dict[str, Any]
"""Canonical names; extension attributes under their canonical URN; never `schemas`."""


def get(document: Mapping[str, Any], path: AttributePath) -> Any:
    """The value of a unit, or of a sub-attribute of a singular one; None when it has none."""
    container = document.get(path.schema.urn) if path.extension else document
    value = container.get(path.attribute.name) if isinstance(container, dict) else None
    if path.sub_attribute is None:
        return value
    return value.get(path.sub_attribute.name) if isinstance(value, dict) else None


def put(document: Document, path: AttributePath, value: Any) -> Document:
    """A copy of the document in which a unit has another value; None removes it and what it leaves empty."""
    copy = thaw(document)
    store(copy, path, value) if value is not None else discard(copy, path)
    return copy


def carries(document: Mapping[str, Any], path: AttributePath) -> bool:
    """True when the document says something about a unit, be it that it is cleared."""
    *parents, name = _keys(path)
    container: Any = document
    for parent in parents:
        container = container.get(parent) if isinstance(container, Mapping) else None
    return isinstance(container, Mapping) and name in container


def without_nulls(document: Mapping[str, Any]) -> Document:
    """The document without what is cleared in it, nor what consists of nothing else."""
    kept = {
        name: without_nulls(value) if isinstance(value, Mapping) else value
        for name, value in document.items()
    }
    return {name: value for name, value in kept.items() if value is not None and value != {}}


def thaw(document: Mapping[str, Any]) -> Document:
    """A copy whose objects may be changed; lists and what is in them are shared, never changed in place."""
    return {name: thaw(value) if isinstance(value, dict) else value for name, value in document.items()}


def store(document: Document, path: AttributePath, value: Any) -> None:
    """Set a unit of a thawed document, in place; None is stored."""
    *parents, name = _keys(path)
    for parent in parents:
        document = document.setdefault(parent, {})
    document[name] = value


def discard(document: Document, path: AttributePath) -> None:
    """Remove a unit of a thawed document, in place, and the objects that it leaves empty."""
    containers = [document]
    *parents, name = _keys(path)
    for parent in parents:
        if not isinstance(containers[-1].get(parent), dict):
            return
        containers.append(containers[-1][parent])
    containers[-1].pop(name, None)
    for container, parent in zip(reversed(containers[:-1]), reversed(parents), strict=True):
        if not container[parent]:
            del container[parent]


def _keys(path: AttributePath) -> tuple[str, ...]:
    """The keys that lead to a unit, outermost first."""
    keys = (path.schema.urn, path.attribute.name) if path.extension else (path.attribute.name,)
    return (*keys, path.sub_attribute.name) if path.sub_attribute else keys
