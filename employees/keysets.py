"""Long lists a page at a time, in the order of their keys: as quick at the end as at the beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

SHOWN: Final = 100


@dataclass(frozen=True)
class Keyset:
    """A page of rows.

    Attributes:
        after: the key of the last row of the page before, 0 on the first page.
        following: the same for the next page, None on the last.
    """

    rows: Sequence[Any]
    after: int
    following: int | None


def keyset(rows: QuerySet[Any], after: int = 0, by: str = "pk") -> Keyset:
    """The rows after a key; one query.

    Args:
        by: the field that has the key: one whose index has these rows beside each other.
    """
    found = list(rows.filter(**{f"{by}__gt": after}).order_by(by)[: SHOWN + 1])
    return Keyset(found[:SHOWN], after, getattr(found[SHOWN - 1], by) if len(found) > SHOWN else None)


def key_in(text: str | None) -> int:
    """A key from an address or a form, 0 for anything else."""
    key = int(text) if text and text.isascii() and text.isdigit() and len(text) < 20 else 0
    return key if key < 2**63 else 0
