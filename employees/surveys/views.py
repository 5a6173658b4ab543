"""Administration > Surveys: the schedules, what each is, and who its next round is for."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from employees.confirmation import actor_of
from employees.keysets import key_in

from . import overview, preview
from .audience import in_words
from .audience_forms import Conditions, conditions, with_one_more
from .forms import ScheduleForm
from .models import Schedule
from .numbers import numbers_of
from .pages import confirm, for_administrators, form_page, page
from .schedules import NameTaken, save_schedule
from .timetable import next_day, today_of

SHOWN_ROUNDS: Final = 12
"""Rounds of a page: everybody who was invited to each is counted."""


@require_GET
@for_administrators
def schedules(request: HttpRequest) -> HttpResponse:
    """Every schedule with its next day and its latest round."""
    rows = overview.rows(timezone.now())
    begun = any(row.round or row.schedule.enabled for row in rows)
    return page(request, "schedules.html", "Surveys", rows=rows, begun=begun)


@require_GET
@for_administrators
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """What a schedule is, and its rounds, the newest first."""
    found = get_object_or_404(Schedule, pk=pk)
    before = key_in(request.GET.get("before"))
    earlier = {"number__lt": before} if before else {}
    rounds = list(found.rounds.filter(**earlier).order_by("-number")[: SHOWN_ROUNDS + 1])
    shown, latest = rounds[:SHOWN_ROUNDS], found.rounds.order_by("-number").first()
    numbers = numbers_of(shown)
    return page(
        request,
        "schedule.html",
        str(found),
        schedule=found,
        frequency=overview.frequency_in_words(found),
        zone=overview.zone_in_words(found),
        audience=in_words(found.audience),
        next_day=next_day(found, latest, timezone.now()),
        rounds=[(round_, numbers[round_.pk]) for round_ in shown],
        older=shown[-1].number if len(rounds) > SHOWN_ROUNDS else None,
    )


@require_GET
@for_administrators
def next_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Who will be in the next round, and who dropped out since the last one and why."""
    found, now = get_object_or_404(Schedule, pk=pk), timezone.now()
    latest = found.rounds.order_by("-number").first()
    day = next_day(found, latest, now)
    on = day or today_of(found, now)
    after, left_after = (key_in(request.GET.get(name)) for name in ("after", "left_after"))
    return page(
        request,
        "next_round.html",
        f"Next round of {found}",
        schedule=found,
        day=day,
        latest=latest,
        preview=preview.of(found.audience, on, after),
        dropped=preview.dropped(found, on, left_after) if latest else None,
        held=preview.held(found.audience),
        zone=overview.zone_in_words(found),
    )


@form_page
@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    """Defines a schedule, which is switched off at first."""
    today = timezone.localdate()
    return _edit(request, Schedule(starts_on=today), "New schedule")


@form_page
@for_administrators
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a schedule; rounds that were opened stay as they are."""
    found = get_object_or_404(Schedule, pk=pk)
    return _edit(request, found, f"Edit {found}")


@require_POST
@for_administrators
def audience_preview(request: HttpRequest) -> HttpResponse:
    """A part of a page: who would be in today by the conditions that are sent, which are not stored."""
    form = conditions(request.POST, [])
    found = preview.of(form.audience, timezone.localdate()) if form.is_valid() else None
    return render(request, "surveys/preview.html", {"preview": found})


@form_page
@for_administrators
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches a schedule on or off, once confirmed."""
    found, now = get_object_or_404(Schedule, pk=pk), timezone.now()
    verb = "off" if found.enabled else "on"
    if request.method != "POST":
        return confirm(
            request,
            f"Switch {found} {verb}",
            verb=f"Switch {verb}",
            consequences=preview.when_switched(found, now),
            cancel_url=_path(found),
            hidden=[("switch", verb)],
        )
    if request.POST.get("switch") == verb:
        found.enabled = verb == "on"
        save_schedule(found, actor=actor_of(request), now=now)
        messages.success(request, f"{found} is switched {verb}.")
    return redirect("surveys:schedule", found.pk)


@form_page
@for_administrators
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes a schedule that has had no round, once confirmed."""
    found = get_object_or_404(Schedule, pk=pk)
    if request.method != "POST":
        return confirm(
            request,
            f"Delete {found}",
            verb="Delete",
            consequences=["The schedule is gone for good. It has had no round, so nothing else is lost."],
            cancel_url=_path(found),
            danger=True,
        )
    try:
        found.delete()
    except ProtectedError:
        messages.error(request, f"{found} has had rounds, so it is kept. Switch it off instead.")
        return redirect("surveys:schedule", pk)
    messages.success(request, f"{found} is deleted.")
    return redirect("surveys:schedules")


def _edit(request: HttpRequest, found: Schedule, title: str) -> HttpResponse:
    """The form; adding a condition and looking who would be in change nothing yet."""
    sent = request.POST if request.method == "POST" else None
    if sent is not None and "add_condition" in sent:
        initial: dict[str, Any] = sent.dict()
        form = ScheduleForm(initial=initial, instance=found)
        return _form_page(request, found, title, form, with_one_more(sent, found.audience))
    form, rows = ScheduleForm(sent, instance=found), conditions(sent, found.audience)
    valid = sent is not None and all([form.is_valid(), rows.is_valid()])
    if not valid or "preview" in request.POST:
        known = found.audience if sent is None else rows.audience if rows.is_valid() else None
        return _form_page(request, found, title, form, rows, known)
    found.audience = rows.audience
    try:
        save_schedule(found, actor=actor_of(request), now=timezone.now())
    except NameTaken as taken:
        form.add_error("name", str(taken))
        return _form_page(request, found, title, form, rows, rows.audience)
    messages.success(request, f"{found} is saved.")
    return redirect("surveys:schedule", found.pk)


def _form_page(
    request: HttpRequest,
    found: Schedule,
    title: str,
    form: ScheduleForm,
    rows: Conditions,
    audience: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    who = None if audience is None else preview.of(audience, timezone.localdate())
    return page(
        request, "edit.html", title, schedule=found, form=form, conditions=rows, preview=who, editing=True
    )


def _path(found: Schedule) -> str:
    return reverse("surveys:schedule", args=[found.pk])
