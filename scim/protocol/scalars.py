"""Single values read from what clients write: booleans, numbers and times, and text a database can hold."""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

FORBIDDEN: Final = re.compile("[\0\ud800-\udfff]")
"""NUL and lone surrogates: neither database stores them."""

MAX_NESTING: Final = 64

_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,3})?")
_DATETIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_MAX_EXPONENT = 300
_INTEGERS = range(-(2**63), 2**63)


def parse_boolean(value: Any) -> bool | None:
    """A boolean, or its name in any case (Entra ID sends "False"); None when it is neither."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None


def parse_decimal(value: Any) -> Decimal | None:
    """A finite number, or the text of one; None when it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and value.bit_length() > 1024:
        return None
    text = str(value).strip() if isinstance(value, str | int | float | Decimal) else ""
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number if number.adjusted() <= _MAX_EXPONENT else None


def canonical_number(value: Any) -> int | float | None:
    """A number as JSON and both databases keep it: whole up to 15 digits, else the nearest double."""
    number = parse_decimal(value)
    if number is None:
        return None
    nearest = float(number)
    return int(nearest) if nearest.is_integer() and number.adjusted() < 15 else nearest


def parse_integer(value: Any) -> int | None:
    """A whole number of 64 bits, also as 50000.0 or "50000"; None when it is none."""
    number = parse_decimal(value)
    if number is None or number.adjusted() > 18 or number != number.to_integral_value():
        return None
    return int(number) if int(number) in _INTEGERS else None


def parse_datetime(value: Any, *, whole_day: bool = False) -> datetime | None:
    """An xsd:dateTime or a plain date, in UTC; a missing offset means UTC, digits after µs are cut off.

    Args:
        whole_day: takes the midnight of the day as written: nobody's date of birth depends on a time zone.

    Returns:
        None when it is neither, or a moment that no calendar has.
    """
    found = _DATETIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    day, clock, fraction, offset = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00:00'}.{(fraction or '0')[:6]:0<6}")
        in_utc = moment.replace(tzinfo=_zone(offset)).astimezone(UTC)
        return datetime.combine(moment, time.min, UTC) if whole_day else in_utc
    except (ValueError, OverflowError):
        return None


def render_datetime(moment: datetime) -> str:
    """The xsd:dateTime of a moment, in UTC with a `Z` (RFC 7643 §2.3.5)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def forbidden_in(value: Any) -> str | None:
    """What a JSON value has in its keys or texts that cannot be stored; None when it is fine.

    Walks without recursion: the nesting of what a client sends has no bound of its own.
    """
    level = [value]
    for _ in range(MAX_NESTING):
        below: list[Any] = []
        for item in level:
            if isinstance(item, str) and FORBIDDEN.search(item):
                return "a NUL character or half of a surrogate pair"
            if isinstance(item, dict):
                below += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                below += item
        if not below:
            return None
        level = below
    return f"more than {MAX_NESTING} levels of nesting"


def _zone(offset: str | None) -> timezone:
    """The time zone of an xsd:dateTime offset, which goes up to 14 hours."""
    if offset in (None, "Z"):
        return UTC
    hours, minutes = offset[1:].split(":")
    if int(minutes) > 59 or int(hours) * 60 + int(minutes) > 14 * 60:
        raise ValueError("an offset is 14:00 at most")
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-distance if offset[0] == "-" else distance)
