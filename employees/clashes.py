"""Clashes: people present who share a work e-mail or an employee number; shown, never refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, Subquery

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
    """Every identifier that the employee shares with others, with those others; at most one query."""
    keys = {column: getattr(employee, f"{column}_key") for column in LABELS}
    stated = {column: key for column, key in keys.items() if key and employee.deleted_at is None}
    if not stated:
        return []
    shared = [_first(column, key, employee) for column, key in stated.items()]
    people = list(Employee.objects.filter(reduce(or_, shared)).order_by("pk"))
    found = []
    for column, key in stated.items():
        if others := [person for person in people if getattr(person, f"{column}_key") == key]:
            found.append(Clash(LABELS[column], getattr(employee, column), others[:SHOWN_PEOPLE]))
    return found


def _first(column: str, key: str, employee: Employee) -> Q:
    """The condition for the first of those who have the key as well."""
    others = Employee.objects.present().filter(**{f"{column}_key": key}).exclude(pk=employee.pk)
    return Q(pk__in=Subquery(others.order_by("pk").values("pk")[:SHOWN_PEOPLE]))
