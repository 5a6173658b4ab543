"""How text is compared without case, in the database and in memory alike."""

import hashlib
import unicodedata

INDEXED_BYTES = 1000
"""What a B-tree entry may hold; PostgreSQL refuses more than 2,704 bytes."""


def fold(text: str) -> str:
    """The case-folded form of a text: ß and SS, É and é, full-width and plain letters agree everywhere."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def fits_index(text: str) -> bool:
    """True when the folded form of a text can stand in an index as it is."""
    return len(fold(text).encode()) <= INDEXED_BYTES


def index_key(text: str) -> str:
    """A key that is equal exactly when the folded texts are, short enough for an index whatever the text."""
    folded = fold(text)
    encoded = folded.encode()
    return folded if len(encoded) <= INDEXED_BYTES else "sha256:" + hashlib.sha256(encoded).hexdigest()


def searchable(term: str) -> str:
    """A search term to compare with folded columns; without NUL, which PostgreSQL refuses and no name has."""
    return fold(term.replace("\0", ""))
