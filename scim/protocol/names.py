"""Names in text: which declared attribute a name, URN-qualified or not, stands for."""

import re
from collections.abc import Iterable
from typing import Final

from employees.folding import fold

from .attributes import Attribute, AttributePath, ResourceType, Schema
from .errors import UnknownAttribute

REMEMBERED: Final = 10_000
"""How many spellings of names a resource type remembers; clients send the same few again and again."""

_BOUNDARY = frozenset(".[](),")
_BEFORE_OPERATOR = re.compile(r"(.+?)\s(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)(?![^\s()\[\]])", re.I | re.S)
_WORD = re.compile(r"[^\s\[\](),]+")
_BLANKS = re.compile(r"\s+")


def resolve(resource_type: ResourceType, name: str) -> AttributePath:
    """The attribute a full name stands for, as in `sortBy`, `attributes` and the members of a body.

    Args:
        name: `[URN:]attribute[.subAttribute]`, nothing before or after it but blanks.

    Raises:
        UnknownAttribute: the schema declares no such attribute.
    """
    path = resource_type.resolved.get(name)
    if path is None:
        path = _resolve(resource_type, name)
        if len(resource_type.resolved) < REMEMBERED:
            resource_type.resolved[name] = path
    return path


def _resolve(resource_type: ResourceType, name: str) -> AttributePath:
    schema, start = _scope(resource_type, name.strip(), 0)
    rest = name.strip()[start:]
    extension = resource_type.is_extension(schema)
    if attribute := schema.attribute(rest):
        return AttributePath(schema, attribute, None, extension)
    head, _, tail = rest.rpartition(".")
    attribute = schema.attribute(head) if head else None
    if attribute and (sub_attribute := attribute.sub_attribute(tail)):
        return AttributePath(schema, attribute, sub_attribute, extension)
    raise _unknown(schema, rest, start)


def match_attribute(resource_type: ResourceType, text: str, position: int) -> tuple[AttributePath, int]:
    """The longest declared name at a position of a text, and where it ends.

    A name ends before a blank, one of `. [ ] ( ) ,` or the end of the text, so that `emails` is not found in
    `emailsX`. Customers' names contain any of these characters, which is why the longest one wins.

    Raises:
        UnknownAttribute: no declared name begins there; `name` is the text up to the operator after it.
    """
    schema, start = _scope(resource_type, text, position)
    extension = resource_type.is_extension(schema)
    found = _longest(schema.keys, text, start)
    attribute = schema.attribute(found[0]) if found else None
    if found is None or attribute is None:
        raise _unknown(schema, _wording(text, start, start > position), start - position)
    end = found[1]
    if attribute.sub_attributes and text[end : end + 1] == ".":
        sub_attribute, end = match_sub_attribute(schema, attribute, text, end + 1)
        return AttributePath(schema, attribute, sub_attribute, extension), end
    return AttributePath(schema, attribute, None, extension), end


def match_sub_attribute(
    schema: Schema, attribute: Attribute, text: str, position: int
) -> tuple[Attribute, int]:
    """The longest sub-attribute name of an attribute at a position of a text, and where it ends.

    Raises:
        UnknownAttribute: the attribute has no such sub-attribute.
    """
    found = _longest(attribute.keys, text, position)
    sub_attribute = attribute.sub_attribute(found[0]) if found else None
    if found is None or sub_attribute is None:
        raise UnknownAttribute(f"{attribute.name}.{_wording(text, position, False)}", schema.urn)
    return sub_attribute, found[1]


def match_schema(resource_type: ResourceType, text: str, position: int) -> tuple[Schema, int] | None:
    """The longest known URN at a position of a text and where it ends; None when there is none."""
    for schema in resource_type.longest_urns:
        end = position + len(schema.urn)
        if text[position:end].casefold() == schema.urn.casefold() and (
            text[end : end + 1] == ":" or _ends(text, end)
        ):
            return schema, end
    return None


def _scope(resource_type: ResourceType, text: str, position: int) -> tuple[Schema, int]:
    """The schema a name belongs to and where the name itself begins."""
    if ":" in text and (found := match_schema(resource_type, text, position)):
        schema, end = found
        return schema, end + 1 if text[end : end + 1] == ":" else end
    return resource_type.root, position


def _longest(keys: Iterable[str], text: str, position: int) -> tuple[str, int] | None:
    """The first of `keys`, which come longest first, that stands at the position; and where it ends."""
    for key in keys:
        end = _match(key, text, position)
        if end is not None and _ends(text, end):
            return key, end
    return None


def _match(key: str, text: str, position: int) -> int | None:
    """Where a name in the form of `name_key` ends in the text; by character, since ß folds to two."""
    matched = 0
    while matched < len(key):
        if key[matched] == " ":
            blanks = _BLANKS.match(text, position)
            if blanks is None:
                return None
            matched, position = matched + 1, blanks.end()
            continue
        folded = fold(text[position : position + 1])
        if not folded or not key.startswith(folded, matched):
            return None
        matched, position = matched + len(folded), position + 1
    return position


def _ends(text: str, position: int) -> bool:
    return position >= len(text) or text[position].isspace() or text[position] in _BOUNDARY


def _wording(text: str, position: int, any_characters: bool) -> str:
    """The words of an unknown name, for the error; after a URN a name may have blanks in it."""
    pattern = _BEFORE_OPERATOR if any_characters else _WORD
    found = pattern.match(text, position) or _WORD.match(text, position)
    return found.group(found.re.groups).strip() if found else ""


def _unknown(schema: Schema, name: str, has_urn: int) -> UnknownAttribute:
    """An unknown name; what follows an unknown URN's last colon is the name."""
    urn, colon, rest = name.rpartition(":")
    if not has_urn and colon and name[:4].casefold() == "urn:":
        return UnknownAttribute(rest, urn)
    return UnknownAttribute(name, schema.urn)
