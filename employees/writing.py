"""Writes to employees in one transaction: each takes effect at once here, all are saved together."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from . import facts as fact_names
from . import participation, references, search_keys
from .audit import Actor, change_of
from .folding import INDEXED_BYTES, fits_index
from .models import Change, Employee, ParticipationPeriod
from .people import People
from .saving import Unsaved
from .stating import new_employee, state


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


class Writer:
    """What one actor writes in one transaction; a write that raises has changed nothing.

    Args:
        alone: no writer of identifiers and references is at work beside this one.
        brake: tells which removals wait for an administrator; without one, none does.

    Attributes:
        afterwards: what to do in the same transaction once everybody is saved.
    """

    def __init__(
        self, actor: Actor, *, alone: bool = False, brake: participation.Brake | None = None
    ) -> None:
        self.actor = actor
        self.at = timezone.now()
        self.people = People()
        self.unsaved = Unsaved()
        self.afterwards: list[Callable[[], object]] = []
        self._alone = alone
        self._brake = brake or _no_brake

    def create(self, facts: Mapping[str, Any], employee_id: UUID | None = None) -> Employee:
        """A new employee; a user name that is an address stands in for e-mails.

        Args:
            employee_id: the SCIM id, for someone who is referred to before they arrive.

        Raises:
            UserNameTaken, InvalidFact: see there.
        """
        stated = {fact: _stated(fact, value) for fact, value in facts.items() if not _nothing(value)}
        employee = new_employee(stated, actor=self.actor, at=self.at)
        employee.uuid = employee_id or employee.uuid
        self._check(employee, {"user_name": ""} | stated)
        self._serialize(employee)
        self.people.note(employee)
        references.settle(employee, stated, self.people)
        self.people.note(employee)
        self.unsaved.insert(employee)
        after = {fact: fact_names.plain(fact_names.read(employee, fact)) for fact in stated}
        self._record(employee, Change.Action.CREATED, {}, after)
        references.bind_awaiting(employee, (), self)
        return employee

    def update(
        self, employee: Employee, facts: Mapping[str, Any], taking_over: Collection[str] = ()
    ) -> Change | None:
        """Writes the facts that differ; None when none does.

        Args:
            employee: one of `people`.
            taking_over: facts whose values the actor stands behind from now on, be they as they were.

        Raises:
            UserNameTaken, InvalidFact: see there.
        """
        stated = {fact: _stated(fact, value) for fact, value in facts.items()}
        changed = {fact: value for fact, value in stated.items() if not self._same(employee, fact, value)}
        kept = {fact: fact_names.read(employee, fact) for fact in taking_over if fact not in changed}
        kept = {fact: kept[fact] for fact in kept if references.provider_of(employee, fact) != self.actor.key}
        if not changed and not kept:
            return None
        self._check(employee, changed)
        touched = changed | kept
        before = {fact: fact_names.plain(fact_names.read(employee, fact)) for fact in touched}
        former, previous_emails = fact_names.identifiers(employee), fact_names.emails(employee)
        was_held = employee.held_by
        fields = state(employee, changed, touched, actor=self.actor, at=self.at)
        fields |= self._turn(employee, changed)
        identified = any(map(references.identifies, changed))
        referring = (fact_names.references(employee).keys() | {"manager"}) & changed.keys()
        if identified or referring:
            self._serialize(employee)
            self.people.note(employee)
            references.settle(employee, changed, self.people)
        indexed = {fact for fact in changed if isinstance(before[fact], list) or _is_indexed(employee, fact)}
        if fact_names.emails(employee) != previous_emails:
            indexed.add(fact_names.EMAILS)
        self._save(employee, fields, indexed)
        after = {fact: fact_names.plain(fact_names.read(employee, fact)) for fact in touched}
        after |= _hold(employee, was_held)
        change = self._record(employee, _action(before, employee), before, after)
        if identified:
            references.bind_awaiting(employee, former, self)
        return change

    def delete(self, employee: Employee) -> Change:
        """Takes one of `people` out of the directory; the record stays, the user name is free."""
        self._serialize(employee)
        was_held = employee.held_by
        self._remove(employee, ParticipationPeriod.Reason.DELETED)
        employee.deleted_at = self.at
        self._save(employee, {"deleted_at", *participation.FIELDS})
        references.bind_awaiting(employee, (), self)
        references.await_again(employee, self)
        return self._record(employee, Change.Action.DELETED, {}, _hold(employee, was_held))

    def release(self, employee: Employee) -> Change:
        """Lets a removal that was held take effect: participation ends now.

        Args:
            employee: locked, with their manager.
        """
        released = ParticipationPeriod.Reason.RELEASED
        period = participation.end(employee, released, actor=self.actor, at=self.at)
        participation.let_go(employee)
        self.unsaved.periods += [period] if period else []
        self._save(employee, set(participation.FIELDS))
        return self._record(employee, Change.Action.RELEASED, {"held": True}, {"held": False})

    def restore(self, employee: Employee) -> Change:
        """Brings a deleted employee back as they were, reports included.

        Args:
            employee: locked, with their manager.

        Raises:
            AlreadyPresent: see there.
        """
        if employee.deleted_at is None:
            raise AlreadyPresent(str(employee.uuid))
        employee.deleted_at = None
        if employee.active:
            participation.begin(employee, at=self.at)
        self.people.note(employee)
        references.await_those_who_left(employee, self.people)
        self._serialize(employee)
        references.await_those_who_left(employee, self.people)  # by now
        referring = fact_names.references(employee).keys()
        references.settle(employee, {*referring, "manager"}, self.people)
        fields = {"deleted_at", *participation.FIELDS, "manager", "manager_awaited", "manager_awaited_key"}
        self._save(employee, fields | ({"profile", "profile_folded"} if referring else set()), referring)
        change = self._record(employee, Change.Action.RESTORED, {}, {})
        references.bind_awaiting(employee, (), self)
        return change

    def point(self, employee: Employee, fact: str, target: Employee | str, before: str) -> None:
        """Lets a reference of one of `people` mean somebody, or wait for a user name.

        Args:
            before: what it was so far.
        """
        waits = isinstance(target, str)
        stated = {"value": target} if waits and fact != "manager" else target
        fields = fact_names.write(employee, fact, stated)
        (set.add if waits else set.discard)(self.people.waits[employee.uuid], fact)
        self._save(employee, fields, {fact} - {"manager"})
        after = fact_names.plain(fact_names.read(employee, fact))
        self._record(employee, Change.Action.UPDATED, {fact: before}, {fact: after})

    def change_of(self, employee: Employee, mark: int) -> Change | None:
        """What was written of one of `people` since there were `mark` unsaved changes; None for nothing."""
        since = self.unsaved.changes[mark:]
        return next((change for person, change in since if person is employee), None)

    def save(self) -> None:
        """Writes everything to the database, then does what had to wait for that."""
        self.unsaved.save(self.people.waits)
        for task in self.afterwards:
            task()

    def _save(self, employee: Employee, fields: set[str], facts: Collection[str] = ()) -> None:
        employee.version += 1
        employee.updated_at = self.at
        self.people.note(employee)
        self.unsaved.update(employee, fields | {"version", "updated_at"}, facts)

    def _record(
        self, employee: Employee, action: Change.Action, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Change:
        change = change_of(action, before, after, actor=self.actor, at=self.at)
        self.unsaved.changes.append((employee, change))
        return change

    def _serialize(self, employee: Employee) -> None:
        if not self._alone:
            references.serialize_writers(employee, self.people)

    def _check(self, employee: Employee, facts: Mapping[str, Any]) -> None:
        """Refuses what cannot be kept, before anything is written."""
        if "user_name" in facts and not str(facts["user_name"] or "").strip():
            raise InvalidFact("user_name", "must not be empty")
        for fact, value in facts.items():
            text = fact_names.plain(value) if fact in INDEXED or fact_names.is_reference(fact, value) else ""
            if text and not fits_index(str(text)):
                raise InvalidFact(fact, f"must not be longer than {INDEXED_BYTES} bytes")
        if "user_name" in facts and self._is_taken(facts["user_name"], employee):
            raise UserNameTaken(facts["user_name"])

    def _is_taken(self, user_name: str, employee: Employee) -> bool:
        """Whether somebody else has a user name; a writer of one leaves that to the database."""
        if self._alone:
            self.people.look_up_names([user_name])
        return self.people.has_name(user_name, beside=employee)

    def _same(self, employee: Employee, fact: str, value: Any) -> bool:
        present = fact_names.read(employee, fact)
        if fact == "manager" or (fact_names.is_reference(fact, value) and isinstance(present, dict)):
            present, value = fact_names.plain(present) or "", fact_names.plain(value) or ""
            return references.is_same(present, value, self.actor.key, self.people)
        return bool(present == value) or (_nothing(present) and _nothing(value))

    def _turn(self, employee: Employee, changed: Mapping[str, Any]) -> set[str]:
        """Ends or begins participation when `active` turns."""
        if "active" not in changed:
            return set()
        if employee.active:
            participation.begin(employee, at=self.at)
        else:
            self._remove(employee, ParticipationPeriod.Reason.DEACTIVATED)
        return set(participation.FIELDS)

    def _remove(self, employee: Employee, reason: ParticipationPeriod.Reason) -> None:
        period = participation.remove(employee, reason, actor=self.actor, at=self.at, brake=self._brake)
        if period:
            self.unsaved.periods.append(period)


INDEXED: Final = frozenset({"user_name", "employee_number", "manager"})
"""Texts that stand in an index as they are."""


def _stated(fact: str, value: Any) -> Any:
    """A value as it is looked up and written: a person by the name that is waited for if they have left."""
    if not isinstance(value, Employee):
        return value
    return value.user_name if fact == "manager" else {"value": value.user_name}


def _nothing(value: Any) -> bool:
    return value in fact_names.NOTHING


def _hold(employee: Employee, was_held: str) -> dict[str, bool]:
    """What an audit row says besides when a removal has just been held."""
    return {"held": True} if employee.held_by not in ("", was_held) else {}


def _no_brake() -> bool:
    return False


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
