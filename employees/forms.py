"""The form of an employee, in the words of the administration."""

from collections.abc import Iterable
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from . import facts
from .attribute_fields import attribute_fields, entered, stored
from .attributes import ATTRIBUTE_FACT
from .folding import fold
from .models import Attribute, Employee
from .record import EDITED_FACTS


def _profile_field(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=UnfoldAdminTextInputWidget()
    )


class EmployeeForm(forms.ModelForm[Employee]):
    """Collects facts for `services`; it never saves by itself.

    Attributes:
        refusal: a field and what `services` had against its value, when it refused the facts.
    """

    refusal: tuple[str, str] | None = None

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
        for fact, field in self.fields.items():
            if fact in EDITED_FACTS or fact.startswith(ATTRIBUTE_FACT):
                self.initial.setdefault(fact, entered(facts.read(self.instance, fact), field))
        if self.instance.pk:
            # What the page showed travels with it: what an identity provider changed meanwhile is then not
            # mistaken for a change by the administrator.
            for field in self.fields.values():
                field.show_hidden_initial = True

    def clean_work_email(self) -> str:
        address: str = self.cleaned_data["work_email"]
        if address and not facts.is_address(address):
            raise forms.ValidationError("This must be an e-mail address, such as ada@example.com.")
        return address

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            field, message = self.refusal
            self.add_error(field if field in self.fields else None, message)
        return cleaned

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
        return changed


def employee_form(attributes: Iterable[Attribute]) -> type[EmployeeForm]:
    """The form with a field for each of those attributes."""
    return type("EmployeeForm", (EmployeeForm,), attribute_fields(attributes))
