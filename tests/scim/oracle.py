"""What the values of attributes mean, told from how they are made: an oracle that reads no values."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
NUMBERS = (0, -1, 7, 2**31, 2**53 - 1, -(2**53) + 1, 2**53 + 1, 2**63 - 1, -(2**63))
DECIMALS = (0, -0.0, 1e-7, -1e-7, 0.1, 1.5, -2.75, 2**53 - 1, 1e15, 1e16, 1e20, 1e300, 5e-324, 123456.789)
OPTIONS = (
    "Oslo",
    "OSLO",
    "o" * 256,
    "部" * 256,
    "5",
    " Oslo ",
    "true",
    'say "hi"',
    "a\\b",
    "Straße",
    "STRASSE",
)
LONG_TEXTS = ("x" * 4_000, "línea\nlínea\t", "a%b_c", "Ａ１", "İ", "é", "e\u0301", "👩‍💻")
DAYS = (date(1, 1, 1), date(1899, 12, 31), date(1970, 1, 1), date(2000, 2, 29), date(2024, 2, 29))
MOMENTS = (
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2024, 3, 1, tzinfo=UTC),
    datetime(2024, 3, 1, 0, 0, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC),
)
OFFSETS = (-14 * 60, -8 * 60, -30, 0, 90, 5 * 60 + 45, 14 * 60)


@dataclass(frozen=True)
class Value:
    """A value as a client sends it.

    Args:
        sent: the JSON of a body.
        answered: the JSON of every answer, or None when the value is none.
        key: what it compares and sorts by, with others of its type.
        literal: what stands for it in a filter, as a Python value.
    """

    sent: Any
    answered: Any
    key: Any
    literal: Any


NOTHING = Value(None, None, None, None)
Strategy = st.SearchStrategy[Value]


def folded(text: str) -> str:
    """A text as it compares without case (RFC 7643 §2.3.1 for a `caseExact` of false)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def texts(edges: Sequence[str]) -> Strategy:
    return (st.sampled_from(edges) | TEXTS).map(lambda text: Value(text, text, folded(text), text))


def numbers() -> Strategy:
    values = st.sampled_from(NUMBERS) | st.integers(-(2**63), 2**63 - 1)
    return values.flatmap(
        lambda number: st.sampled_from([*_numerals(number)]).map(
            lambda sent: Value(sent, number, number, sent)
        )
    )


def _numerals(number: int) -> Iterator[Any]:
    yield from (number, str(number), f" {number} ", f"{number}.0")
    if abs(number) < 2**53:
        yield float(number)


def decimals() -> Strategy:
    values = st.sampled_from(DECIMALS) | st.floats(-1e300, 1e300)
    return values.flatmap(
        lambda number: st.sampled_from([number, repr(number), f" {number!r}"]).map(
            lambda sent: Value(sent, float(number), float(number), sent)
        )
    )


def booleans() -> Strategy:
    spellings = {True: (True, "True", "true", " TRUE"), False: (False, "False", "false", "FALSE ")}
    pairs = [(value, sent) for value, sents in spellings.items() for sent in sents]
    return st.sampled_from(pairs).map(lambda pair: Value(pair[1], pair[0], pair[0], pair[1]))


def dates() -> Strategy:
    forms = ("{}", "{}T00:00:00Z", "{}T00:00:00", "{}T00:00:00.000Z", "{}T00:00:00+00:00")
    days = st.sampled_from(DAYS) | st.dates()
    return st.tuples(days, st.sampled_from(forms)).map(
        lambda pair: _moment(datetime(*pair[0].timetuple()[:3], tzinfo=UTC), pair[1].format(pair[0]))
    )


def datetimes() -> Strategy:
    span = (datetime(1, 1, 2), datetime(9999, 12, 30))  # noqa: DTZ001
    moments = st.sampled_from(MOMENTS) | st.datetimes(*span, timezones=st.just(UTC))
    return st.tuples(moments, st.sampled_from(OFFSETS)).map(lambda pair: _moment(pair[0], _at(*pair)))


def _at(moment: datetime, minutes: int) -> str:
    """The moment as clocks show it at that offset."""
    return moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()


def _moment(moment: datetime, sent: str) -> Value:
    return Value(sent, moment.isoformat().removesuffix("+00:00") + "Z", moment, sent)


def colleagues(names: Mapping[str, Sequence[str]]) -> Strategy:
    """References to people.

    Args:
        names: by SCIM id, every text that means that person.
    """
    pairs = [(name, employee_id) for employee_id, known in names.items() for name in (employee_id, *known)]
    present = st.sampled_from(pairs + [(name.upper(), who) for name, who in pairs if "@" in name])
    absent = TEXTS.map(lambda text: (f"nobody {text}@example.com", f"nobody {text}@example.com"))
    wrappings: list[Callable[[str], Any]] = [
        str,
        lambda text: {"value": text},
        lambda text: [{"value": text}],
    ]
    return st.tuples(present | absent, st.sampled_from([*wrappings, lambda text: [text]])).map(
        lambda drawn: Value(drawn[1](drawn[0][0]), {"value": drawn[0][1]}, folded(drawn[0][1]), drawn[0][1])
    )


def strategies(names: Mapping[str, Sequence[str]]) -> dict[str, Strategy]:
    """By the name of an attribute's type, its values; about every sixth is none."""
    plain = {
        "option": texts(OPTIONS),
        "text": texts(LONG_TEXTS),
        "number": numbers(),
        "decimal": decimals(),
        "boolean": booleans(),
        "date": dates(),
        "datetime": datetimes(),
        "employee": colleagues(names),
    }
    nothing = st.sampled_from([NOTHING, Value("", None, None, None)])
    return {
        type_: st.one_of(values, values, values, values, values, nothing) for type_, values in plain.items()
    }
