"""The form of an attribute, which says at its fields what `attribute_services` refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import transaction
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from . import attribute_services
from .attribute_owners import owners
from .models import Attribute
from .refusals import Refused, RefusingForm


class AttributeForm(RefusingForm[Attribute]):
    """Collects what `attribute_services` writes; it never saves by itself."""

    owner = forms.ChoiceField(
        help_text=(
            "Whose values count. What others send is ignored, not refused, and noted in the log. "
            "Administrators can take over single values on an employee's page in any case."
        ),
        required=False,
        widget=UnfoldAdminSelectWidget(),
    )
    new_alias = forms.CharField(
        label="Add an alias",
        help_text="A further name for identity providers, such as what the attribute is called there.",
        required=False,
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = Attribute
        fields = ("name", "type", "description", "owner")
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
        owner: Any = self.fields["owner"]
        owner.choices = list(owners().items())
        if self.instance.pk:
            for field in self.fields.values():  # what others change meanwhile stays as they changed it
                field.show_hidden_initial = True

    @transaction.atomic
    def add(self) -> Attribute:
        """Defines the attribute.

        Raises:
            Refused: see there.
        """
        cleaned = self.cleaned_data
        with _refused_at("name"):
            attribute = attribute_services.add_attribute(
                cleaned["name"], cleaned["type"], cleaned["description"]
            )
        if cleaned["owner"]:
            attribute_services.give_owner(attribute, cleaned["owner"])
        return attribute

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
        if "owner" in self.changed_data:
            attribute_services.give_owner(self.instance, self.cleaned_data["owner"])
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
