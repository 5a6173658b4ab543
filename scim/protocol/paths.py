"""The paths of PATCH operations (RFC 7644 §3.5.2)."""

import re
from dataclasses import dataclass

from .attributes import Attribute, AttributePath, ResourceType, Schema, Type
from .errors import InvalidFilter, InvalidPath, UnknownAttribute
from .filters import MAX_LENGTH, parse_value_filter
from .names import match_attribute, match_schema, match_sub_attribute, resolve
from .nodes import Node
from .scalars import FORBIDDEN

__all__ = ["Path", "match_attribute", "parse_path", "resolve"]

_NAME = r"[^\W\d][\w$-]*"
_UNKNOWN = re.compile(rf"[$]?{_NAME}(?:\.[$]?{_NAME})*(?:\[.+\](?:\.[$]?{_NAME})?)?", re.S)


@dataclass(frozen=True)
class Path:
    """What a PATCH operation is aimed at.

    `target` is the attribute or sub-attribute; it is None for a bare schema URN, and then `schema` is set.
    `filter` selects elements of the attribute.
    """

    target: AttributePath | None = None
    schema: Schema | None = None
    filter: Node | None = None

    @property
    def sub_attribute(self) -> Attribute | None:
        return self.target.sub_attribute if self.target else None


def parse_path(resource_type: ResourceType, text: str) -> Path:
    """The path of a PATCH operation.

    Args:
        text: `attr`, `attr.sub`, `attr[filter]`, `attr[filter].sub`, all also after `URN:`; or a URN alone.

    Raises:
        InvalidPath: the text is no path; says where and what was expected.
        UnknownAttribute: it is one, of an attribute that is not declared.
    """
    text = text.strip()
    if not text or len(text) > MAX_LENGTH or FORBIDDEN.search(text):
        raise InvalidPath(
            f"A path has 1 to {MAX_LENGTH} characters and neither NUL nor half of a surrogate pair in it."
        )
    found = match_schema(resource_type, text, 0)
    if found and found[1] == len(text):
        return Path(schema=found[0])
    try:
        return Path(resolve(resource_type, text))
    except UnknownAttribute as unknown:
        return _parse_parts(resource_type, text, found, unknown)


def _parse_parts(
    resource_type: ResourceType, text: str, urn: tuple[Schema, int] | None, unknown: UnknownAttribute
) -> Path:
    try:
        target, end = match_attribute(resource_type, text, 0)
    except UnknownAttribute:
        raise _refusal(resource_type, text, urn, unknown) from None
    free = urn is not None and resource_type.is_extension(urn[0]) and target.leaf.type is not Type.COMPLEX
    if text[end:].lstrip().startswith("[") and not free:
        return _parse_value_path(resource_type, target, text, text.index("[", end))
    if free:
        raise unknown
    if text[end : end + 1] == ".":
        raise _refusal(resource_type, text, urn, unknown)
    raise InvalidPath(f'At character {end + 1} of the path: expected ".", "[" or the end after {target}.')


def _parse_value_path(resource_type: ResourceType, target: AttributePath, text: str, position: int) -> Path:
    try:
        node, end = parse_value_filter(resource_type, target, text, position)
    except InvalidFilter as error:
        raise InvalidPath(f"In the path: {error.detail}") from error
    if end == len(text):
        return Path(target, filter=node)
    if text[end] != "." or end + 1 == len(text):
        raise InvalidPath(
            f'At character {end + 1} of the path: expected "." and a sub-attribute, or the end.'
        )
    sub_attribute, stop = match_sub_attribute(target.schema, target.attribute, text, end + 1)
    if stop != len(text):
        raise InvalidPath(f"At character {stop + 1} of the path: expected the end.")
    return Path(AttributePath(target.schema, target.attribute, sub_attribute, target.extension), filter=node)


def _refusal(
    resource_type: ResourceType, text: str, urn: tuple[Schema, int] | None, unknown: UnknownAttribute
) -> InvalidPath | UnknownAttribute:
    """Unknown or malformed: names in an extension may have any characters, core names may not."""
    start = urn[1] + 1 if urn else 0
    if not text[start:]:
        return InvalidPath("At the end of the path: expected an attribute name after the URN.")
    if urn and resource_type.is_extension(urn[0]):
        return unknown
    if text[:4].casefold() == "urn:" and not urn:
        return unknown
    if _UNKNOWN.fullmatch(text, start):
        return unknown
    return InvalidPath(
        f"At character {start + 1} of the path: expected attribute, attribute.sub or attribute[filter]."
    )
