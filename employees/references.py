"""References to other employees: resolved to people who are here, waiting for those who are not yet."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import F, Q

from . import facts, search_keys
from .audit import Actor, Difference, record
from .fields import fold_json
from .folding import fold, index_key
from .models import Change, Employee, SearchKey

IDENTIFYING: frozenset[str] = frozenset({"user_name", "employee_number", facts.EMAILS})
"""Facts by which other records may refer to an employee, besides the external ids."""

BATCH = 200
"""How many profiles one UPDATE carries."""

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
    manager = str(employee.manager.uuid) if employee.manager else employee.manager_awaited
    referred = {fold(text) for text in (manager, *facts.references(employee).values())}
    keys = sorted(own | referred - {""})
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


def is_same(present: str, stated: str, provider: str) -> bool:
    """True when a reference as stated is another spelling of the present one, or the same."""
    if present == stated or not is_scim_id(present):
        return present == stated
    person = resolve(stated, provider)
    return person is not None and str(person.uuid) == present


def settle(employee: Employee, among: Collection[str]) -> set[str]:
    """Binds those of the employee's references (see `facts.references`) that mean one person.

    Args:
        among: the facts to look at.

    Returns:
        The facts whose reference waits.
    """
    awaiting = set()
    for fact, text in facts.references(employee).items():
        if fact in among:
            itself = text == str(employee.uuid)
            person = employee if itself else resolve(text, provider_of(employee, fact))
            facts.write(employee, fact, person or {"value": text})
            if person is None:
                awaiting.add(fact)
    return awaiting


def await_those_who_left(employee: Employee) -> None:
    """Lets someone who comes back wait for the user names of those who left the directory meanwhile."""
    for fact, text in facts.references(employee).items():
        left = Employee.objects.exclude(deleted_at=None).exclude(pk=employee.pk)
        if is_scim_id(text) and (person := left.filter(uuid=text).first()):
            facts.write(employee, fact, {"value": person.user_name})


def bind_awaiting(employee: Employee, former: Iterable[str] = (), *, actor: Actor, at: datetime) -> None:
    """Ends the wait for the employee, and for whom the texts mean that used to mean the employee too.

    Args:
        former: the identifiers of the employee before the write.
    """
    keys = {index_key(text) for text in (*identifiers(employee), *former)}
    entry = Q(name=search_keys.AWAITS, key__in=keys)
    locked = _locked(Q(manager_awaited_key__in=keys) & ~Q(manager_awaited_key=""), entry)
    people = [employee if person == employee else person for person in locked]
    reports = (person for person in people if person.manager_awaited_key in keys)
    waiting = ((report, "manager", report.manager_awaited) for report in reports)
    meant = _meaning(employee)
    settled: dict[tuple[str, Employee], list[tuple[Employee, str]]] = defaultdict(list)
    for person, fact, text in chain(waiting, _entries(people, entry)):
        if found := meant(text, provider_of(person, fact)):
            settled[fact, found].append((person, text))
    for (fact, found), those in settled.items():
        _point(those, fact, found, actor=actor, at=at)


def await_again(left: Employee, *, actor: Actor, at: datetime) -> None:
    """Lets those who refer to someone who leaves the directory wait for that user name to come back."""
    entry = Q(name=search_keys.REFERS, key=str(left.uuid))
    people = _locked(Q(manager=left), entry)
    reports = (person for person in people if person.manager_id == left.pk)
    bound: dict[str, list[tuple[Employee, str]]] = defaultdict(list)
    bound["manager"] = [(report, str(left.uuid)) for report in reports]
    for person, fact, text in _entries(people, entry):
        bound[fact].append((person, text))
    for fact, those in bound.items():
        _point(those, fact, left.user_name, actor=actor, at=at)


def provider_of(employee: Employee, fact: str) -> str:
    """The key of whoever set a fact, "" when nobody did."""
    setter: list[str] = employee.set_by.get(fact, [""])
    return setter[0]


def _locked(by_manager: Q, by_entry: Q) -> list[Employee]:
    """The people with such a manager or such an entry, locked and as they are now.

    PostgreSQL looks at a row again after it has waited for it, but not at what a subquery found: callers must
    make sure of both conditions.
    """
    reports = Employee.objects.filter(by_manager).order_by().values("pk")
    referrers = SearchKey.objects.filter(by_entry).values("employee_id")
    people = Employee.objects.present().select_for_update(no_key=True).filter(pk__in=reports.union(referrers))
    columns = ("uuid", "manager", "manager_awaited", "manager_awaited_key", "profile", "set_by", "version")
    return list(people.only(*columns))


def _entries(people: list[Employee], condition: Q) -> list[tuple[Employee, str, str]]:
    """Who refers with which fact to which text, by the index entries."""
    if not people:
        return []
    by_pk = {person.pk: person for person in people}
    entries = SearchKey.objects.filter(condition, employee__in=people).order_by("pk")
    return [(by_pk[entry.employee_id], entry.raw["fact"], entry.raw["value"]) for entry in entries]


def _meaning(arrived: Employee) -> Callable[[str, str], Employee | None]:
    """`resolve`, asked once for each reference, and not at all for what means the one who arrived."""
    own = set() if arrived.deleted_at else {str(arrived.uuid), arrived.user_name_key}

    @cache
    def meant(text: str, provider: str) -> Employee | None:
        return arrived if fold(text) in own else resolve(text, provider)

    return meant


def _with_external_id(text: str, provider: str) -> list[Employee]:
    entries = SearchKey.objects.filter(
        name=facts.EXTERNAL_ID + provider, key=index_key(text), raw__value=text, employee__deleted_at=None
    )
    return [entry.employee for entry in entries.select_related("employee")[:3]]


def _point(
    references: list[tuple[Employee, str]], fact: str, target: Employee | str, *, actor: Actor, at: datetime
) -> None:
    """Lets many people's reference mean somebody, or wait for a user name.

    Args:
        references: those who refer, each with what their reference was so far.
    """
    if not references:
        return
    people = [person for person, _ in references]
    waits, after = isinstance(target, str), facts.plain(target)
    written: dict[str, Any] = {"version": F("version") + 1, "updated_at": at}
    for person in people:
        facts.write(person, fact, {"value": target} if waits and fact != "manager" else target)
        person.manager_awaited_key = index_key(person.manager_awaited)
        person.profile_folded = fold_json(person.profile)
        person.version += 1
    if fact == "manager":
        written |= {
            name: getattr(people[0], name) for name in ("manager", "manager_awaited", "manager_awaited_key")
        }
    else:
        Employee.objects.bulk_update(people, ["profile", "profile_folded"], batch_size=BATCH)
        search_keys.repoint(people, fact, after, waits=waits)
    Employee.objects.filter(pk__in=[person.pk for person in people]).update(**written)
    updated = Change.Action.UPDATED
    differences = (Difference(person, updated, {fact: text}, {fact: after}) for person, text in references)
    record(differences, actor=actor, at=at)
