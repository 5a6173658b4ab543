"""Integrations > Employee provisioning: pausing an identity provider, its seats, and the settings of all."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from . import services, steering
from .brake import managed
from .models import IdentityProvider
from .pages import actor_of, for_administrators, page
from .steering_forms import MOST_SEATS, SeatsForm, SettingsForm

form_page = require_http_methods(["GET", "POST"])


@form_page
@for_administrators
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuses what an identity provider writes, once confirmed."""
    return _confirmed(request, pk, "pause", steering.pause, "is paused. Nobody was removed.")


@form_page
@for_administrators
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes what an identity provider writes again, once confirmed."""
    return _confirmed(request, pk, "resume", steering.resume, "is resumed: it can write again.")


@form_page
@for_administrators
def seats(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for a seat limit, shows what it would mean, and sets it."""
    provider = get_object_or_404(IdentityProvider, pk=pk)
    form = SeatsForm(request.POST or None, initial={"limit": provider.seat_limit})
    context: dict[str, Any] = {"form": form, "provider": provider, "taken": managed(provider.key, MOST_SEATS)}
    title = f"Seats of {provider}"
    if not form.is_valid():
        return page(request, "seats.html", title, **context)
    limit: int | None = form.cleaned_data["limit"]
    if limit != provider.seat_limit and not form.is_confirmed:
        return page(request, "seats.html", title, confirming=True, limit=limit, **context)
    if steering.limit_seats(provider, limit, actor=actor_of(request)):
        what = "any number of employees" if limit is None else f"up to {limit:,} active employees"
        messages.success(request, f"{provider} may manage {what}.")
    return redirect("provisioning:provider", provider.pk)


@form_page
@for_administrators
def settings(request: HttpRequest) -> HttpResponse:
    """Asks for the settings of all identity providers, shows what would change, and sets them."""
    current = services.current_settings()
    names = [name for name in SettingsForm.base_fields if name != "confirmed"]
    form = SettingsForm(request.POST or None, initial={name: getattr(current, name) for name in names})
    if not form.is_valid():
        return page(request, "settings.html", "Provisioning settings", form=form)
    changes = list(form.changes(current))
    if changes and not form.is_confirmed:
        return page(
            request,
            "settings.html",
            "Provisioning settings",
            form=form,
            changes=changes,
            log_shortened=form.values["log_days"] < current.log_days,
            values=form.values,
        )
    if steering.change_settings(**form.values, actor=actor_of(request)):
        messages.success(request, "The settings were changed.")
    return redirect("provisioning:overview")


def _confirmed(
    request: HttpRequest, pk: int, verb: str, steer: Callable[..., bool], done: str
) -> HttpResponse:
    """Asks, then does it."""
    provider = get_object_or_404(IdentityProvider, pk=pk)
    if request.method != "POST":
        return page(request, f"{verb}.html", f"{verb.capitalize()} {provider}", provider=provider)
    if steer(provider, actor=actor_of(request)):
        messages.success(request, f"{provider} {done}")
    return redirect("provisioning:provider", provider.pk)
