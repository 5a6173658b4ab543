"""Audiences: conditions on the attributes of employees, checked, in words, and for the database."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, Final, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from employees.attribute_fields import attribute_fields, entered, stored
from employees.attribute_values import in_words as value_in_words
from employees.attribute_values import people_named
from employees.folding import index_key
from employees.models import Attribute, Employee, SearchKey
from employees.people import People
from employees.search_keys import key_text

from .eligibility import Dates, Reason, could_take_part, reasons

Stored: TypeAlias = Mapping[str, Any]
"""A condition as JSON has it."""

MANAGER: Final = "manager"
MOST_VALUES: Final = 100
"""How many values one condition may name."""

BOOLEANS: Final = {"yes": "true", "no": "false"}
"""What people also say for the values of an attribute of yes and no."""


@dataclass(frozen=True)
class Condition:
    """An attribute has one of some values, or none of them.

    Args:
        values: as the index of values has them before folding: numbers, yes and no as in JSON, dates as their
            midnight in RFC 3339, people as their SCIM ids.
    """

    fact: str
    values: tuple[str, ...]
    negated: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"fact": self.fact, "values": list(self.values), "negated": self.negated}

    def holds(self) -> Q:
        """For querysets of employees; whoever has no value has none of them."""
        if self.fact == MANAGER:
            found = Q(manager__in=Employee.objects.filter(uuid__in=self.values).values("pk"))
        else:
            keys = {index_key(value) for value in self.values}
            entries = SearchKey.objects.filter(name=self.fact, key__in=keys, employee=OuterRef("pk"))
            found = Q(Exists(entries))
        return ~found if self.negated else found


def clean(audience: Any) -> list[dict[str, Any]]:
    """An audience as it is stored, for conditions as people enter them or as they are stored.

    Args:
        audience: a list of `{"fact": str, "values": [str, …], "negated": bool}`; people by anything that
            refers to them, dates as YYYY-MM-DD.

    Raises:
        ValidationError: with a message for each condition that cannot be understood.
    """
    if not isinstance(audience, list) or not all(map(_is_condition, audience)):
        raise ValidationError('An audience is a list of {"fact": …, "values": […], "negated": …}.')
    facts = [condition["fact"] for condition in audience]
    known = {attribute.fact: attribute for attribute in Attribute.objects.filter(fact__in=facts)}
    cleaned, errors = [], []
    for condition in audience:
        try:
            cleaned.append(_cleaned(condition, known.get(condition["fact"])).as_json())
        except ValidationError as error:
            errors += error.messages
    if errors:
        raise ValidationError(errors)
    return cleaned


def eligible(audience: Iterable[Stored], on: date, dates: Dates | None = None) -> QuerySet[Employee]:
    """Those of an audience, as stored, who take part in a round of a day."""
    return Employee.objects.present().filter(holds(audience), could_take_part(on, dates)).order_by()


def exclusions(audience: Iterable[Stored], on: date, dates: Dates | None = None) -> QuerySet[Employee, Any]:
    """Those of an audience who do not, each with the reason as `why`, one of `Exclusion.Reason`.

    Somebody whose deletion is held is still among them: it may be rejected.
    """
    found = reasons(on, dates)
    why = Case(*(When(condition, then=Value(str(reason))) for reason, condition in found.items()))
    known = (
        Employee.objects.filter(Q(deleted_at=None) | found[Reason.HELD]).filter(holds(audience)).order_by()
    )
    return known.filter(reduce(or_, found.values())).annotate(why=why)


def holds(audience: Iterable[Stored]) -> Q:
    """The condition of an audience as stored, for querysets of employees."""
    return reduce(and_, (condition.holds() for condition in _conditions(audience)), Q())


def head_count(audience: Iterable[Stored], on: date) -> int:
    """How many take part in a round of a day: the live count."""
    return eligible(audience, on).count()


def in_words(audience: Iterable[Stored]) -> str:
    """An audience in a phrase: "Department is Sales or Support, and Location is not Oslo"; 2 queries."""
    return all_in_words([audience])[0]


def all_in_words(audiences: Iterable[Iterable[Stored]]) -> list[str]:
    """The same of each of some audiences; 2 queries for all of them."""
    every = [_conditions(audience) for audience in audiences]
    used = [condition for conditions in every for condition in conditions]
    names = {each.fact: each for each in Attribute.objects.filter(fact__in=[c.fact for c in used])}
    people = people_named({"value": value} for condition in used for value in condition.values)
    phrases = [[_phrase(each, names.get(each.fact), people) for each in conditions] for conditions in every]
    return [", and ".join(phrase) or "Everyone" for phrase in phrases]


def _phrase(condition: Condition, attribute: Attribute | None, people: Mapping[str, Employee]) -> str:
    type_ = attribute.type if attribute else Attribute.Type.TEXT
    values = [
        str(people[value]) if value in people else value_in_words(_value(value, type_), type_)
        for value in condition.values
    ]
    verb = "is not" if condition.negated else "is"
    return f"{attribute or condition.fact} {verb} {' or '.join(values)}"


def _value(text: str, type_: str) -> Any:
    """A value as it is stored with employees, of its text in a condition."""
    json_types = (Attribute.Type.NUMBER, Attribute.Type.DECIMAL, Attribute.Type.BOOLEAN)
    return json.loads(text) if type_ in json_types else text


def _conditions(audience: Iterable[Stored]) -> list[Condition]:
    return [Condition(each["fact"], tuple(each["values"]), each["negated"]) for each in audience]


def _is_condition(condition: Any) -> bool:
    return (
        isinstance(condition, dict)
        and isinstance(condition.get("fact"), str)
        and isinstance(condition.get("values"), list)
        and all(isinstance(value, str) for value in condition["values"])
        and isinstance(condition.get("negated", False), bool)
    )


def _cleaned(condition: Stored, attribute: Attribute | None) -> Condition:
    if attribute is None:
        raise ValidationError(f"There is no attribute {condition['fact']!r}.")
    values = [value for value in map(str.strip, condition["values"]) if value]
    if not 0 < len(values) <= MOST_VALUES:
        raise ValidationError(f"{attribute}: name at least one value, and at most {MOST_VALUES}.")
    read = _person if attribute.type == Attribute.Type.EMPLOYEE else _text
    distinct: dict[str, str] = {}
    for text in (read(attribute, value) for value in values):
        distinct.setdefault(index_key(text), text)
    return Condition(attribute.fact, tuple(distinct.values()), condition.get("negated", False))


def _person(attribute: Attribute, text: str) -> str:
    found = People().resolve(text)
    if found is None:
        raise ValidationError(f"{attribute}: nobody answers to “{text}”.")
    return str(found.uuid)


def _text(attribute: Attribute, text: str) -> str:
    """What the index of values has for a value that people enter, or that is stored."""
    if attribute.type == Attribute.Type.BOOLEAN:
        return _yes_or_no(attribute, text)
    field = attribute_fields([attribute])[attribute.fact]
    try:
        value = stored({attribute.fact: field.clean(entered(text, field, {}) or text)})[attribute.fact]
    except ValidationError as error:
        raise ValidationError([f"{attribute}, “{text}”: {message}" for message in error.messages]) from error
    return key_text(value)


def _yes_or_no(attribute: Attribute, text: str) -> str:
    value = BOOLEANS.get(text.lower(), text.lower())
    if value not in BOOLEANS.values():
        raise ValidationError(f"{attribute}: “{text}” is neither yes nor no.")
    return value
