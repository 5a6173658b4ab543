"""The form of an attribute, which says at its fields what `attribute_services` refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import transaction
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from . import attribute_services
from .models import Attribute


class Refused(Exception):
    """A field of the form has a value that cannot be kept.

    Args:
        field: its name.
        message: what to say there.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class AttributeForm(forms.ModelForm[Attribute]):
    """Collects what `attribute_services` writes; it never saves by itself.

    Attributes:
        refusal: what was refused when the form was sent, to be shown with it.
    """

    refusal: Refused | None = None

    new_alias = forms.CharField(
        label="Add an alias",
        help_text="A further name for identity providers, such as what the attribute is called there.",
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = Attribute
        fields = ("name", "type", "description")
        widgets = {
            "name": UnfoldAdminTextInputWidget(),
            "description": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        }
        help_texts = {
            "name": "Any text; case and runs of blanks make no difference. A former name keeps working.",
            "type": "Cannot be changed later.",
            "description": "What it is for; identity providers see it, too.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for field in self.fields.values():  # what others change meanwhile stays as they changed it
                field.show_hidden_initial = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(self.refusal.field, self.refusal.message)
        return cleaned

    def add(self) -> Attribute:
        """Defines the attribute.

        Raises:
            Refused: see there.
        """
        cleaned = self.cleaned_data
        with _refused_at("name"):
            return attribute_services.add_attribute(cleaned["name"], cleaned["type"], cleaned["description"])

    @transaction.atomic
    def change(self) -> Attribute:
        """Writes what the administrator changed.

        Raises:
            Refused: see there; then nothing was written.
        """
        if "name" in self.changed_data:
            with _refused_at("name"):
                attribute_services.rename_attribute(self.instance, self.cleaned_data["name"])
        if "description" in self.changed_data:
            attribute_services.describe_attribute(self.instance, self.cleaned_data["description"])
        if self.cleaned_data.get("new_alias"):
            with _refused_at("new_alias"):
                attribute_services.add_alias(self.instance, self.cleaned_data["new_alias"])
        return Attribute.objects.get(pk=self.instance.pk)


@contextmanager
def _refused_at(field: str) -> Iterator[None]:
    try:
        yield
    except attribute_services.NameTaken as taken:
        message = f"The attribute “{taken}” has this name, or answers to it; case and blanks do not count."
        raise Refused(field, message) from taken
    except attribute_services.InvalidName as invalid:
        raise Refused(field, str(invalid)) from invalid
