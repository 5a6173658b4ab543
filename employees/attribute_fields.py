"""The form fields of the company's attributes, and what is written for what was entered in them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminNullBooleanSelectWidget, UnfoldAdminTextInputWidget

from .attribute_values import reference_text
from .attributes import ATTRIBUTE_FACT, OPTION_LENGTH
from .models import Attribute, Employee

LARGEST: Final = 2**53 - 1
"""Whole numbers up to here are the same in every JSON reader (RFC 8259 §6)."""

REFERENCE_HELP: Final = (
    "An e-mail, user name, SCIM id or employee number. While nobody answers to it, it waits for them."
)


class DateInput(UnfoldAdminTextInputWidget):
    input_type = "date"


class DateTimeInput(UnfoldAdminTextInputWidget):
    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, datetime) else super().format_value(value)


class ReferenceField(forms.CharField):
    """Names an employee as identity providers may; cleaned, it is the reference as it is stored, or ""."""

    def clean(self, value: Any) -> dict[str, str] | str:
        text: str = super().clean(value)
        return {"value": text} if text else ""


def has_own_field(attribute: Attribute) -> bool:
    """True for what the form of an employee has a field for anyway: Department and Manager."""
    return not attribute.fact.startswith(ATTRIBUTE_FACT)


def attribute_fields(attributes: Iterable[Attribute]) -> dict[str, forms.Field]:
    """A form field for each attribute, by its fact."""
    return {attribute.fact: _field(attribute) for attribute in attributes}


def entered(fact_value: Any, field: forms.Field, people: Mapping[str, Employee]) -> Any:
    """The initial value of a field for what is stored.

    Args:
        people: those whom references name, by SCIM id; they are shown by their user names.
    """
    if isinstance(field, ReferenceField):
        text = reference_text(fact_value)
        return people[text].user_name if text in people else text
    if isinstance(field, forms.DateField | forms.DateTimeField) and isinstance(fact_value, str):
        moment = parse_datetime(fact_value)
        return moment.date() if moment and isinstance(field, forms.DateField) else moment
    return fact_value


def reference_help(fact_value: Any, field: forms.Field, people: Mapping[str, Employee]) -> SafeString:
    """What stands below the field of a reference: what can be entered, and whom it names now."""
    text = reference_text(fact_value)
    now = f"Now: {people[text]}." if text in people else f"Waiting for “{text}”." if text else ""
    return format_html("{} {} {}", field.help_text, REFERENCE_HELP, now)


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
    # The administration's templates show help texts as HTML.
    common: dict[str, Any] = {
        "label": attribute.name,
        "help_text": conditional_escape(attribute.description),
        "required": False,
    }
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
        case Attribute.Type.EMPLOYEE:
            return ReferenceField(widget=text, **common)
    return forms.CharField(widget=text, **common)
