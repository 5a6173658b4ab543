"""The form fields of the company's attributes, and what is written for what was entered in them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from django import forms
from django.utils.dateparse import parse_datetime
from unfold.widgets import UnfoldAdminNullBooleanSelectWidget, UnfoldAdminTextInputWidget

from .attributes import ATTRIBUTE_FACT, OPTION_LENGTH
from .models import Attribute

LARGEST: Final = 2**53 - 1
"""Whole numbers up to here are the same in every JSON reader (RFC 8259 §6)."""

FORM_TYPES: Final = frozenset(set(Attribute.Type) - {Attribute.Type.EMPLOYEE})


class DateInput(UnfoldAdminTextInputWidget):
    input_type = "date"


class DateTimeInput(UnfoldAdminTextInputWidget):
    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, datetime) else super().format_value(value)


def editable_attributes() -> list[Attribute]:
    """The active attributes that an employee's form has fields for; Department and Manager have their own."""
    active = Attribute.objects.filter(active=True, type__in=FORM_TYPES, fact__startswith=ATTRIBUTE_FACT)
    return list(active)


def attribute_fields(attributes: Iterable[Attribute]) -> dict[str, forms.Field]:
    """A form field for each attribute, by its fact."""
    return {attribute.fact: _field(attribute) for attribute in attributes}


def entered(fact_value: Any, field: forms.Field) -> Any:
    """The initial value of a field for what is stored."""
    if isinstance(field, forms.DateField | forms.DateTimeField) and isinstance(fact_value, str):
        moment = parse_datetime(fact_value)
        return moment.date() if moment and isinstance(field, forms.DateField) else moment
    return fact_value


def stored(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they are stored: dates as RFC 3339 text in UTC, a day as its midnight; the rest as it is."""
    return {fact: _stored(value) for fact, value in cleaned.items()}


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _field(attribute: Attribute) -> forms.Field:
    common: dict[str, Any] = {
        "label": attribute.name, "help_text": attribute.description, "required": False
    }  # fmt: skip
    text = UnfoldAdminTextInputWidget()
    match attribute.type:
        case Attribute.Type.NUMBER:
            return forms.IntegerField(min_value=-LARGEST, max_value=LARGEST, widget=text, **common)
        case Attribute.Type.DECIMAL:
            return forms.FloatField(min_value=-LARGEST, max_value=LARGEST, widget=text, **common)
        case Attribute.Type.BOOLEAN:
            return forms.NullBooleanField(widget=UnfoldAdminNullBooleanSelectWidget(), **common)
        case Attribute.Type.DATE:
            return forms.DateField(widget=DateInput(), **common)
        case Attribute.Type.DATETIME:
            return forms.DateTimeField(widget=DateTimeInput(attrs={"step": "any"}), **common)
        case Attribute.Type.OPTION:
            return forms.CharField(max_length=OPTION_LENGTH, widget=text, **common)
    return forms.CharField(widget=text, **common)
