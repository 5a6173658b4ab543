"""Guesses about an unknown name: its type from its values, and the attribute it may be a spelling of."""

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from employees.attributes import Attribute
from employees.folding import fold
from scim.protocol.scalars import parse_boolean, parse_datetime, parse_decimal, parse_integer

ALIKE: Final = 0.8
"""From which difflib ratio on two names may mean the same: two slips in ten letters."""

LONGEST_OPTION: Final = 100

Type = Attribute.Type


def plain(value: Any) -> Any:
    """The value itself where a client wraps it: in a list of one, or in an object with `value`."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    return value


def guess_type(values: Iterable[Any]) -> Attribute.Type:
    """The narrowest type that takes every sample; an option when there is none."""
    samples = [plain(value) for value in values]
    for type_, fits in _FITS:
        if samples and all(fits(sample) for sample in samples):
            return type_
    short = all(len(str(sample)) <= LONGEST_OPTION and "\n" not in str(sample) for sample in samples)
    return Type.OPTION if short else Type.TEXT


def suggestion(name: str, attributes: Sequence[Attribute]) -> Attribute | None:
    """The attribute that the name looks like a spelling of, or None.

    Args:
        attributes: the candidates, with their aliases prefetched.
    """
    wanted = _letters(name)
    rated = [
        (SequenceMatcher(None, wanted, _letters(other), autojunk=False).ratio(), -at)
        for at, attribute in enumerate(attributes)
        for other in (
            attribute.name,
            attribute.legal_name,
            *(alias.name for alias in attribute.aliases.all()),
        )
    ]
    likeness, at = max(rated, default=(0.0, 0))
    return attributes[-at] if wanted and likeness >= ALIKE else None


def _letters(name: str) -> str:
    return "".join(character for character in fold(name) if character.isalnum())


def _is_code(value: Any) -> bool:
    """True for digits that are no quantity, such as the cost center 0042."""
    return isinstance(value, str) and value.strip().lstrip("+-")[:1] == "0" and value.strip().isdigit()


def _is_date(value: Any) -> bool:
    moment = parse_datetime(value)
    return moment is not None and (len(value.strip()) == len("2024-01-31") or "T00:00:00" in value)


_FITS: Final[tuple[tuple[Attribute.Type, Callable[[Any], bool]], ...]] = (
    (Type.BOOLEAN, lambda value: parse_boolean(value) is not None),
    (Type.NUMBER, lambda value: parse_integer(value) is not None and (not _is_code(value) or value == "0")),
    (Type.DECIMAL, lambda value: parse_decimal(value) is not None and not _is_code(value)),
    (Type.DATE, _is_date),
    (Type.DATETIME, lambda value: parse_datetime(value) is not None),
)
