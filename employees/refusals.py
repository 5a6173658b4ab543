"""Forms of the administration whose save is refused: shown again, with what was wrong at its field."""

from typing import Any, TypeVar

from django import forms
from django.db import models
from django.http import HttpRequest
from unfold.admin import ModelAdmin

M = TypeVar("M", bound=models.Model)

REFUSAL = "employees_refusal"
"""Where a request keeps what was refused while its form is shown again."""


class Refused(Exception):
    """A field of the form has a value that cannot be kept.

    Args:
        field: its name; what the form has no field for is said above it.
        message: what to say there.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class RefusingForm(forms.ModelForm[M]):
    """Says what was refused when it was sent.

    Attributes:
        refusal: None when nothing was.
    """

    refusal: Refused | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            field = self.refusal.field
            self.add_error(field if field in self.fields else None, self.refusal.message)
        return cleaned


class RefusingAdmin(ModelAdmin):
    """Shows the page of a `RefusingForm` again when saving raised `Refused`."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, REFUSAL, None)
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            setattr(request, REFUSAL, refused)
        return super().changeform_view(request, *args, **kwargs)
