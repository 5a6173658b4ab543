"""The people whom one transaction deals with: each is locked once, and found as they are by then."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from . import facts, look_ups, search_keys
from .folding import fold, index_key
from .models import Employee, SearchKey


class Index:
    """People under keys, as far as the database was asked for them, and as they have become since."""

    def __init__(self) -> None:
        self._asked: set[str] = set()
        self._people: defaultdict[str, dict[UUID, Employee]] = defaultdict(dict)

    def add(self, key: str, person: Employee) -> None:
        if key:
            self._people[key][person.uuid] = person

    def at(self, key: str) -> list[Employee]:
        return list(self._people[key].values()) if key in self._people else []

    def unasked(self, keys: Iterable[str]) -> list[str]:
        """The keys that the database was not asked for so far; from now on it was."""
        missing = sorted({key for key in keys if key and key not in self._asked})
        self._asked.update(missing)
        return missing

    def forget(self) -> None:
        """What the database said may have changed."""
        self._asked.clear()
        self._people.clear()


class People:
    """An identity map with indexes: what is asked twice is read once, and unsaved changes count.

    Attributes:
        waits: the facts of each person whose reference waits; complete for everyone who can be found waiting.
    """

    def __init__(self) -> None:
        self.waits: defaultdict[UUID, set[str]] = defaultdict(set)
        self._known: dict[UUID, Employee] = {}
        self._asked: set[UUID] = set()
        self._named, self._called, self._external = Index(), Index(), Index()
        self._waiting, self._referring = Index(), Index()
        self._left: dict[str, str] = {}
        self._asked_left: set[str] = set()

    def lock(self, ids: Iterable[UUID]) -> list[Employee]:
        """Locks those of them who are present until the transaction ends, in one order for all writers."""
        ids = list(ids)
        wanted = sorted(id_ for id_ in set(ids) - self._asked if id_ not in self._known)
        self._asked.update(wanted)
        if wanted:
            self._take(look_ups.locking().fetch({"ids": wanted}))
        known = (self._known.get(id_) for id_ in ids)
        return [person for person in known if person is not None and person.deleted_at is None]

    def get(self, employee_id: UUID) -> Employee:
        """The present employee of that SCIM id, who is locked or new.

        Raises:
            Employee.DoesNotExist: nobody, or a deleted one.
        """
        for person in self.lock([employee_id]):
            return person
        raise Employee.DoesNotExist(str(employee_id))

    def note(self, person: Employee) -> None:
        """Takes in somebody new or locked by the caller, or what has become of somebody."""
        self._known[person.uuid] = person
        self._note_names(person)
        if person.manager is not None:
            self._referring.add(str(person.manager.uuid), person)
        self._waiting.add(index_key(person.manager_awaited), person)
        for fact, text in facts.references(person).items():
            if fact in self.waits[person.uuid]:
                self._waiting.add(index_key(text), person)
            else:
                self._referring.add(text, person)

    def look_up_names(self, texts: Iterable[str]) -> None:
        """Asks for everybody who has one of those texts as their SCIM id or user name."""
        self._ask_named(map(fold, texts))

    def look_up(self, texts: Iterable[str], provider: str) -> None:
        """Asks for everybody whom `resolve` could find by those texts, a few queries for all of them."""
        keys = {fold(text): text for text in texts}
        self._ask_named(keys)
        others = [key for key in keys if not self._by_name(key)]
        self._ask_called(others)
        self._ask_external(provider, [keys[key] for key in others])

    def resolve(self, text: str, provider: str = "") -> Employee | None:
        """The one employee that a reference means, or None when nobody or more than one could be meant.

        Args:
            text: an SCIM id, user name, work e-mail, employee number or external id, in any case.
            provider: the key of the identity provider whose external ids count.

        The SCIM id and the user name are unique and decide alone; the others count only when they agree.
        """
        key = fold(text)
        if not key:
            return None
        if not (named := self._by_name(key)):
            self._ask_named([key])
            named = self._by_name(key)
        if named:
            return min(named, key=_by_arrival)
        self._ask_called([key])
        called = [
            p for p in self._at(self._called, key) if key in (fold(p.work_email), fold(p.employee_number))
        ]
        if provider:
            self._ask_external(provider, [text])
            known_by = self._at(self._external, _external_key(provider, text))
            called += [person for person in known_by if person.external_ids.get(provider) == text]
        distinct = {person.uuid: person for person in called}
        return distinct.popitem()[1] if len(distinct) == 1 else None

    def has_name(self, user_name: str, beside: Employee) -> bool:
        """True when somebody else who has been found so far has that user name."""
        key = fold(user_name)
        named = (person for person in self._at(self._named, key) if fold(person.user_name) == key)
        return any(person.uuid != beside.uuid for person in named)

    def look_up_waiting(self, keys: Iterable[str]) -> None:
        """Asks for everybody who waits for somebody of those `index_key`s."""
        if missing := self._waiting.unasked(keys):
            self._load(look_ups.waiting(missing))

    def waiting_for(self, keys: set[str]) -> list[tuple[Employee, str, str]]:
        """Who waits, locked, with the fact and the text of the reference."""
        self.look_up_waiting(keys)
        return [
            (person, fact, text)
            for person in self._each(self._waiting, keys)
            for fact, text in self._references(person, waiting=True)
            if index_key(text) in keys
        ]

    def look_up_referring(self, to: Collection[Employee]) -> None:
        """Asks for everybody who refers to one of them."""
        by_id = {str(person.uuid): person.pk for person in to}
        if missing := self._referring.unasked(by_id):
            managers = [by_id[id_] for id_ in missing if by_id[id_] is not None]
            self._load(look_ups.referring(managers, missing))

    def look_up_leaving(self, people: Collection[Employee]) -> None:
        """Asks for everybody whose reference changes when they leave."""
        self.look_up_waiting(index_key(text) for person in people for text in facts.identifiers(person))
        self.look_up_referring(people)

    def referring_to(self, left: Employee) -> list[tuple[Employee, str, str]]:
        """Who refers to somebody, locked, with the fact and the SCIM id that it holds."""
        self.look_up_referring([left])
        return [
            (person, fact, text)
            for person in self._each(self._referring, {str(left.uuid)})
            for fact, text in self._references(person, waiting=False)
            if text == str(left.uuid)
        ]

    def look_up_left(self, ids: Iterable[str]) -> None:
        """Asks which of those SCIM ids belong to people who have left the directory."""
        if missing := sorted(set(ids) - self._asked_left):
            self._asked_left.update(missing)
            left = Employee.objects.exclude(deleted_at=None).filter(uuid__in=missing)
            self._left |= {str(id_): name for id_, name in left.values_list("uuid", "user_name")}

    def names_of_left(self, ids: Collection[str]) -> dict[str, str]:
        """The user names of those who have left the directory and are not back, by SCIM id."""
        self.look_up_left(ids)
        known = (self._known.get(UUID(id_)) for id_ in ids)
        here = {person.id_text for person in known if person is not None and person.deleted_at is None}
        return {id_: self._left[id_] for id_ in ids if id_ in self._left and id_ not in here}

    def forget_names(self) -> None:
        """Whom a text means may have changed while this transaction waited for another one."""
        for index in (self._named, self._called, self._external):
            index.forget()
        self._asked_left.clear()
        self._left.clear()
        for person in self._known.values():
            self._note_names(person)

    def _references(self, person: Employee, *, waiting: bool) -> Iterator[tuple[str, str]]:
        """The facts and texts of someone's references that wait, or of those that are bound."""
        if waiting and person.manager_awaited:
            yield "manager", person.manager_awaited
        if not waiting and person.manager is not None:
            yield "manager", str(person.manager.uuid)
        for fact, text in facts.references(person).items():
            if (fact in self.waits[person.uuid]) is waiting:
                yield fact, text

    def _note_names(self, person: Employee) -> None:
        self._named.add(str(person.uuid), person)
        self._named.add(fold(person.user_name), person)
        self._called.add(fold(person.work_email), person)
        self._called.add(fold(person.employee_number), person)
        for provider, external_id in person.external_ids.items():
            self._external.add(_external_key(provider, external_id), person)

    def _at(self, index: Index, key: str) -> list[Employee]:
        """Those present under a key of an index, as this transaction knows them."""
        people = (self._known.get(person.uuid, person) for person in index.at(key))
        return [person for person in people if person.deleted_at is None]

    def _each(self, index: Index, keys: Iterable[str]) -> list[Employee]:
        """Those present under any of the keys, in the order in which they came here."""
        found = {person.uuid: person for key in keys for person in self._at(index, key)}
        return sorted(found.values(), key=_by_arrival)

    def _by_name(self, key: str) -> list[Employee]:
        return [p for p in self._at(self._named, key) if key in (str(p.uuid), fold(p.user_name))]

    def _ask_named(self, keys: Iterable[str]) -> None:
        if missing := self._named.unasked(keys):
            ids = [UUID(key) for key in missing if facts.is_scim_id(key)]
            self._find(look_ups.named().fetch({"keys": missing, "ids": ids}))

    def _ask_called(self, keys: Iterable[str]) -> None:
        if missing := self._called.unasked(keys):
            self._find(look_ups.called().fetch({"keys": missing}))

    def _ask_external(self, provider: str, texts: Iterable[str]) -> None:
        if missing := self._external.unasked(_external_key(provider, text) for text in texts):
            prefix = _external_key(provider, "")
            keys = [key.removeprefix(prefix) for key in missing]
            self._find(look_ups.known_by().fetch({"name": facts.EXTERNAL_ID + provider, "keys": keys}))

    def _find(self, people: Iterable[Employee]) -> None:
        for person in people:
            self._note_names(self._known.get(person.uuid, person))

    def _take(self, people: Iterable[Employee]) -> list[Employee]:
        taken = [person for person in people if person.uuid not in self._known]
        for person in taken:
            self.note(person)
        return taken

    def _load(self, people: Collection[Employee]) -> None:
        """Takes in people who are locked, with the facts of theirs that wait.

        PostgreSQL looks at a row again after it has waited for it, but not at what a subquery found: whoever
        asks makes sure of what they asked for.
        """
        self._take(people)
        if not people:
            return
        entries = SearchKey.objects.filter(name=search_keys.AWAITS, employee__in=people)
        by_pk = {person.pk: self._known[person.uuid] for person in people}
        for entry in entries:
            person = by_pk[entry.employee_id]
            if facts.references(person).get(entry.raw["fact"]) == entry.raw["value"]:
                self.waits[person.uuid].add(entry.raw["fact"])
        for person in by_pk.values():
            self.note(person)


def _by_arrival(person: Employee) -> tuple[bool, int]:
    return person.pk is None, person.pk or 0


def _external_key(provider: str, text: str) -> str:
    return f"{provider} {index_key(text) if text else ''}"
