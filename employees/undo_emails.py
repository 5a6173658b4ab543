"""How e-mails stood once: stated, cleared, or with the user name in their place, which values do not tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from django.db.models import Q

from .facts import EMAILS, is_address
from .models import Change, Employee
from .undo_nets import Net

Emails: TypeAlias = list[dict[str, Any]] | None
"""What was stated, [] when that was cleared, None while the user name stands in for e-mails."""

Row: TypeAlias = tuple[int, Mapping[str, Any], Mapping[str, Any]]
"""A change: its key, and the facts before and after."""


def rows_about(nets: Iterable[Net]) -> dict[int, list[Row]]:
    """Every change of e-mails and user names of those whom the nets touch there, with at most one query."""
    touched = [net.employee_id for net in nets if net.before.keys() & {EMAILS, "user_name"}]
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    if touched:
        named = Q(after__has_key=EMAILS) | Q(after__has_key="user_name")
        changes = Change.objects.filter(named, employee__in=touched).order_by("pk")
        for employee_id, *row in changes.values_list("employee_id", "pk", "before", "after"):
            rows[employee_id].append((row[0], row[1], row[2]))
    return rows


def replayed(rows: Iterable[Row]) -> Emails:
    """How the e-mails of somebody stood after those changes, the first of which created them."""
    emails: Emails = None
    for _, before, after in rows:
        if EMAILS in after:
            # Taking over a value writes it down as well, and states nothing.
            if before.get(EMAILS) != after[EMAILS]:
                emails = after[EMAILS] or []
        elif emails == [] and "user_name" in after:
            emails = None
    return emails


def standing(employee: Employee) -> Emails:
    """How the e-mails of an employee stand."""
    stated: list[dict[str, Any]] = employee.profile.get(EMAILS, [])
    return stated or (None if employee.work_email == stand_in(employee.user_name) else [])


def stand_in(user_name: str) -> str:
    """The work e-mail of somebody who has stated none."""
    return user_name if is_address(user_name) else ""


def shown(emails: Emails, user_name: str) -> list[dict[str, Any]]:
    """E-mails as a change keeps them."""
    address = stand_in(user_name) if emails is None else ""
    return [{"value": address, "type": "work", "primary": True}] if address else emails or []


def alike(one: Emails, other: Emails, user_name: str) -> bool:
    """Whether it makes no difference to somebody of that user name, now or later."""
    return one == other or (not one and not other and not is_address(user_name))
