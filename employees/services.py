"""The one door: every write to an employee, from SCIM, the pages or a command, goes through here."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from . import facts as fact_names
from . import participation, references, search_keys
from .audit import Actor, Difference, record
from .folding import INDEXED_BYTES, fits_index, fold
from .models import Change, Employee, ParticipationPeriod


class UserNameTaken(Exception):
    """Another employee has this user name, compared without case."""


class InvalidFact(Exception):
    """A fact cannot be kept as it is.

    Args:
        fact: its name (see `facts`).
        detail: what would be right, to follow the attribute's name in a sentence.
    """

    def __init__(self, fact: str, detail: str) -> None:
        super().__init__(fact)
        self.fact = fact
        self.detail = detail


class AlreadyPresent(Exception):
    """The employee to restore has not been deleted."""


def lock(employee_id: uuid.UUID) -> Employee:
    """The present employee of that SCIM id, locked until the transaction ends, with their manager.

    Raises:
        Employee.DoesNotExist: nobody, or a deleted one.
    """
    people = Employee.objects.present().select_related("manager").select_for_update(of=("self",), no_key=True)
    return people.get(uuid=employee_id)


def create_employee(facts: Mapping[str, Any], *, actor: Actor) -> Employee:
    """Creates an employee from facts (see `facts`); a user name that is an address stands in for e-mails.

    Raises:
        UserNameTaken: see there.
        InvalidFact: see there.
    """
    at = timezone.now()
    employee = Employee(created_at=at, updated_at=at, manager=None)
    stated = {fact: value for fact, value in facts.items() if not _nothing(value)}
    for fact, value in stated.items():
        fact_names.write(employee, fact, value)
    _mark(employee, stated, actor, at)
    _follow_work_email(employee, stated, previous_user_name="")
    employee.active_since = at if employee.active else None
    with _one_transaction(employee.user_name):
        references.serialize_writers(employee)
        _settle_manager(employee)
        awaiting = references.settle(employee, stated)
        _save(employee, None)
        search_keys.insert(search_keys.derive(employee, awaiting))
        after = {fact: fact_names.plain(fact_names.read(employee, fact)) for fact in stated}
        record([Difference(employee, Change.Action.CREATED, {}, after)], actor=actor, at=at)
        references.bind_awaiting(employee, actor=actor, at=at)
    return employee


def update_employee(employee: Employee, facts: Mapping[str, Any], *, actor: Actor) -> Change | None:
    """Writes the facts that differ; nothing differs: nothing is written and None comes back.

    Args:
        employee: as `lock` returned it.

    Raises:
        UserNameTaken: see there.
        InvalidFact: see there.
    """
    changed = {fact: value for fact, value in facts.items() if not _same(employee, fact, value, actor)}
    if not changed:
        return None
    with _one_transaction(changed.get("user_name"), employee.pk):
        return _update(employee, changed, actor)


def _update(employee: Employee, changed: Mapping[str, Any], actor: Actor) -> Change:
    at = timezone.now()
    before = {fact: fact_names.plain(fact_names.read(employee, fact)) for fact in changed}
    previous_user_name, previous_emails = employee.user_name, fact_names.emails(employee)
    former = references.identifiers(employee)
    fields = {"set_by"}
    for fact, value in changed.items():
        fields |= fact_names.write(employee, fact, value)
    _mark(employee, changed, actor, at)
    fields |= _follow_work_email(employee, changed, previous_user_name)
    fields |= _turn(employee, changed, actor=actor, at=at)
    identified = references.IDENTIFYING & changed.keys() or any(map(_is_external_id, changed))
    referring = fact_names.references(employee).keys() & changed.keys()
    if identified or referring or "manager" in changed:
        references.serialize_writers(employee)
    if "manager" in changed:
        _settle_manager(employee)
    awaiting = references.settle(employee, referring)
    _save(employee, fields, at)
    indexed = {fact for fact in changed if isinstance(before[fact], list) or _is_indexed(employee, fact)}
    if fact_names.emails(employee) != previous_emails:
        indexed.add(fact_names.EMAILS)
    search_keys.rewrite(employee, indexed, awaiting)
    after = {fact: fact_names.plain(fact_names.read(employee, fact)) for fact in changed}
    [change] = record([Difference(employee, _action(before, employee), before, after)], actor=actor, at=at)
    if identified:
        references.bind_awaiting(employee, former, actor=actor, at=at)
    return change


@transaction.atomic
def delete_employee(employee: Employee, *, actor: Actor) -> Change:
    """Takes the employee out of the directory; the record stays for `restore_employee`, the name is free.

    Args:
        employee: as `lock` returned it.
    """
    at = timezone.now()
    references.serialize_writers(employee)
    participation.end(employee, ParticipationPeriod.Reason.DELETED, actor=actor, at=at)
    employee.deleted_at = at
    _save(employee, {"deleted_at", "active_since"}, at)
    references.bind_awaiting(employee, actor=actor, at=at)
    references.await_again(employee, actor=actor, at=at)
    return record([Difference(employee, Change.Action.DELETED, {}, {})], actor=actor, at=at)[0]


def restore_employee(employee: Employee, *, actor: Actor) -> Change:
    """Brings a deleted employee back as they were, reports included.

    Raises:
        AlreadyPresent: see there.
        UserNameTaken: somebody else has taken the user name since.
    """
    with _one_transaction(employee.user_name, employee.pk):
        employee = Employee.objects.select_for_update(of=("self",), no_key=True).get(pk=employee.pk)
        if employee.deleted_at is None:
            raise AlreadyPresent(str(employee.uuid))
        at = timezone.now()
        employee.deleted_at = None
        employee.active_since = at if employee.active else None
        references.await_those_who_left(employee)
        references.serialize_writers(employee)
        referring = fact_names.references(employee).keys()
        awaiting = references.settle(employee, referring)
        fields = {"deleted_at", "active_since"} | _settle_manager(employee)
        _save(employee, fields | ({"profile", "profile_folded"} if referring else set()), at)
        search_keys.rewrite(employee, referring, awaiting)
        [change] = record([Difference(employee, Change.Action.RESTORED, {}, {})], actor=actor, at=at)
        references.bind_awaiting(employee, actor=actor, at=at)
        return change


def _nothing(value: Any) -> bool:
    return value in fact_names.NOTHING


def _same(employee: Employee, fact: str, value: Any, actor: Actor) -> bool:
    present = fact_names.read(employee, fact)
    if fact_names.is_reference(fact, value) and fact_names.is_reference(fact, present):
        return references.is_same(present["value"], str(value["value"]), actor.key)
    return bool(present == value) or (_nothing(present) and _nothing(value))


def _is_external_id(fact: str) -> bool:
    return fact.startswith(fact_names.EXTERNAL_ID)


def _is_indexed(employee: Employee, fact: str) -> bool:
    listed = isinstance(fact_names.read(employee, fact), list)
    return listed or _is_external_id(fact) or search_keys.is_indexed(fact)


def _action(before: Mapping[str, Any], employee: Employee) -> Change.Action:
    was_active = bool(before.get("active", employee.active))
    if was_active == bool(employee.active):
        return Change.Action.UPDATED
    return Change.Action.REACTIVATED if employee.active else Change.Action.DEACTIVATED


def _mark(employee: Employee, facts: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Notes who set each fact and when; a cleared fact has nobody behind it."""
    for fact, value in facts.items():
        if _nothing(value):
            employee.set_by.pop(fact, None)
        else:
            employee.set_by[fact] = [actor.key, at.isoformat()]


def _follow_work_email(employee: Employee, changed: Mapping[str, Any], previous_user_name: str) -> set[str]:
    """Keeps `work_email` in step with the stated e-mails, or with the user name while none were stated."""
    before = employee.work_email
    if fact_names.EMAILS in changed:
        employee.work_email = fact_names.work_email_of(employee.profile.get(fact_names.EMAILS, []))
    elif (
        "user_name" in changed
        and not employee.profile.get(fact_names.EMAILS)
        and employee.work_email in ("", previous_user_name)
    ):
        employee.work_email = employee.user_name if fact_names.is_address(employee.user_name) else ""
    return {"work_email", "work_email_key"} if employee.work_email != before else set()


def _turn(employee: Employee, changed: Mapping[str, Any], *, actor: Actor, at: datetime) -> set[str]:
    """Ends or begins participation when `active` turns."""
    if "active" not in changed:
        return set()
    if employee.active:
        employee.active_since = at
    else:
        participation.end(employee, ParticipationPeriod.Reason.DEACTIVATED, actor=actor, at=at)
    return {"active_since"}


def _settle_manager(employee: Employee) -> set[str]:
    """Makes sure of the manager, now that nobody can arrive unseen, and returns the fields to save.

    A manager who has just left is waited for, and one who was awaited may have arrived.
    """
    manager, awaited = employee.manager, employee.manager_awaited
    if manager is not None and manager.pk != employee.pk:
        if not Employee.objects.present().filter(pk=manager.pk).exists():
            return fact_names.write(employee, "manager", manager.user_name)
    elif awaited:
        found = references.resolve(awaited, references.provider_of(employee, "manager"))
        return fact_names.write(employee, "manager", found or awaited)
    return set()


def _save(employee: Employee, fields: set[str] | None = None, at: datetime | None = None) -> None:
    """Saves those fields of a row, or a new row when no fields are named."""
    if not employee.user_name.strip():
        raise InvalidFact("user_name", "must not be empty")
    names = {"user_name": employee.user_name, "employee_number": employee.employee_number}
    awaited = {"manager": employee.manager_awaited} | fact_names.references(employee)
    for fact, text in (names | awaited).items():
        if not fits_index(text):
            raise InvalidFact(fact, f"must not be longer than {INDEXED_BYTES} bytes")
    if fields is None:
        employee.save(force_insert=True)
        return
    employee.version += 1
    employee.updated_at = at or timezone.now()
    employee.save(update_fields=fields | {"version", "updated_at"})


@contextmanager
def _one_transaction(user_name: str | None, pk: int | None = None) -> Iterator[None]:
    """All or nothing; a clash of the user name given here is told by its name."""
    try:
        with transaction.atomic(savepoint=user_name is not None):
            yield
    except IntegrityError as error:
        if user_name is not None:
            others = Employee.objects.present().exclude(pk=pk or 0)
            if others.filter(user_name_key=fold(user_name)).exists():
                raise UserNameTaken(user_name) from error
        raise
