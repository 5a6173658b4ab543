"""The shape of a bearer token: a recognisable prefix, 256 random bits and a checksum."""

import hashlib
import re
import secrets
import string
import zlib
from typing import Final

PREFIX: Final = "peakon_scim_"
RANDOM_BITS: Final = 256
BODY_LENGTH: Final = 43  # 62**43 > 2**256
CHECKSUM_LENGTH: Final = 6  # 62**6 > 2**32
HINT_LENGTH: Final = 4

_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SHAPE: Final = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{BODY_LENGTH + CHECKSUM_LENGTH}}}")


def generate() -> str:
    """A new token: prefix, 256 bits from the operating system in base 62, CRC-32 of both in base 62."""
    text = PREFIX + _base62(secrets.randbits(RANDOM_BITS), BODY_LENGTH)
    return text + _checksum(text)


def well_formed(text: str) -> bool:
    """True when the text could be a token: a typing error is found without asking the database."""
    if not _SHAPE.fullmatch(text):
        return False
    return text[-CHECKSUM_LENGTH:] == _checksum(text[:-CHECKSUM_LENGTH])


def digest(text: str) -> str:
    """What the database keeps of a token: its SHA-256 in 64 hexadecimal digits.

    256 random bits cannot be guessed, so a slow password hash would cost every request and gain nothing.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def hint(text: str) -> str:
    """The last four characters, by which people tell tokens apart."""
    return text[-HINT_LENGTH:]


def _checksum(text: str) -> str:
    return _base62(zlib.crc32(text.encode()), CHECKSUM_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, remainder = divmod(number, len(_BASE62))
        digits.append(_BASE62[remainder])
    return "".join(reversed(digits))
