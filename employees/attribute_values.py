"""The values of the company's attributes on an employee's page: in words, with who set each and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from . import facts, wording
from .attributes import ATTRIBUTE_FACT
from .facts import is_scim_id
from .models import Attribute, Change, Employee


@dataclass(frozen=True)
class AttributeValue:
    """A value as people read it.

    Args:
        employee: whom it names, when it is of type employee and they are here.
        awaited: the text that it waits for somebody by, when they are not.
        set_by: the name of who set it; "" when nobody is noted.
    """

    fact: str
    name: str
    text: str
    employee: Employee | None = None
    awaited: str = ""
    set_by: str = ""
    set_at: datetime | None = None


def values_of(
    employee: Employee, attributes: Iterable[Attribute], actor_names: Mapping[str, str] | None = None
) -> list[AttributeValue]:
    """The values that an employee has of those attributes.

    Args:
        actor_names: what some of those who set values were called last, by their keys.
    """
    stated = [(attribute, facts.read(employee, attribute.fact)) for attribute in attributes]
    stated = [(attribute, value) for attribute, value in stated if value not in facts.NOTHING]
    people = people_named(value for _, value in stated)
    actors = _actor_names(employee, [attribute.fact for attribute, _ in stated], actor_names or {})
    return [_described(employee, attribute, value, people, actors) for attribute, value in stated]


def attributes_of(used: Iterable[str]) -> dict[str, Attribute]:
    """The attributes by their facts, for those of the facts that are attributes'; else no query."""
    wanted = [fact for fact in used if fact.startswith(ATTRIBUTE_FACT)]
    found = Attribute.objects.filter(fact__in=wanted) if wanted else ()
    return {attribute.fact: attribute for attribute in found}


def attribute_names(used: Iterable[str]) -> dict[str, str]:
    """The names of attributes by their facts, as `attributes_of` finds them."""
    return {fact: attribute.name for fact, attribute in attributes_of(used).items()}


def in_words(value: Any, type_: str) -> str:
    """A value as stored, in words.

    Args:
        type_: one of `Attribute.Type`; dates without their midnight.
    """
    if isinstance(value, str) and type_ in (Attribute.Type.DATE, Attribute.Type.DATETIME):
        moment = parse_datetime(value)
        if moment is not None:
            date = type_ == Attribute.Type.DATE
            return date_format(moment, "j M Y") if date else date_format(localtime(moment), "j M Y, H:i")
    return wording.text(value)


def _described(
    employee: Employee,
    attribute: Attribute,
    value: Any,
    people: dict[str, Employee],
    actors: dict[str, str],
) -> AttributeValue:
    actor, at = employee.set_by.get(attribute.fact, ("", ""))
    person = people.get(reference_text(value))
    awaited = "" if person or attribute.type != Attribute.Type.EMPLOYEE else reference_text(value)
    if person:
        text = str(person)
    else:
        text = f"waiting for “{awaited}”" if awaited else in_words(value, attribute.type)
    set_at = datetime.fromisoformat(at) if at else None
    return AttributeValue(
        attribute.fact, attribute.name, text, person, awaited, actors.get(actor, actor), set_at
    )


def reference_text(value: Any) -> str:
    """The text or the SCIM id of a reference to an employee."""
    plain = facts.plain(value)
    return plain if isinstance(plain, str) else ""


def people_named(values: Iterable[Any]) -> dict[str, Employee]:
    """Those present whom the values refer to, by SCIM id; with at most one query."""
    people = list(values)
    bound = {str(person.uuid): person for person in people if isinstance(person, Employee)}
    ids = {reference_text(value) for value in people if isinstance(value, dict)}
    wanted = [UUID(text) for text in ids if is_scim_id(text)]
    found = Employee.objects.present().filter(uuid__in=wanted) if wanted else ()
    return bound | {str(person.uuid): person for person in found}


def _actor_names(employee: Employee, used: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """What those who set the facts were called last, by their keys; no query for those who are known."""
    keys = {employee.set_by[fact][0] for fact in used if fact in employee.set_by} - known.keys()
    changes = Change.objects.filter(employee=employee, actor_key__in=keys)
    newest = changes.order_by().values("actor_key").annotate(newest=Max("pk")).values("newest")
    named = Change.objects.filter(pk__in=newest).values_list("actor_key", "actor_name")
    return {**known, **(dict(named) if keys else {})}
