"""Requests in outline: what was asked for by name and shape, without the values."""

import re
from collections.abc import Iterator
from typing import Any, Final

VALUE: Final = "…"
"""What stands for a value that is not kept."""

ELEMENTS: Final = 20
NODES: Final = 400
_NAMES: Final = frozenset({"schemas", "path", "op", "method", "bulkid"})
"""Members whose values are names; only what is quoted within them is a value."""

_PLAIN: Final = frozenset(
    {"", "true", "false", "work", "home", "mobile", "other", "fax", "pager", "primary", "direct"}
)
"""Texts that tell nothing about a person, and much about the client that sent them."""

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


def outline(body: Any) -> Any:
    """A JSON body with `VALUE` for every value that could tell something about a person.

    Of long lists the first elements are kept, of endless bodies the beginning.
    """
    room = [NODES]
    return _outline(body, "", room)


def without_values(text: str, body: Any) -> str:
    """A sentence about a body, with `VALUE` for the values that it quotes from there."""
    for value in sorted(set(_values(body)), key=len, reverse=True):
        if len(value) > 2:
            text = text.replace(value[:100], VALUE)
        else:
            text = re.sub(rf"([“\"]){re.escape(value)}([”\"])", rf"\1{VALUE}\2", text)
    return storable(text)


def without_quoted(text: str) -> str:
    """A path or filter, with `VALUE` for what is quoted in it."""
    plain = _QUOTED.sub(lambda found: found[0] if _is_plain(found[0][1:-1]) else f'"{VALUE}"', text)
    return storable(plain)


def storable(text: str) -> str:
    """A text as any database takes it: JSON can bring NUL and halves of characters along."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def in_outline(user_name: Any) -> str:
    """A user name by which those who know the person recognize them: `a…@example.com`."""
    if not isinstance(user_name, str) or not user_name.strip():
        return ""
    local, at, domain = user_name.strip().rpartition("@")
    return storable(f"{local[:1]}{VALUE}@{domain[:80]}" if at else f"{domain[:1]}{VALUE}")


def _outline(value: Any, member: str, room: list[int]) -> Any:
    room[0] -= 1
    if room[0] < 0:
        return VALUE
    match value:
        case dict():
            return {
                without_quoted(name[:200]): _outline(item, name.lower(), room) for name, item in value.items()
            }
        case list():
            kept = [_outline(item, member, room) for item in value[:ELEMENTS]]
            return kept if len(value) <= ELEMENTS else [*kept, f"{VALUE} and {len(value) - ELEMENTS:,} more"]
        case str() if member in _NAMES:
            return without_quoted(value[:300])
        case str() if _is_plain(value):
            return value
        case bool() | None:
            return value
    return VALUE


def _is_plain(text: str) -> bool:
    return text.casefold() in _PLAIN


def _values(value: Any) -> Iterator[str]:
    """The texts and numbers of a body that are not kept."""
    match value:
        case dict():
            for item in value.values():
                yield from _values(item)
        case list():
            for item in value:
                yield from _values(item)
        case str() if not _is_plain(value):
            yield value
            yield from (found[1:-1] for found in _QUOTED.findall(value))
        case int() | float() if not isinstance(value, bool):
            yield str(value)
