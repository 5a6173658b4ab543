"""What a transaction has to write of employees, kept until all of it is written together."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from . import rows, search_keys
from .folding import fold
from .models import Change, Employee, ParticipationPeriod

NAMING: Final = frozenset({"user_name", "deleted_at"})
"""Fields that decide whether a row holds a user name."""


class Unsaved:
    """Rows to write, each once and with its last state, a statement for each kind of row."""

    def __init__(self) -> None:
        self.changes: list[tuple[Employee, Change]] = []
        self.periods: list[ParticipationPeriod] = []
        self._new: dict[UUID, Employee] = {}
        self._changed: dict[UUID, Employee] = {}
        self._fields: defaultdict[UUID, set[str]] = defaultdict(set)
        self._facts: defaultdict[UUID, set[str]] = defaultdict(set)

    def insert(self, employee: Employee) -> None:
        self._new[employee.uuid] = employee

    def update(self, employee: Employee, fields: Collection[str], facts: Collection[str]) -> None:
        """Notes the fields to save of a row that exists or will, and the facts to index anew."""
        if employee.uuid not in self._new:
            self._changed[employee.uuid] = employee
            self._fields[employee.uuid].update(fields)
            self._facts[employee.uuid].update(facts)

    def taken_name(self) -> str:
        """A user name among those to write that somebody else has by now, "" when there is none."""
        people = [p for p in (*self._new.values(), *self._changed.values()) if p.deleted_at is None]
        named = Employee.objects.present().filter(user_name_key__in={fold(p.user_name) for p in people})
        holders = dict(named.values_list("user_name_key", "uuid"))
        taken = (p.user_name for p in people if holders.get(fold(p.user_name), p.uuid) != p.uuid)
        return next(taken, "")

    def save(self, waits: Mapping[UUID, Collection[str]]) -> None:
        """Writes everything.

        Args:
            waits: the facts of each person whose reference waits for somebody.
        """
        self._release_names()
        self._insert()
        self._update()
        self._index(waits)
        for period in self.periods:
            period.employee = period.employee  # takes over the key of someone who was new
        rows.insert(self.periods)
        for employee, change in self.changes:
            change.employee_id = employee.pk
        rows.insert([change for _, change in self.changes])

    def _release_names(self) -> None:
        """Frees the user names that several rows pass on to each other, whatever the order of the rows."""
        releasing = [id_ for id_ in self._changed if self._fields[id_] & NAMING]
        if releasing and len(self._new) + len(self._changed) > 1:
            Employee.objects.filter(uuid__in=releasing).update(user_name_key=Cast("uuid", TextField()))
            for id_ in releasing:
                self._fields[id_].add("user_name_key")

    def _insert(self) -> None:
        """New rows, those with a manager who is new as well without them at first."""
        new = list(self._new.values())
        bound = [(person, person.manager) for person in new if person.manager and person.manager.pk is None]
        for person, _ in bound:
            person.manager = None
        rows.insert(new)
        for person, manager in bound:
            person.manager = manager
            self._changed[person.uuid] = person
            self._fields[person.uuid].add("manager")

    def _update(self) -> None:
        changed = list(self._changed.values())
        for person in changed:
            if "manager" in self._fields[person.uuid]:
                person.manager = person.manager  # takes over the key of someone who was new
        if changed:
            rows.update(changed, set().union(*(self._fields[person.uuid] for person in changed)))

    def _index(self, waits: Mapping[UUID, Collection[str]]) -> None:
        by_facts: defaultdict[frozenset[str], list[Employee]] = defaultdict(list)
        for id_, facts in self._facts.items():
            if facts:
                by_facts[frozenset(facts)].append(self._changed[id_])
        search_keys.write(list(self._new.values()), by_facts, waits)
