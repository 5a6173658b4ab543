"""The changes of employees as a timeline that people can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from . import wording
from .attribute_values import attributes_of, in_words
from .attributes import ATTRIBUTE_FACT
from .facts import is_scim_id
from .models import Attribute, Change, Employee
from .undo_nets import CAME, HELD, LEFT


@dataclass(frozen=True)
class FactChange:
    """One fact of a change in words, before and after."""

    fact: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """A change with its facts in words."""

    change: Change
    facts: list[FactChange]

    @property
    def can_be_undone(self) -> bool:
        return bool(self._facts) or self.change.action in CAME | LEFT

    @property
    def needed(self) -> str:
        """The permission to undo all of it."""
        return needed_to_undo(self.change)

    @property
    def parts(self) -> bool:
        """Whether there are several facts to undo one by one, which had been something before."""
        return len(self._facts) > 1 and self.change.action != Change.Action.CREATED

    @property
    def _facts(self) -> list[FactChange]:
        return [fact for fact in self.facts if fact.fact != HELD]


def needed_to_undo(change: Change, fact: str = "") -> str:
    """The permission to undo a change, or one fact of it: whoever came with it is deleted."""
    deletes = change.action in CAME and not fact
    return f"employees.{'delete' if deletes else 'change'}_employee"


def timeline(
    changes: Iterable[Change],
    providers: Mapping[str, str] | None = None,
    attributes: Mapping[str, Attribute] | None = None,
    people: Mapping[str, Employee] | None = None,
) -> list[Entry]:
    """The changes in words; managers and other references by name, looked up with one query.

    Args:
        providers: names of identity providers by their keys; else of those behind the changes.
        attributes: all of the company's by their facts; else they are looked up.
        people: whom the changes refer to, by SCIM id; else they are looked up.
    """
    rows = list(changes)
    providers = providers or provider_names(rows)
    found = people_referred_to(references_in(rows)) if people is None else people
    called = {id_: str(person) for id_, person in found.items()}
    if attributes is None:
        attributes = attributes_of({fact for change in rows for fact in {**change.before, **change.after}})
    names = {fact: attribute.name for fact, attribute in attributes.items()}

    def words(fact: str, value: object) -> str:
        if fact != "manager" and str(value) not in called:
            return in_words(value, attributes[fact].type) if fact in attributes else wording.text(value)
        reference = str(value or wording.NOTHING)
        return called.get(reference, reference)

    def described(change: Change) -> list[FactChange]:
        touched = change.before.keys() | change.after.keys()
        labels = sorted((wording.label(fact, providers, names), fact) for fact in touched)
        return [
            FactChange(fact, label, words(fact, change.before.get(fact)), words(fact, change.after.get(fact)))
            for label, fact in labels
        ]

    return [Entry(change, described(change)) for change in rows]


def provider_names(changes: Iterable[Change]) -> dict[str, str]:
    """The names of the identity providers behind the changes, by key, as they were called last."""
    ordered = sorted(changes, key=lambda change: change.pk)
    return {
        change.actor_key: change.actor_name for change in ordered if change.actor_kind == "identity provider"
    }


def references_in(changes: Iterable[Change]) -> set[str]:
    """The SCIM ids of managers, and of whom attributes refer to."""
    sides = [side for change in changes for side in (change.before, change.after)]
    stated = {
        str(value)
        for side in sides
        for fact, value in side.items()
        if fact == "manager" or fact.startswith(ATTRIBUTE_FACT)
    }
    return {text for text in stated if is_scim_id(text)}


def people_referred_to(ids: Iterable[str], manager_id: int | None = None) -> dict[str, Employee]:
    """Those people by their SCIM ids, and a manager, deleted or not; with one query, or none for nobody."""
    wanted = [UUID(text) for text in ids]
    if not wanted and manager_id is None:
        return {}
    people = Employee.objects.filter(Q(uuid__in=wanted) | Q(pk=manager_id))
    return {str(person.uuid): person for person in people}
