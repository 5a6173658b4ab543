"""References to other employees: resolved to people who are here, waiting for those who are not yet."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import F, Q

from . import facts
from .audit import Actor, Difference, record
from .folding import fold, index_key
from .models import Change, Employee, SearchKey

IDENTIFYING: frozenset[str] = frozenset({"user_name", "employee_number", facts.EMAILS})
"""Facts by which other records may refer to an employee, besides the external ids."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def resolve(text: str, provider: str = "") -> Employee | None:
    """The one employee that a reference means, or None when nobody or more than one could be meant.

    Args:
        text: an SCIM id, user name, work e-mail, employee number or external id, in any case.
        provider: the key of the identity provider whose external ids count.

    The SCIM id and the user name are unique and decide alone; the others count only when they agree.
    """
    key = fold(text)
    if not key:
        return None
    unique = Q(user_name_key=key) | Q(uuid=key) if is_scim_id(key) else Q(user_name_key=key)
    people = Employee.objects.present()
    named = people.filter(unique).first()
    if named is not None:
        return named
    found = list(people.filter(Q(work_email_key=key) | Q(employee_number_key=key))[:2])
    if provider:
        found += _with_external_id(text, provider)
    distinct = {person.pk: person for person in found}
    return distinct.popitem()[1] if len(distinct) == 1 else None


def is_scim_id(text: str) -> bool:
    """True when a text is a UUID in its canonical form, as our SCIM ids are."""
    return _UUID.fullmatch(text) is not None


def serialize_writers(employee: Employee) -> None:
    """Makes those who arrive or leave, and those who refer to them, wait for each other's transactions.

    Otherwise someone who starts to wait for a person, and that person arriving at the same moment, would each
    not see the other. Any number may refer to one person at a time. SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    own = {fold(text) for text in identifiers(employee)}
    referred = str(employee.manager.uuid) if employee.manager else employee.manager_awaited
    keys = sorted(own | {fold(referred)} - {""})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN own THEN pg_advisory_xact_lock(hashtextextended(key, 0))"
            " ELSE pg_advisory_xact_lock_shared(hashtextextended(key, 0)) END"
            " FROM unnest(%s::text[], %s::bool[]) AS writers (key, own)",
            [keys, [key in own for key in keys]],
        )


def identifiers(employee: Employee) -> list[str]:
    """Every text by which others may refer to the employee."""
    texts = [str(employee.uuid), employee.user_name, employee.work_email, employee.employee_number]
    return [text for text in (*texts, *employee.external_ids.values()) if text]


def bind_awaiting(employee: Employee, former: Iterable[str] = (), *, actor: Actor, at: datetime) -> None:
    """Ends the wait for the employee, and for whom the texts mean that used to mean the employee too.

    Args:
        former: the identifiers of the employee before the write.
    """
    # Locked, which makes PostgreSQL look again: who has just been given another manager waits no longer.
    waiting = (
        Employee.objects.present()
        .select_for_update(no_key=True)
        .filter(manager_awaited_key__in={index_key(text) for text in (*identifiers(employee), *former)})
        .exclude(manager_awaited_key="")
        .only("pk", "uuid", "manager_awaited", "manager_awaited_key", "set_by")
    )
    for manager, reports in _settled(list(waiting), employee).items():
        Employee.objects.filter(pk__in=[report.pk for report in reports]).update(
            manager=manager,
            manager_awaited="",
            manager_awaited_key="",
            version=F("version") + 1,
            updated_at=at,
        )
        _record_manager(reports, after=str(manager.uuid), actor=actor, at=at)
        if employee in reports:
            employee.manager, employee.manager_awaited, employee.manager_awaited_key = manager, "", ""
            employee.version += 1


def await_again(manager: Employee, *, actor: Actor, at: datetime) -> None:
    """Lets the reports of someone who leaves the directory wait for that user name to come back."""
    people = Employee.objects.present().select_for_update(no_key=True)
    reports = list(people.filter(manager=manager).only("pk", "uuid"))
    if not reports:
        return
    Employee.objects.filter(pk__in=[report.pk for report in reports]).update(
        manager=None,
        manager_awaited=manager.user_name,
        manager_awaited_key=index_key(manager.user_name),
        version=F("version") + 1,
        updated_at=at,
    )
    for report in reports:
        report.manager_awaited = str(manager.uuid)
    _record_manager(reports, after=manager.user_name, actor=actor, at=at)


def _settled(waiting: list[Employee], arrived: Employee) -> dict[Employee, list[Employee]]:
    """Those whose reference now means one person, by that person; each reference is resolved once."""
    own = set() if arrived.deleted_at else {str(arrived.uuid), arrived.user_name_key}
    found: dict[tuple[str, str], Employee | None] = {}
    reports: dict[Employee, list[Employee]] = defaultdict(list)
    for report in waiting:
        reference = (report.manager_awaited, provider_of_manager(report))
        if reference not in found:
            found[reference] = arrived if report.manager_awaited_key in own else resolve(*reference)
        if manager := found[reference]:
            reports[manager].append(report)
    return reports


def provider_of_manager(report: Employee) -> str:
    """The key of whoever named the employee's manager, "" when nobody did."""
    setter: list[str] = report.set_by.get("manager", [""])
    return setter[0]


def _with_external_id(text: str, provider: str) -> list[Employee]:
    entries = SearchKey.objects.filter(
        name=facts.EXTERNAL_ID + provider, key=index_key(text), raw__value=text, employee__deleted_at=None
    )
    return [entry.employee for entry in entries.select_related("employee")[:3]]


def _record_manager(reports: list[Employee], *, after: str, actor: Actor, at: datetime) -> None:
    record(
        (
            Difference(report, Change.Action.UPDATED, {"manager": report.manager_awaited}, {"manager": after})
            for report in reports
        ),
        actor=actor,
        at=at,
    )
