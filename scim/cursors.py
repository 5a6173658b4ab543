"""The cursors of RFC 9865: where a walk through a search has come to, opaque and signed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, is_dataclass
from typing import Any, Final

from django.core import signing

from .protocol.attributes import AttributePath
from .protocol.errors import ExpiredCursor, InvalidCursor
from .protocol.messages import SearchRequest

TIMEOUT: Final = 3600
"""Seconds between two pages of a walk."""

FIXED: Final = ("filter", "sortBy", "sortOrder")
"""The parameters that say who comes in which order."""

# One of the characters that a cursor may have (RFC 9865 §2) and base64 does not.
_SEPARATOR: Final = "~"


@dataclass(frozen=True)
class Cursor:
    """What the next page of a walk needs to know.

    Args:
        asked: the fingerprint of what must stay the same, by the names in `FIXED`.
        count: people on a page.
        total: everybody who matched when the walk began.
        position: the sort keys and the primary key of the last person given, or that key alone.
    """

    asked: Sequence[str]
    count: int
    total: int
    position: Sequence[Any]

    @classmethod
    def read(cls, text: str, provider: str) -> "Cursor":
        """The cursor that `text` is.

        Raises:
            ExpiredCursor: it is older than `TIMEOUT`.
            InvalidCursor: it was not given out here, or to another identity provider.
        """
        try:
            return cls(*_signer(provider).unsign_object(text, max_age=TIMEOUT))
        except signing.SignatureExpired:
            raise ExpiredCursor(
                f"The cursor is older than {TIMEOUT} seconds; begin anew with an empty cursor."
            ) from None
        except signing.BadSignature:
            raise InvalidCursor(
                "The cursor was not given to this identity provider; send the nextCursor of the page before "
                "as it came, or an empty cursor to begin anew."
            ) from None

    def text(self, provider: str) -> str:
        """The cursor as that identity provider gets it."""
        return _signer(provider).sign_object(astuple(self), compress=True)

    def check(self, asked: Sequence[str]) -> None:
        """Refuses to go on with another search than the walk began with.

        Raises:
            InvalidCursor: says which parameter is another one.
        """
        for name, before, now in zip(FIXED, self.asked, asked, strict=True):
            if before != now:
                raise InvalidCursor(
                    f"The cursor belongs to a search with another {name}; repeat it as it was, "
                    "or begin anew with an empty cursor."
                )


def fingerprint(request: SearchRequest) -> list[str]:
    """What the parameters in `FIXED` mean, whatever their spelling and the present names of attributes."""
    return [_digest(part) for part in (request.filter, request.sort_by, request.descending)]


def _digest(part: Any) -> str:
    return hashlib.sha256(json.dumps(_meaning(part)).encode()).hexdigest()[:12]


def _meaning(part: Any) -> Any:
    """A part of a request as JSON; an attribute is what backs it, so a new one of its name is another."""
    if isinstance(part, AttributePath):
        sub_attribute = part.sub_attribute and part.sub_attribute.name
        return [part.schema.urn, repr(part.attribute.source), sub_attribute, repr(part.leaf.source)]
    if isinstance(part, tuple):
        return [_meaning(item) for item in part]
    if is_dataclass(part):
        return [type(part).__name__, *(_meaning(getattr(part, field.name)) for field in fields(part))]
    return str(part)


def _signer(provider: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"scim.cursors.{provider}", sep=_SEPARATOR)
