"""What the attribute inbox shows of each unknown name, read with four queries."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from employees.attributes import Attribute

from .inbox_guesses import guess_type, suggestion
from .models import UnknownAttribute, UnknownValue

EXAMINED: Final = 50
"""Values that a guess looks at."""

SAMPLES: Final = 3
SAMPLE_LENGTH: Final = 60


@dataclass(frozen=True)
class Row:
    """An unknown name with what came under it.

    `holder` is the attribute that answers to the name by now; then these are the values left over.
    """

    unknown: UnknownAttribute
    people: int
    identity_providers: list[str]
    samples: list[str]
    type: Attribute.Type
    holder: Attribute | None
    suggestion: Attribute | None


def waiting() -> QuerySet[UnknownAttribute]:
    """The names that an administrator has not decided about, the latest first."""
    return UnknownAttribute.objects.filter(dismissed_at=None)


def dismissed() -> QuerySet[UnknownAttribute]:
    return UnknownAttribute.objects.exclude(dismissed_at=None).order_by("name_key")


def all_attributes() -> list[Attribute]:
    """Every attribute with its aliases, active or not; two queries."""
    return list(Attribute.objects.prefetch_related("aliases"))


def rows(names: Sequence[UnknownAttribute], attributes: Sequence[Attribute]) -> list[Row]:
    """What to show of those names; four queries."""
    values = UnknownValue.objects.filter(unknown__in=names, employee__deleted_at=None).order_by()
    counted = values.values_list("unknown").annotate(Count("employee", distinct=True))
    people: dict[int, int] = dict(counted)
    providers: dict[int, list[str]] = defaultdict(list)
    for pk, name in values.values_list("unknown", "identity_provider__name").distinct():
        providers[pk].append(name)
    holders, examined = _holders(attributes), _examined(names)
    return [
        _row(
            name,
            people.get(name.pk, 0),
            sorted(providers[name.pk]),
            examined[name.pk],
            holders.get(name.name_key),
            attributes,
        )
        for name in names
    ]


def _examined(names: Sequence[UnknownAttribute]) -> dict[int, list[tuple[Any, str]]]:
    """The first values of each name, with their notes; two queries."""
    values = UnknownValue.objects.order_by("pk")
    last = values.filter(unknown=OuterRef("pk")).values("pk")[EXAMINED - 1 : EXAMINED]
    bounds = UnknownAttribute.objects.filter(pk__in=[name.pk for name in names]).annotate(last=Subquery(last))
    those = Q(pk__in=[])
    for pk, bound in bounds.order_by().values_list("pk", "last"):
        those |= Q(unknown=pk, pk__lte=bound) if bound else Q(unknown=pk)
    found: dict[int, list[tuple[Any, str]]] = defaultdict(list)
    for pk, value, note in values.filter(those).values_list("unknown", "value", "note"):
        found[pk].append((value, note))
    return found


def _row(
    unknown: UnknownAttribute,
    people: int,
    providers: list[str],
    examined: Sequence[tuple[Any, str]],
    holder: Attribute | None,
    attributes: Sequence[Attribute],
) -> Row:
    samples = list(dict.fromkeys(note or _sample(value) for value, note in examined))[:SAMPLES]
    return Row(
        unknown,
        people,
        providers,
        samples,
        guess_type(value for value, note in examined if not note),
        holder,
        None if holder else suggestion(unknown.name, attributes),
    )


def _holders(attributes: Sequence[Attribute]) -> dict[str, Attribute]:
    return {
        key: attribute
        for attribute in attributes
        for key in (
            attribute.name_key,
            attribute.legal_name_key,
            *(alias.name_key for alias in attribute.aliases.all()),
        )
    }


def _sample(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…"
