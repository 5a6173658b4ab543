"""The values of the company's attributes on an employee's page: in words, with who set each and when."""

from collections.abc import Iterable
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
from .models import Attribute, Change, Employee
from .references import is_scim_id


@dataclass(frozen=True)
class AttributeValue:
    """A value as people read it.

    Args:
        employee: whom it names, when it is of type employee and they are here.
        set_by: the name of who set it; "" when nobody is noted.
    """

    name: str
    text: str
    employee: Employee | None = None
    set_by: str = ""
    set_at: datetime | None = None


def values_of(employee: Employee, attributes: Iterable[Attribute]) -> list[AttributeValue]:
    """The values that an employee has of those attributes."""
    stated = [(attribute, facts.read(employee, attribute.fact)) for attribute in attributes]
    stated = [(attribute, value) for attribute, value in stated if value not in facts.NOTHING]
    people = _people(value for _, value in stated)
    actors = _actor_names(employee, [attribute.fact for attribute, _ in stated])
    return [_described(employee, attribute, value, people, actors) for attribute, value in stated]


def attribute_names(used: Iterable[str]) -> dict[str, str]:
    """The names of attributes by their facts, for those of the facts that are attributes'; else no query."""
    wanted = [fact for fact in used if fact.startswith(ATTRIBUTE_FACT)]
    named = Attribute.objects.filter(fact__in=wanted).values_list("fact", "name")
    return dict(named) if wanted else {}


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
    person = people.get(_reference(value))
    if attribute.type == Attribute.Type.EMPLOYEE:
        text = str(person) if person else f"waiting for “{_reference(value)}”"
    else:
        text = in_words(value, attribute.type)
    return AttributeValue(
        attribute.name, text, person, actors.get(actor, actor), datetime.fromisoformat(at) if at else None
    )


def _reference(value: Any) -> str:
    """The text or the SCIM id of a reference to an employee."""
    plain = facts.plain(value)
    return plain if isinstance(plain, str) else ""


def _people(values: Iterable[Any]) -> dict[str, Employee]:
    """Those present whom the values refer to, by SCIM id; with at most one query."""
    people = list(values)
    bound = {str(person.uuid): person for person in people if isinstance(person, Employee)}
    ids = {_reference(value) for value in people if isinstance(value, dict)}
    wanted = [UUID(text) for text in ids if is_scim_id(text)]
    found = Employee.objects.present().filter(uuid__in=wanted) if wanted else ()
    return bound | {str(person.uuid): person for person in found}


def _actor_names(employee: Employee, used: Iterable[str]) -> dict[str, str]:
    """What those who set the facts were called last, by their keys."""
    keys = {employee.set_by[fact][0] for fact in used if fact in employee.set_by}
    changes = Change.objects.filter(employee=employee, actor_key__in=keys)
    newest = changes.order_by().values("actor_key").annotate(newest=Max("pk")).values("newest")
    named = Change.objects.filter(pk__in=newest).values_list("actor_key", "actor_name")
    return dict(named) if keys else {}
