"""What an administrator is asked when connecting an identity provider or rotating its token."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from .kinds import GUIDES, Guide
from .models import IdentityProvider
from .services import find

LONGEST_LIFE = timedelta(days=3653)
OVERLAPS = (("0", "At once"), ("1", "After 1 hour"), ("24", "After 24 hours"), ("168", "After 7 days"))


class ExpiryForm(forms.Form):
    """A form with an optional last day of the token."""

    expires_on = forms.DateField(
        label="Expiry date",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}),
        help_text="The token works until the end of this day; without a date it does not expire.",
    )

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if day and not today <= day <= today + LONGEST_LIFE:
            raise ValidationError("Choose a day from today on, at most ten years ahead.")
        return day

    @property
    def expires_at(self) -> datetime | None:
        """The last second of the last day, in the time zone of the site: shown, it is still that day."""
        day: date | None = self.cleaned_data["expires_on"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class ConnectForm(ExpiryForm):
    kind = forms.ChoiceField(
        label="Identity provider",
        choices=IdentityProvider.Kind.choices,
        error_messages={"required": "Choose an identity provider."},
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="Name",
        max_length=100,
        error_messages={"required": "Enter a name."},
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="How it appears here and in the history of employees, for instance “Entra ID Germany”.",
    )
    field_order = ("kind", "name", "expires_on")

    @property
    def cards(self) -> list[tuple[BoundWidget, Guide]]:
        """Each choice with what there is to know about it."""
        return [(radio, GUIDES[IdentityProvider.Kind(radio.data["value"])]) for radio in self["kind"]]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if find(name):
            raise ValidationError(f"{name} is connected already. Rotate its token, or choose another name.")
        return name


class RotateForm(ExpiryForm):
    """`newest` is the newest token the administrator saw: a reload cannot rotate a second time."""

    overlap = forms.ChoiceField(
        label="The present token stops working",
        choices=OVERLAPS,
        initial="24",
        widget=UnfoldAdminSelectWidget(),
        help_text="Until then both tokens work, so that nothing is missed while you paste the new one.",
    )
    newest = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("overlap", "expires_on", "newest")

    def __init__(self, *args: Any, identity_provider: IdentityProvider, **kwargs: Any) -> None:
        self.identity_provider = identity_provider
        super().__init__(*args, **kwargs)

    def clean_newest(self) -> int | None:
        newest: int | None = self.cleaned_data["newest"]
        if newest != self.identity_provider.newest_token_id():
            raise ValidationError("stale")
        return newest

    @property
    def overlap_time(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["overlap"]))

    @property
    def stale(self) -> bool:
        """True when a token was issued after the page was opened."""
        return "newest" in self.errors
