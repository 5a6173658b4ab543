"""A kind of refusal: what it is recognized by, and what to tell of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .models import LogEntry


@dataclass(frozen=True)
class Case:
    """A kind of refusal.

    Args:
        fix: what to do with any identity provider.
        fixes: what to do instead with those of a kind, in the words of their own pages.
        scim_type: of RFC 7644 §3.12, as a regular expression for the whole of it; None for any.
        detail: what is found in the sentence that was answered, as a regular expression.
        target: what is found in the path that was asked for.
    """

    status: int
    title: str
    cause: str
    fix: str
    fixes: Mapping[str, str] = field(default_factory=dict)
    scim_type: str | None = None
    detail: str = ""
    target: str = ""

    def covers(self, entry: LogEntry) -> bool:
        return (
            self.status == entry.status
            and (self.scim_type is None or re.fullmatch(self.scim_type, entry.scim_type) is not None)
            and re.search(self.detail, entry.detail) is not None
            and re.search(self.target, entry.target) is not None
        )
