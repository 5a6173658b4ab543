"""How many employees have a value of an attribute, counted in the index of values."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from .models import Attribute, Employee, SearchKey

MANAGER = "manager"
SHOWN_OPTIONS = 100


def people_with(attributes: Iterable[Attribute]) -> dict[str, int]:
    """How many people present have a value, by the fact of the attribute.

    One query counts all but the manager, who has a column and no entry in the index.
    """
    facts = [attribute.fact for attribute in attributes]
    counts = dict(_values(facts).values_list("name").annotate(Count("employee", distinct=True)))
    if MANAGER in facts:
        led = ~Q(manager=None) | ~Q(manager_awaited_key="")
        counts[MANAGER] = Employee.objects.present().filter(led).count()
    return counts


def options_of(attribute: Attribute) -> list[tuple[str, int]]:
    """The options people have, with how many have each; the most frequent ones first, at most a hundred."""
    options = _values([attribute.fact]).annotate(option=KeyTextTransform("value", "raw"))
    counted = options.values("option", "key").annotate(people=Count("employee", distinct=True))
    return list(counted.order_by("-people", "key").values_list("option", "people")[:SHOWN_OPTIONS])


def _values(facts: list[str]) -> QuerySet[SearchKey]:
    return SearchKey.objects.filter(name__in=facts, employee__deleted_at=None)
