"""The index entries of an employee's lists and external ids, derived from the employee's own columns."""

from collections.abc import Collection, Iterator
from typing import Any

from . import facts
from .folding import index_key
from .models import Employee, SearchKey


def derive(employee: Employee) -> Iterator[SearchKey]:
    """Every index entry that the employee's lists and external ids call for, unsaved."""
    lists: dict[str, Any] = {
        name: value for name, value in employee.profile.items() if isinstance(value, list)
    }
    lists[facts.EMAILS] = facts.emails(employee)
    for provider, external_id in employee.external_ids.items():
        lists[facts.EXTERNAL_ID + provider] = [{"value": external_id}]
    for name, elements in lists.items():
        for position, element in enumerate(elements):
            yield SearchKey(
                employee=employee,
                name=name,
                position=position,
                key=index_key(str(element.get("value", ""))),
                raw=element,
            )


def rewrite(employee: Employee, names: Collection[str]) -> None:
    """Replaces the entries of the named lists; call it in the transaction that changed them."""
    if not names:
        return
    SearchKey.objects.filter(employee=employee, name__in=names).delete()
    insert(entry for entry in derive(employee) if entry.name in names)


def insert(entries: Iterator[SearchKey]) -> None:
    SearchKey.objects.bulk_create(entries, batch_size=1000)
