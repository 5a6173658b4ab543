"""Integrations > Employee provisioning > held removals: who they are, and releasing or rejecting them."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from employees import holding
from employees.keysets import key_in

from . import cycles, hold_listing, steering
from .maintenance_tasks import ACTOR as BY_ITSELF
from .models import Hold, IdentityProvider
from .pages import MANAGE_PROVISIONING, actor_of, only_for, page

VIEW_HOLDS: Final = "provisioning.view_hold"
SECONDS: Final = 2.0
"""How long one request goes on deciding; the next one takes over."""

for_readers_of_holds = only_for(MANAGE_PROVISIONING, VIEW_HOLDS)
form_page = require_http_methods(["GET", "POST"])

Decide = Callable[..., Iterator[int]]


@require_GET
@for_readers_of_holds
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened, who is held, and what to do about it; decided, what was decided."""
    found = _hold(pk)
    provider = found.identity_provider
    held = holding.held(provider.key).count() if found.decided_at is None else 0
    if found.decided_at is None and not held and steering.dissolve(found, actor=BY_ITSELF):
        found = _hold(pk)
    if found.decided_at is None:
        cycles.observe(provider, timezone.now())
    listed = hold_listing.decided if found.decided_at else hold_listing.waiting
    shows = request.user.has_perm("employees.view_employee")
    return page(
        request,
        "hold.html",
        f"Held removals of {provider}",
        hold=found,
        provider=provider,
        held=held,
        cycles=hold_listing.cycles_of(found),
        people=listed(found, key_in(request.GET.get("after"))) if shows else None,
        may_decide=request.user.has_perm(MANAGE_PROVISIONING),
    )


@form_page
@only_for(MANAGE_PROVISIONING)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets the removals take effect, once confirmed."""
    done = "The removals are released: these people take part in surveys no longer."
    return _decide(request, pk, "release", steering.release_hold, done)


@form_page
@only_for(MANAGE_PROVISIONING)
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps everybody, once confirmed."""
    done = "The removals are rejected: these people are active, as they were before."
    return _decide(request, pk, "reject", steering.reject_hold, done)


def _decide(request: HttpRequest, pk: int, verb: str, decide: Decide, done: str) -> HttpResponse:
    """Asks, then decides for a while, and shows how far that has come when there is more."""
    found = _hold(pk)
    if found.decided_at is not None:
        messages.info(request, "This was decided already; nothing was changed.")
        return redirect("provisioning:hold", pk)
    provider = found.identity_provider
    people = holding.held(provider.key)
    context: dict[str, Any] = {"hold": found, "provider": provider, "verb": verb}
    title = f"{verb.capitalize()} the held removals of {provider}"
    if request.method != "POST":
        deleted = people.exclude(deleted_at=None).count()
        stop_there = hold_listing.STOP_THERE[IdentityProvider.Kind(provider.kind)]
        context |= {"held": people.count(), "deleted": deleted, "stop_there": stop_there}
        return page(request, f"hold_{verb}.html", title, **context)
    total = max(key_in(request.POST.get("total")), people.count())
    if _goes_on(decide(found, actor=actor_of(request))):
        context |= {"total": total, "decided": total - people.count()}
        return page(request, "hold_progress.html", title, **context)
    messages.success(request, done)
    return redirect("provisioning:hold", pk)


def _goes_on(batches: Iterator[int]) -> bool:
    """Decides until the time is up; whether there may be more then."""
    end = time.monotonic() + SECONDS
    with closing(batches):  # type: ignore[type-var]  # a generator, which has a transaction for each batch
        return any(time.monotonic() >= end for _ in batches)


def _hold(pk: int) -> Hold:
    return get_object_or_404(Hold.objects.select_related("identity_provider"), pk=pk)
