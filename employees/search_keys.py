"""The index entries of an employee's lists, external ids and attributes, derived from its columns."""

import json
from collections.abc import Collection, Iterator
from typing import Any, Final

from django.db.models import Q

from . import facts
from .attributes import ATTRIBUTE_FACT
from .fields import fold_json
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


def rewrite(employee: Employee, names: Collection[str], awaiting: Collection[str] = ()) -> None:
    """Replaces the entries of the named facts; call it in the transaction that changed them.

    Args:
        awaiting: those of them whose reference waits for somebody.
    """
    if not names:
        return
    replaced = Q(name__in=names)
    if any(name.startswith(ATTRIBUTE_FACT) for name in names):
        replaced |= Q(name__in=(AWAITS, REFERS), raw__fact__in=names)
    SearchKey.objects.filter(replaced, employee=employee).delete()
    insert(entry for entry in derive(employee, awaiting) if _fact_of(entry) in names)


def insert(entries: Iterator[SearchKey]) -> None:
    SearchKey.objects.bulk_create(entries, batch_size=1000)


def repoint(employees: Collection[Employee], fact: str, text: str, *, waits: bool) -> None:
    """Lets the entries of one reference of many employees say what it says now.

    Args:
        text: what the reference waits for, or the SCIM id that it is bound to.
    """
    entries, raw, key = SearchKey.objects.filter(employee__in=employees), {"value": text}, index_key(text)
    entries.filter(name=fact).update(key=key, raw=raw, folded=fold_json(raw))
    former, name, raw = (REFERS, AWAITS)[not waits], (REFERS, AWAITS)[waits], raw | {"fact": fact}
    entries.filter(name=former, raw__fact=fact).update(name=name, key=key, raw=raw, folded=fold_json(raw))


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
