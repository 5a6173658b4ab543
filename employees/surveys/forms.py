"""What an administrator is asked about a schedule, and who a round is opened for."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from employees.attribute_fields import DateInput
from employees.models import Employee
from employees.people import People

from .models import Schedule
from .schedules import NameTaken, find_schedule
from .zones import known_zones


class TimeInput(UnfoldAdminTextInputWidget):
    input_type = "time"

    def format_value(self, value: Any) -> str | None:
        """Hours and minutes, as browsers want them."""
        return f"{value:%H:%M}" if isinstance(value, time) else super().format_value(value)


class SecureURLField(forms.URLField):
    """Takes an address without a scheme for one of HTTPS."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class ScheduleForm(forms.ModelForm[Schedule]):
    """Everything about a schedule but its audience and whether it is switched on."""

    class Meta:
        model = Schedule
        fields = (
            "name",
            "frequency",
            "weeks",
            "starts_on",
            "duration_days",
            "send_at",
            "time_zone",
            "question",
            "external_url",
        )
        widgets = {
            "name": UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
            "frequency": UnfoldAdminSelectWidget(),
            "weeks": UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
            "starts_on": DateInput(),
            "duration_days": UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
            "send_at": TimeInput(),
            "question": UnfoldAdminTextInputWidget(),
            "external_url": UnfoldAdminURLInputWidget(),
        }
        labels = {
            "weeks": "Weeks (N)",
            "starts_on": "Start date",
            "duration_days": "Duration (days)",
        }
        help_texts = {
            "weeks": "From one round to the next; only for “Every N weeks”.",
            "starts_on": "The day of the first round. It decides the weekday, or the day of the month, of the"
            " others.",
            "duration_days": "A round is open from the beginning of its day, for so many days. A new round of"
            " the schedule closes the one before.",
            "send_at": "Invitations go out at this time of the day where the employee is.",
            "question": "Answered from 0 to 10, with a comment.",
            "external_url": "If the questions are asked elsewhere, personal links lead there. Nobody is"
            " reminded then, as it is not known here who has answered.",
        }
        field_classes: ClassVar = {"external_url": SecureURLField}
        error_messages = {"name": {"required": "Enter a name."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [("", f"The site's own ({settings.TIME_ZONE})")]
        zones = sorted(known_zones().values())
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone",
            choices=[*own, *((zone, zone.replace("_", " ")) for zone in zones)],
            required=False,
            widget=UnfoldAdminSelectWidget(),
            help_text="Where its days begin, and the send time of employees whose time zone is not known.",
        )
        self.fields["frequency"].choices = [("", "Choose a frequency"), *Schedule.Frequency.choices]  # type: ignore[attr-defined]
        self.fields["weeks"].required = False

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        found = find_schedule(name)
        if found is not None and found.pk != self.instance.pk:
            raise ValidationError(str(NameTaken(found.name)))
        return name

    def clean_weeks(self) -> int:
        weeks: int | None = self.cleaned_data["weeks"]
        return 1 if weeks is None else weeks


class ParticipantForm(forms.Form):
    """Names somebody as identity providers may."""

    who = forms.CharField(
        label="Add a participant",
        max_length=320,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="User name, e-mail or employee number. You are asked before anything happens.",
        error_messages={"required": "Enter a user name, e-mail or employee number."},
    )

    def clean_who(self) -> Employee:
        text: str = self.cleaned_data["who"]
        found = People().resolve(text)
        if found is None:
            raise ValidationError(f"Nobody, or more than one, answers to “{text}”.")
        return found
