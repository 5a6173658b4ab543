"""Clashes: people present who share a work e-mail or an employee number; shown, never refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from .models import Employee

LABELS = {"work_email": "work e-mail", "employee_number": "employee number"}
"""The identifiers that can clash, by column, as administrators call them."""

SHOWN_PEOPLE = 20


@dataclass(frozen=True)
class Clash:
    """One identifier of an employee and the first of the others who have it too."""

    label: str
    value: str
    others: list[Employee]


def _shared(column: str) -> Exists:
    key = f"{column}_key"
    others = Employee.objects.present().filter(**{key: OuterRef(key)}).exclude(pk=OuterRef("pk"))
    return Exists(others.exclude(**{key: ""}))


def clashing() -> Q:
    """The condition that an employee clashes; a deleted one clashes with nobody."""
    return Q(deleted_at=None) & (Q(_shared("work_email")) | Q(_shared("employee_number")))


def clashing_among(people: Iterable[Employee]) -> set[int]:
    """The primary keys of those who clash with anybody, found with one query."""
    keys = [person.pk for person in people]
    return set(Employee.objects.filter(clashing(), pk__in=keys).values_list("pk", flat=True))


def clashes_of(employee: Employee) -> list[Clash]:
    """Every identifier that the employee shares with others, with those others."""
    found: list[Clash] = []
    for column, label in LABELS.items():
        key = getattr(employee, f"{column}_key")
        if key and employee.deleted_at is None:
            others = Employee.objects.present().filter(**{f"{column}_key": key}).exclude(pk=employee.pk)
            if people := list(others.order_by("pk")[:SHOWN_PEOPLE]):
                found.append(Clash(label, getattr(employee, column), people))
    return found
