"""The page that says what an action will do, and asks whether to do it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse

from .audit import Actor

TEMPLATE = "admin/employees/employee/confirmation.html"
SHOWN_PEOPLE = 20

LEAVE_SURVEYS = "They leave surveys at once."
DELETION = (
    LEAVE_SURVEYS,
    "Identity providers no longer find them; one that still has them assigned may create them anew.",
    "Their user name is free for somebody else.",
    "Their reports stay as they are and wait: the manager is bound again when that user name comes back.",
    "The record is kept with its history and can be restored.",
)
RESTORATION = (
    "They are in the list again with everything known about them, under their user name.",
    "If they were active, they take part in surveys again from now on.",
    "Reports who wait for them get their manager back.",
)


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in administrator, as the audit rows name them."""
    if not request.user.is_authenticated:
        raise PermissionDenied("Nobody is signed in.")
    return Actor.administrator(request.user)


def confirmation(
    model_admin: "admin.ModelAdmin[Any]",
    request: HttpRequest,
    *,
    title: str,
    verb: str,
    consequences: Sequence[str],
    people: Sequence[object],
    cancel_url: str,
    hidden: Sequence[tuple[str, str]] = (),
    danger: bool = False,
    error: str = "",
) -> TemplateResponse:
    """The page; its form posts to the same address.

    Args:
        verb: as on the button.
        people: those whom it is done to, or the things; listed when there are several.
        hidden: names and values that travel with the form.
        error: why the action could not be done just now.
    """
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "verb": verb,
        "consequences": consequences,
        "people": people[:SHOWN_PEOPLE],
        "more": max(0, len(people) - SHOWN_PEOPLE),
        "cancel_url": cancel_url,
        "hidden": hidden,
        "danger": danger,
        "error": error,
    }
    return TemplateResponse(request, TEMPLATE, context)
