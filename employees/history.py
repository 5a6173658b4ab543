"""The changes of employees as a timeline that people can read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from . import wording
from .attribute_values import attributes_of, in_words
from .attributes import ATTRIBUTE_FACT
from .facts import is_scim_id
from .models import Change, Employee


@dataclass(frozen=True)
class FactChange:
    """One fact of a change in words, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """A change with its facts in words."""

    change: Change
    facts: list[FactChange]


def timeline(changes: Iterable[Change]) -> list[Entry]:
    """The changes in words; managers and other references by name, looked up with one query."""
    rows = list(changes)
    people, providers = _referred_names(rows), provider_names(rows)
    attributes = attributes_of({fact for change in rows for fact in {**change.before, **change.after}})
    names = {fact: attribute.name for fact, attribute in attributes.items()}

    def words(fact: str, value: object) -> str:
        if fact != "manager" and str(value) not in people:
            return in_words(value, attributes[fact].type) if fact in attributes else wording.text(value)
        reference = str(value or wording.NOTHING)
        return people.get(reference, reference)

    def described(change: Change) -> list[FactChange]:
        touched = change.before.keys() | change.after.keys()
        labels = sorted((wording.label(fact, providers, names), fact) for fact in touched)
        return [
            FactChange(label, words(fact, change.before.get(fact)), words(fact, change.after.get(fact)))
            for label, fact in labels
        ]

    return [Entry(change, described(change)) for change in rows]


def provider_names(changes: Iterable[Change]) -> dict[str, str]:
    """The names of the identity providers behind the changes, by key, as they were called last."""
    ordered = sorted(changes, key=lambda change: change.pk)
    return {
        change.actor_key: change.actor_name for change in ordered if change.actor_kind == "identity provider"
    }


def _referred_names(changes: Sequence[Change]) -> dict[str, str]:
    """The names of managers, and of whom attributes refer to, by SCIM id."""
    sides = [side for change in changes for side in (change.before, change.after)]
    stated = {
        str(value)
        for side in sides
        for fact, value in side.items()
        if fact == "manager" or fact.startswith(ATTRIBUTE_FACT)
    }
    ids = {text for text in stated if is_scim_id(text)}
    if not ids:
        return {}
    people = Employee.objects.filter(uuid__in=[UUID(text) for text in ids])
    return {str(person.uuid): str(person) for person in people}
