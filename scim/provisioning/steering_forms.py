"""What an administrator is asked when limiting an identity provider or changing the settings of all."""

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from .models import ProvisioningSettings

MOST_SEATS: Final = 10_000_000
MOST_EMPLOYEES: Final = 10_000_000
LONGEST_WINDOW: Final = 24 * 30
LONGEST_KEPT: Final = 3650


class ConfirmedForm(forms.Form):
    """A form whose first sending asks whether that is meant; the second one says so."""

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def visible(self) -> list[Any]:
        return [field for field in self if field.name != "confirmed"]

    @property
    def is_confirmed(self) -> bool:
        return bool(self.cleaned_data["confirmed"])


def _number(label: str, least: int, most: int, help_text: str, **options: Any) -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, help_text=help_text, widget=widget, **options
    )


class SeatsForm(ConfirmedForm):
    limit = _number(
        "Seat limit",
        0,
        MOST_SEATS,
        "How many active employees it may manage; without a number, any number.",
        required=False,
    )


class SettingsForm(ConfirmedForm):
    """When the brake holds removals, and how long the log is kept."""

    brake_percent = _number(
        "Hold removals beyond (%)",
        0,
        100,
        "Of the active employees that one identity provider manages. 100 holds nothing.",
    )
    brake_hours = _number("Within (hours)", 1, LONGEST_WINDOW, "The time in which removals are added up.")
    brake_from = _number(
        "From so many employees on",
        0,
        MOST_EMPLOYEES,
        "An identity provider that manages fewer is never held up.",
    )
    log_days = _number(
        "Keep the provisioning log (days)",
        1,
        LONGEST_KEPT,
        "What is older is deleted. The change history of employees is not affected.",
    )

    def changes(self, settings: ProvisioningSettings) -> Iterator[tuple[str, int, int]]:
        """The label, the present and the new value of each field that differs."""
        for field in self.visible:
            before, after = getattr(settings, field.name), self.cleaned_data[field.name]
            if before != after:
                yield field.label, before, after

    @property
    def values(self) -> dict[str, int]:
        return {field.name: self.cleaned_data[field.name] for field in self.visible}
