"""The operations of a PATCH body, each brought down to one target (RFC 7644 §3.5.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from .attributes import Attribute, AttributePath, ResourceType, Schema, name_key
from .bodies import require_object, unknown_members
from .errors import InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget, UnknownAttribute
from .evaluate import has_value
from .nodes import Node
from .paths import parse_path
from .scalars import forbidden_in
from .values import Ignored, kind

MAX_OPERATIONS: Final = 1_000
MISSING: Final = object()


class Verb(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True)
class Operation:
    """One verb on one attribute or sub-attribute, of all its elements or of those a filter selects.

    `value` is `MISSING` when the operation came without one. An operation on something the schema does not
    know has no target and only says what was `ignored`.
    """

    verb: Verb
    target: AttributePath | None = None
    filter: Node | None = None
    value: Any = MISSING
    ignored: tuple[Ignored, ...] = ()

    @property
    def sub_attribute(self) -> Attribute | None:
        return self.target.sub_attribute if self.target else None


def parse_operations(resource_type: ResourceType, body: Any) -> tuple[Operation, ...]:
    """The operations of a PatchOp message.

    An operation without a path, or on a schema URN, becomes one for each member of its value; the members are
    themselves paths: plain, dotted, URN-qualified, nested under a URN, or with a filter (Entra ID).

    Raises:
        InvalidSyntax: the message has no list of 1 to 1,000 operations, or one is none; says which.
        InvalidPath: a path is malformed.
        InvalidValue: an add or replace has no value that fits its path.
        NoTarget: a remove has no path.
        Mutability: a path leads to a read-only attribute.
    """
    members = require_object(body, "A PATCH body")
    if problem := forbidden_in(body):
        raise InvalidValue(f"The request body has {problem} in it.")
    listed = _member(members, "operations")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_OPERATIONS:
        raise InvalidSyntax(f"A PATCH body has Operations, a list of 1 to {MAX_OPERATIONS} objects.")
    return tuple(
        operation for index, item in enumerate(listed) for operation in _parse(resource_type, item, index)
    )


def _parse(resource_type: ResourceType, item: Any, index: int) -> Iterator[Operation]:
    where = f"Operations[{index}]"
    members = require_object(item, where)
    verb = _verb(_member(members, "op"), where)
    path, value = _member(members, "path"), _member(members, "value")
    if verb is not Verb.REMOVE and value is MISSING:
        raise InvalidValue(f"{where}: {verb} needs a value; remove is what clears without one.")
    if path is MISSING or path is None:
        if verb is Verb.REMOVE:
            raise NoTarget(f"{where}: remove needs a path that says what to remove.")
        yield from _expand(resource_type, verb, value, where, "")
    elif isinstance(path, str):
        yield from _targeted(resource_type, verb, path, value, where)
    else:
        raise InvalidPath(f"{where}: path must be a string, not {kind(path)}.")


def _targeted(
    resource_type: ResourceType, verb: Verb, text: str, value: Any, where: str
) -> Iterator[Operation]:
    """The operation of an explicit path."""
    try:
        path = parse_path(resource_type, text)
    except UnknownAttribute as unknown:
        sent = None if value is MISSING else value
        yield Operation(verb, ignored=tuple(unknown_members(unknown, text, sent)))
        return
    except InvalidPath as error:
        raise InvalidPath(f"{where}: {error.detail}") from error
    if path.schema is not None:
        yield from _on_schema(resource_type, verb, path.schema, value, where)
    elif path.target and (path.target.leaf.read_only or path.target.attribute.read_only):
        raise Mutability(f"{where}: {path.target} is readOnly; only the service provider sets it.")
    else:
        yield Operation(verb, path.target, path.filter, value)


def _on_schema(
    resource_type: ResourceType, verb: Verb, schema: Schema, value: Any, where: str
) -> Iterator[Operation]:
    """An operation on a bare URN is one on each attribute of the schema that its value has."""
    clears = verb is Verb.REMOVE or (not has_value(value) and not isinstance(value, Mapping))
    if not clears:
        yield from _expand(resource_type, verb, value, where, f"{schema.urn}:")
        return
    extension = resource_type.is_extension(schema)
    for attribute in schema.attributes:
        if not attribute.read_only:
            target = AttributePath(schema, attribute, None, extension)
            yield Operation(verb, target, value=MISSING if verb is Verb.REMOVE else None)


def _expand(
    resource_type: ResourceType, verb: Verb, value: Any, where: str, prefix: str
) -> Iterator[Operation]:
    """One operation for each member of a value object; the read-only ones are skipped."""
    if not isinstance(value, Mapping):
        raise InvalidValue(f"{where}: without the path of an attribute the value must be an object.")
    for name, item in require_object(value, f"{where}.value").items():
        if name_key(name) == "schemas":
            continue
        try:
            path = parse_path(resource_type, prefix + name)
        except UnknownAttribute as unknown:
            yield Operation(verb, ignored=tuple(unknown_members(unknown, prefix + name, item)))
        except InvalidPath as error:
            if "[" in name:
                raise InvalidPath(f"{where}: {error.detail}") from error
            yield Operation(verb, ignored=(Ignored(resource_type.schema.urn, name, item),))
        else:
            if path.schema is not None:
                yield from _on_schema(resource_type, verb, path.schema, item, where)
            elif path.target and not (path.target.leaf.read_only or path.target.attribute.read_only):
                yield Operation(verb, path.target, path.filter, item)


def _member(members: Mapping[str, Any], name: str) -> Any:
    """A member of a message by its lower-case name, in any case (libraries in Pascal case)."""
    return next((value for key, value in members.items() if key.lower() == name), MISSING)


def _verb(value: Any, where: str) -> Verb:
    if isinstance(value, str) and value.lower() in frozenset(Verb):
        return Verb(value.lower())
    given = f'"{value[:40]}"' if isinstance(value, str) else "missing" if value is MISSING else kind(value)
    raise InvalidSyntax(f"{where}: op is {given}; it must be add, remove or replace.")
