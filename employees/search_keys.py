"""The index entries of an employee's lists, external ids and attributes, derived from its columns."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from . import facts, rows
from .attributes import ATTRIBUTE_FACT
from .folding import index_key
from .models import Employee, SearchKey

AWAITS: Final = "awaits"
"""Name of the further entry of a reference that waits: its text, and in `raw` the fact that it stands in."""

REFERS: Final = "refers"
"""Name of the further entry of a reference that is bound: the SCIM id, and in `raw` the fact."""


def is_indexed(fact: str) -> bool:
    """True when a fact's single value has an entry of its own."""
    return fact.startswith(ATTRIBUTE_FACT) or fact == "department"


def key_text(value: Any) -> str:
    """The text of an attribute's value, whose `index_key` finds it: a text as it is, others as in JSON.

    Args:
        value: a str, bool, int or float.
    """
    return value if isinstance(value, str) else json.dumps(value)


def derive(employee: Employee, awaiting: Collection[str] = ()) -> Iterator[SearchKey]:
    """Every index entry that the employee's lists, external ids and attributes call for, unsaved.

    Args:
        awaiting: the facts whose reference waits for somebody.
    """
    for name, text, raw, position in _values(employee):
        yield SearchKey(employee=employee, name=name, key=index_key(text), raw=raw, position=position)
    for fact, text in facts.references(employee).items():
        name = AWAITS if fact in awaiting else REFERS
        raw = {"value": text, "fact": fact}
        yield SearchKey(employee=employee, name=name, key=index_key(text), raw=raw)


def write(
    new: Collection[Employee],
    changed: Mapping[frozenset[str], Collection[Employee]],
    waits: Mapping[UUID, Collection[str]],
) -> None:
    """Writes the entries of new people, and replaces those of some facts of others.

    Args:
        changed: people by the facts to replace; call it in the transaction that changed them.
        waits: the facts of each person whose reference waits for somebody.
    """
    entries = [entry for employee in new for entry in derive(employee, waits.get(employee.uuid, ()))]
    for facts_, employees in changed.items():
        replaced = Q(name__in=facts_)
        if any(name.startswith(ATTRIBUTE_FACT) for name in facts_):
            replaced |= Q(name__in=(AWAITS, REFERS), raw__fact__in=facts_)
        SearchKey.objects.filter(replaced, employee__in=employees).delete()
        for employee in employees:
            derived = derive(employee, waits.get(employee.uuid, ()))
            entries += [entry for entry in derived if _fact_of(entry) in facts_]
    rows.insert(entries)


def _values(employee: Employee) -> Iterator[tuple[str, str, dict[str, Any], int]]:
    """Name, text, element and position of everything that has an entry under the name of its fact."""
    lists = {name: value for name, value in employee.profile.items() if isinstance(value, list)}
    lists[facts.EMAILS] = facts.emails(employee)
    for provider, external_id in employee.external_ids.items():
        lists[facts.EXTERNAL_ID + provider] = [{"value": external_id}]
    for name, elements in lists.items():
        for position, element in enumerate(elements):
            yield name, str(element.get("value", "")), element, position
    for name, value in employee.profile.items():
        if is_indexed(name) and name not in lists:
            element = value if isinstance(value, dict) else {"value": value}
            yield name, key_text(element["value"]), element, 0


def _fact_of(entry: SearchKey) -> str:
    return str(entry.raw["fact"]) if entry.name in (AWAITS, REFERS) else entry.name
