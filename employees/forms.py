"""The form of an employee, in the words of the administration."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.forms.utils import pretty_name
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from . import facts
from .attribute_fields import ReferenceField, attribute_fields, entered, reference_help, stored
from .attribute_values import people_named
from .attributes import ATTRIBUTE_FACT
from .folding import fold
from .managed_facts import ManagedFact
from .models import Attribute, Employee
from .record import EDITED_FACTS
from .refusals import RefusingForm

STOP_WAITING: Final = "stop_waiting"
"""Name of the field that ends the wait for a manager; only while there is one to wait for."""

FACTS: Final = {"work_email": facts.EMAILS, STOP_WAITING: "manager"}
"""The facts of the fields that have another name."""

SET_MEANWHILE: Final = (
    "An identity provider set this while the page was open: what was entered here is not saved. "
    "Take the field over to enter it again."
)

EXPLAINED: Final = '{} <span class="record-managed">{}</span>'


def _profile_field(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=UnfoldAdminTextInputWidget()
    )


class EmployeeForm(RefusingForm[Employee]):
    """Collects facts for `services`; it never saves by itself.

    Attributes:
        managed: the facts that identity providers manage, by name.
    """

    managed: Mapping[str, ManagedFact] = {}

    active = forms.BooleanField(
        help_text="Active employees take part in surveys.",
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget(),
    )
    title = _profile_field("Title")
    department = _profile_field("Department")
    preferred_language = _profile_field("Language", "Such as en, de-AT or pt-BR.")
    locale = _profile_field("Locale", "How dates and numbers are written, such as en-GB.")
    timezone = _profile_field(
        "Time zone", "Such as Europe/London; survey mail goes out in the morning there."
    )

    class Meta:
        model = Employee
        fields = (
            "given_name",
            "family_name",
            "display_name",
            "user_name",
            "work_email",
            "employee_number",
            "manager",
            "active",
        )
        widgets = {column: UnfoldAdminTextInputWidget() for column in fields[:6]}
        labels = {"user_name": "E-mail (user name)"}
        help_texts = {
            "display_name": "Shown instead of first and last name.",
            "user_name": "Identifies the employee; no two employees have the same, whatever the case.",
            "work_email": "Where surveys are sent. Left empty for a new employee, the user name counts.",
            "manager": "Search by name, e-mail or employee number.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_profile()
        for name, field in self.fields.items():
            fact = self.managed.get(FACTS.get(name, name))
            if fact is not None:
                self._manage(name, field, fact)
            # What the page showed travels with it: what an identity provider changed meanwhile is then not
            # mistaken for a change by the administrator.
            field.show_hidden_initial = bool(self.instance.pk) and not field.disabled

    def _read_profile(self) -> None:
        """Shows the facts of the profile, and whom those that name employees mean."""
        fields = {f: self.fields[f] for f in self.fields if f in EDITED_FACTS or f.startswith(ATTRIBUTE_FACT)}
        stated = {fact: facts.read(self.instance, fact) for fact in fields}
        people = people_named(stated[fact] for fact in fields if isinstance(fields[fact], ReferenceField))
        for fact, field in fields.items():
            self.initial.setdefault(fact, entered(stated[fact], field, people))
            if isinstance(field, ReferenceField):
                field.help_text = reference_help(stated[fact], field, people)

    def _manage(self, name: str, field: forms.Field, fact: ManagedFact) -> None:
        """Makes a field read-only, or says what it means to take it over."""
        field.disabled = not fact.taken_over
        if field.disabled:
            field.validators = []  # what an identity provider has set is no error of the administrator
        if name != STOP_WAITING:  # the field of the manager, next to it, says it already
            explanation = fact.explanation(str(field.label or pretty_name(name)))
            field.help_text = format_html(EXPLAINED, field.help_text, explanation)

    def clean_work_email(self) -> str:
        address: str = self.cleaned_data["work_email"]
        if address and not facts.is_address(address):
            raise forms.ValidationError("This must be an e-mail address, such as ada@example.com.")
        return address

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name, field in self.fields.items():
            if field.disabled and self._was_edited(name, field):
                self.add_error(name, SET_MEANWHILE)
        return cleaned

    def _was_edited(self, name: str, field: forms.Field) -> bool:
        """Whether the page had a field to write in, which is read-only by now, and somebody wrote in it."""
        bound = self[name]
        if bound.html_initial_name not in self.data:
            return False
        try:
            return bool(field.to_python(self.data[bound.html_initial_name]) != field.to_python(bound.data))
        except forms.ValidationError:
            return True

    def stated_facts(self) -> dict[str, Any]:
        """The facts of a new employee; a work e-mail that repeats the user name needs no stating."""
        stated = stored(self.cleaned_data)
        address = stated.pop("work_email", "")
        if address and fold(address) != fold(stated["user_name"]):
            stated[facts.EMAILS] = facts.with_work_email([], address)
        return stated

    def changed_facts(self, employee: Employee) -> dict[str, Any]:
        """The facts that the administrator changed.

        Args:
            employee: as they are now, locked.
        """
        changed = stored({name: self.cleaned_data[name] for name in self.changed_data})
        if "work_email" in changed:
            address = changed.pop("work_email")
            changed[facts.EMAILS] = facts.with_work_email(facts.emails(employee), address)
        if changed.pop(STOP_WAITING, False) and employee.manager_awaited:
            changed.setdefault("manager", None)
        return changed

    def facts_taken_over(self) -> set[str]:
        """The facts that the administrator stands behind from now on, changed or not."""
        return {fact for fact, managed in self.managed.items() if managed.taken_over}


def employee_form(attributes: Iterable[Attribute], awaited: str = "") -> type[EmployeeForm]:
    """The form with a field for each of those attributes.

    Args:
        awaited: the text that the employee's manager is waited for by, which adds a field to stop that.
    """
    fields = attribute_fields(attributes)
    if awaited:
        label = f"Stop waiting for “{awaited}”"
        widget = UnfoldBooleanSwitchWidget()
        fields[STOP_WAITING] = forms.BooleanField(label=label, required=False, widget=widget)
    return type("EmployeeForm", (EmployeeForm,), fields)
