"""Integrations > Attribute inbox: unknown names, and what an administrator makes of each."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST
from unfold.widgets import UnfoldAdminSelectWidget

from employees.attribute_services import InvalidName, NameTaken
from employees.attributes import Attribute

from . import inbox_decisions, inbox_listing
from .inbox_decisions import Filled
from .models import UnknownAttribute
from .pages import actor_of, for_administrators, page

NAMES_SHOWN = 20


class CreateForm(forms.Form):
    type = forms.ChoiceField(label="Type", choices=Attribute.Type.choices, widget=UnfoldAdminSelectWidget())


class AliasForm(forms.Form):
    """`attributes` are the ones to choose from."""

    attribute = forms.TypedChoiceField(label="Attribute", coerce=int, widget=UnfoldAdminSelectWidget())

    def __init__(self, *args: Any, attributes: Sequence[Attribute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attributes = {attribute.pk: attribute for attribute in attributes}
        labels = (
            (pk, str(one) if one.active else f"{one} (not active)") for pk, one in self.attributes.items()
        )
        choices: Any = [("", "Choose an attribute"), *labels]
        self.fields["attribute"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Attribute:
        return self.attributes[self.cleaned_data["attribute"]]


@require_GET
@for_administrators
def inbox(request: HttpRequest) -> HttpResponse:
    """The names that wait for a decision, with forms whose likeliest answer is chosen already."""
    attributes = inbox_listing.all_attributes()
    names = Paginator(inbox_listing.waiting(), NAMES_SHOWN).get_page(request.GET.get("page"))
    entries = [_entry(row, attributes) for row in inbox_listing.rows(list(names), attributes)]
    dismissed = inbox_listing.dismissed()
    return page(request, "inbox.html", "Attribute inbox", entries=entries, names=names, dismissed=dismissed)


@require_POST
@for_administrators
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes an attribute of the name, of the type that was chosen."""
    unknown, form = get_object_or_404(UnknownAttribute, pk=pk), CreateForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Choose a type for “{unknown}”.")
        return redirect("provisioning:inbox")
    type_ = Attribute.Type(form.cleaned_data["type"])
    try:
        filled = inbox_decisions.create_attribute(unknown, type_, actor=actor_of(request))
    except (NameTaken, InvalidName) as error:
        messages.error(request, _refusal(unknown, error))
    else:
        _report(request, f"Created “{filled.attribute}”", filled)
    return redirect("provisioning:inbox")


@require_POST
@for_administrators
def alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the name to the attribute that was chosen."""
    unknown = get_object_or_404(UnknownAttribute, pk=pk)
    form = AliasForm(request.POST, attributes=list(Attribute.objects.all()))
    if not form.is_valid():
        messages.error(request, f"Choose the attribute that “{unknown}” is another name of.")
        return redirect("provisioning:inbox")
    try:
        filled = inbox_decisions.alias_to(unknown, form.chosen, actor=actor_of(request))
    except (NameTaken, InvalidName) as error:
        messages.error(request, _refusal(unknown, error))
    else:
        _report(request, f"“{unknown}” is “{filled.attribute}” from now on", filled)
    return redirect("provisioning:inbox")


@require_POST
@for_administrators
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    unknown = get_object_or_404(UnknownAttribute, pk=pk)
    inbox_decisions.dismiss(unknown, actor=actor_of(request))
    messages.success(request, f"“{unknown}” is dismissed: its values are forgotten and no longer kept.")
    return redirect("provisioning:inbox")


@require_POST
@for_administrators
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    unknown = get_object_or_404(UnknownAttribute, pk=pk)
    inbox_decisions.recall(unknown, actor=actor_of(request))
    messages.success(request, f"“{unknown}” is in the inbox again; its values come when they are sent again.")
    return redirect("provisioning:inbox")


def _entry(row: inbox_listing.Row, attributes: Sequence[Attribute]) -> dict[str, Any]:
    """A row with its forms; identifiers stay unique on the page."""
    auto_id = f"unknown-{row.unknown.pk}-%s"
    suggested = {"attribute": row.suggestion.pk} if row.suggestion else {}
    return {
        "row": row,
        "create": CreateForm(initial={"type": row.type}, auto_id=auto_id),
        "alias": AliasForm(initial=suggested, auto_id=auto_id, attributes=attributes),
    }


def _refusal(unknown: UnknownAttribute, error: Exception) -> str:
    if isinstance(error, NameTaken):
        return f"“{unknown}” is a name of the attribute “{error}” already; give its values to that one."
    return f"“{unknown}” cannot be the name of an attribute. {error}"


def _report(request: HttpRequest, what: str, filled: Filled) -> None:
    people = f"{filled.people:,} {'person' if filled.people == 1 else 'people'}"
    text = f"{what}; filled in for {people}"
    if filled.refused:
        text += f", {filled.refused:,} {'value was' if filled.refused == 1 else 'values were'} not understood"
    if filled.unfinished:
        text += "; there are more, press “Fill in the rest” to go on"
    complete = not (filled.refused or filled.unfinished)
    messages.add_message(request, messages.SUCCESS if complete else messages.WARNING, f"{text}.")
