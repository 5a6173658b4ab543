"""Entity tags and the conditions that requests put on them (RFC 7644 §3.14, RFC 9110 §13.1)."""

import re
from dataclasses import dataclass
from typing import Final

from .errors import InvalidSyntax, PreconditionFailed

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*")


@dataclass(frozen=True)
class Precondition:
    """The versions that a write may find; None for any.

    Weak and strong tags compare alike: the versions here are weak, and RFC 7644 §3.14 sends them in If-Match.
    """

    tags: frozenset[str] | None = None

    @classmethod
    def parse(cls, header: str | None, name: str = "If-Match") -> "Precondition":
        """The condition of an If-Match header, or of the `version` of a bulk operation.

        Raises:
            InvalidSyntax: neither * nor a list of entity tags.
        """
        return cls(parse_tags(header, name)) if header is not None else cls()

    def check(self, version: str) -> None:
        """Raises PreconditionFailed when the resource has another version."""
        if self.tags is not None and opaque(version) not in self.tags:
            raise PreconditionFailed(
                f"The user has the version {version} by now; read them again and repeat the change on that."
            )


def parse_tags(header: str, name: str) -> frozenset[str] | None:
    """The entity tags of an If-Match or If-None-Match header without W/; None for *.

    Raises:
        InvalidSyntax: it holds something else.
    """
    if header.strip() == "*":
        return None
    if not _TAGS.fullmatch(header):
        raise InvalidSyntax(f'{name} must be * or a list of entity tags such as W/"3".')
    return frozenset(opaque(tag) for tag in re.findall(_TAG, header))


def opaque(tag: str) -> str:
    """An entity tag without the mark of a weak one."""
    return tag.removeprefix("W/")
