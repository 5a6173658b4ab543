"""Brings the company into the database unless it is there, and says how fast."""

import time
from dataclasses import replace

from employees.audit import Actor
from employees.models import Employee

from .company import define_attributes, found, hire, settle
from .people import Company

WIDE = 1_200
"""How many people come last with twice as many attributes, for pages of wide documents."""


def widened(company: Company) -> Company:
    """The company with twice as many attributes of each person."""
    return replace(company, attributes=2 * company.attributes)


def load(company: Company, employees: int, *, actor: Actor) -> None:
    """Brings everybody, and then the wide ones.

    Raises:
        RuntimeError: the database holds somebody else.
    """
    define_attributes(widened(company))
    present, everybody = Employee.objects.count(), employees + WIDE
    if present == everybody:
        return
    if present:
        raise RuntimeError(f"The database has {present} employees; {everybody} or nobody is expected.")
    started = time.perf_counter()
    found(company, employees, actor=actor)
    seconds = time.perf_counter() - started
    print(f"{employees:,} people in {seconds:,.0f} s: {employees / seconds:,.0f} a second", flush=True)
    hire(widened(company), employees, everybody, actor=actor)
    settle()
