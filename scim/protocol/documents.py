"""Resources as documents: read from bodies, checked, merged by PUT, shown in part."""

from collections.abc import Callable, Mapping
from typing import Any

from .attributes import AttributePath, Mutability, ResourceType
from .bodies import Incoming, parse_resource
from .errors import InvalidValue
from .errors import Mutability as MutabilityError
from .projection import Projection
from .units import Document, carries, discard, get, put, store, thaw, without_nulls
from .values import Ignored

__all__ = [
    "Document",
    "Ignored",
    "Incoming",
    "Projection",
    "carries",
    "check_immutable",
    "check_required",
    "get",
    "merge_put",
    "parse_resource",
    "put",
    "without_nulls",
]


def check_required(resource_type: ResourceType, document: Mapping[str, Any]) -> None:
    """Refuse a document in which a required attribute has no value; blanks alone are none.

    Raises:
        InvalidValue: names the attribute.
    """
    for path in resource_type.required:
        if is_blank(get(document, path)):
            raise InvalidValue(f"{path} is required: send a value for it.")


def check_immutable(resource_type: ResourceType, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse another value for an immutable attribute that has one (RFC 7643 §7).

    Raises:
        Mutability: names the attribute.
    """
    for path in resource_type.units():
        if path.leaf.mutability is Mutability.IMMUTABLE:
            old = get(before, path)
            if old is not None and old != get(after, path):
                raise MutabilityError(f"{path} is immutable: once set it keeps its value.")


def merge_put(
    resource_type: ResourceType,
    before: Document,
    incoming: Document,
    owned: Callable[[AttributePath], bool],
) -> Document:
    """What a resource is after a PUT.

    A request often carries only what changed (a real connector against Peakon does that), and several
    identity providers feed one resource. So what is carried replaces, what is omitted is cleared only when
    this client owns it; required attributes and `active` are never cleared by omission.

    Args:
        incoming: the document of `parse_resource`; None stands for cleared.
        owned: whether this client was the one to set the unit.

    Raises:
        InvalidValue: a required attribute is given as null.
        Mutability: an immutable attribute would change.
    """
    after = thaw(before)
    for path in resource_type.units():
        if path.leaf.read_only or path.attribute.read_only:
            continue
        if carries(incoming, path):
            _replace(after, path, get(incoming, path))
        elif not path.leaf.required and path.name != "active" and owned(path):
            discard(after, path)
    check_immutable(resource_type, before, after)
    return after


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _replace(document: Document, path: AttributePath, value: Any) -> None:
    if value is not None:
        store(document, path, _described(path, get(document, path), value))
    elif path.leaf.required:
        raise InvalidValue(f"{path} is required: it cannot be cleared.")
    else:
        discard(document, path)


def _described(path: AttributePath, before: Any, value: Any) -> Any:
    """A value with the read-only parts it had: sent back as GET gave it, a manager has not changed."""
    same = isinstance(before, dict) and isinstance(value, dict) and before.get("value") == value.get("value")
    if not same:
        return value
    parts = {
        sub.name: before[sub.name] for sub in path.leaf.sub_attributes if sub.read_only and sub.name in before
    }
    return value | parts
