"""Administration > Surveys > a round: how far it is, who is in it, what came of it; opening and closing."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from employees.confirmation import actor_of
from employees.keysets import key_in, keyset
from employees.models import Employee

from . import preview, retrying, rounds
from .audience import in_words
from .forms import ParticipantForm
from .models import Exclusion, Round, Schedule
from .numbers import numbers_of
from .overview import zone_in_words
from .pages import confirm, for_administrators, form_page, page
from .progress import failures, progress
from .results import LEAST_ANSWERS, results_of
from .standing import participants

SHOWN_FAILURES: Final = 20


@require_GET
@for_administrators
def round_(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a round."""
    return _page(request, _round(pk), ParticipantForm())


@require_GET
@for_administrators
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of that page, which updates itself: how far the round is."""
    return render(request, "surveys/figures.html", _figures(_round(pk)))


@require_GET
@for_administrators
def excluded(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of the audience who are not in the round, with the reason."""
    found = _round(pk)
    left_out: QuerySet[Exclusion] = found.exclusions.select_related("employee")
    people = keyset(left_out, key_in(request.GET.get("after")))
    return page(request, "excluded.html", f"Not in {found}", round=found, people=people)


@form_page
@for_administrators
def open_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a round at once, once confirmed; sent again, it does not open another."""
    schedule, now = get_object_or_404(Schedule, pk=pk), timezone.now()
    if request.method != "POST":
        return confirm(
            request,
            f"Open a round of {schedule} now",
            verb="Open the round",
            consequences=preview.when_opened(schedule, now),
            cancel_url=reverse("surveys:schedule", args=[pk]),
            hidden=[("rounds", schedule.rounds.count())],
        )
    after = key_in(request.POST.get("rounds"))
    try:
        opened = rounds.open_round(schedule, actor=actor_of(request), now=now, after=after)
    except rounds.OpenedMeanwhile:
        messages.warning(request, "A round was opened after that page was, so nothing was changed.")
        return redirect("surveys:schedule", pk)
    messages.success(request, f"{opened} is open.")
    return redirect("surveys:round", opened.pk)


@form_page
@for_administrators
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes a round before its time, once confirmed."""
    found = _round(pk)
    if request.method != "POST":
        return confirm(
            request,
            f"Close {found} now",
            verb="Close the round",
            consequences=[
                "Personal links stop working at once, and cannot be made to work again.",
                "Mail that has not been sent is not sent any more.",
                f"Its results are shown then, if there are at least {LEAST_ANSWERS} answers.",
                "The next round of the schedule opens on its day all the same.",
            ],
            cancel_url=reverse("surveys:round", args=[pk]),
            danger=True,
        )
    try:
        rounds.close_round(found, actor=actor_of(request), now=timezone.now())
    except rounds.NotOpen:
        messages.info(request, f"{found} was closed already.")
    else:
        messages.success(request, f"{found} is closed.")
    return redirect("surveys:round", pk)


@require_POST
@for_administrators
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Has mail that failed sent again, by the next run of the maintenance."""
    number = retrying.try_again(_round(pk), now=timezone.now())
    said = f"To be tried again within minutes: {number:,}." if number else "Nothing is to be tried again."
    messages.success(request, said)
    return redirect("surveys:round", pk)


@form_page
@for_administrators
def add_participant(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds somebody to an open round, once confirmed; they are named in the address or, sent, in the form."""
    found = _round(pk)
    asked = request.POST if request.method == "POST" else request.GET
    if "employee" not in asked:
        form = ParticipantForm(asked)
        if not form.is_valid():
            return _page(request, found, form)
        employee: Employee = form.cleaned_data["who"]
        return redirect(f"{request.path}?employee={employee.pk}")
    employee = get_object_or_404(Employee.objects.present(), pk=key_in(asked.get("employee")))
    error = _add(request, found, employee) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        messages.success(request, f"{employee} was added to {found}.")
        return redirect("surveys:round", pk)
    return confirm(
        request,
        f"Add {employee} to {found}",
        verb="Add to the round",
        consequences=[
            "They get an invitation at the send time where they are, or at once when that has passed.",
            "Whether they are in the audience of the schedule makes no difference this time.",
        ],
        cancel_url=reverse("surveys:round", args=[pk]),
        hidden=[("employee", employee.pk)],
        error=error,
    )


def _add(request: HttpRequest, found: Round, employee: Employee) -> str:
    """Adds them; why that was not possible, "" when it was."""
    try:
        rounds.add_participant(found, employee, actor=actor_of(request), now=timezone.now())
    except rounds.NotOpen:
        return f"{found} is closed."
    except rounds.AlreadyInvited:
        return f"{employee} is in {found} already."
    except rounds.CannotTakePart as error:
        return f"{employee} cannot take part: {error}."
    return ""


def _page(request: HttpRequest, found: Round, form: ParticipantForm) -> HttpResponse:
    now = timezone.now()
    people, pages = participants(found, now, key_in(request.GET.get("after")))
    failed = list(failures(found)[: SHOWN_FAILURES + 1])
    return page(
        request,
        "round.html",
        str(found),
        audience=in_words(found.audience),
        zone=zone_in_words(found.schedule),
        failures=failed[:SHOWN_FAILURES],
        more_failures=len(failed) > SHOWN_FAILURES,
        people=people,
        pages=pages,
        results=results_of(found, key_in(request.GET.get("comments_after"))),
        least_answers=LEAST_ANSWERS,
        form=form,
        **_figures(found),
    )


def _figures(found: Round) -> dict[str, Any]:
    """What the part of the page that updates itself shows; three queries."""
    numbers = numbers_of([found])[found.pk]
    reasons = [(Exclusion.Reason(reason).label, number) for reason, number in numbers.excluded.items()]
    return {
        "round": found,
        "numbers": numbers,
        "progress": progress(found),
        "excluded": reasons,
        "is_open": found.closed_at is None,
    }


def _round(pk: int) -> Round:
    return get_object_or_404(Round.objects.select_related("schedule"), pk=pk)
