"""The page that undoes a cycle: what it would do, then doing it, in several steps when it is large."""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from employees import undo, undo_words
from employees.undo import Done, Place
from employees.undo_writing import Stage

from . import undoing
from .models import Cycle
from .pages import actor_of, for_administrators, page

SALT = "provisioning.undo"
STAGES = ("Taking people out", "Putting people and their facts back", "Letting them refer to each other")


@require_http_methods(["GET", "POST"])
@for_administrators
def undo_cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """What undoing the cycle would do; sent, it does it, at once or a step with each request."""
    cycle = get_object_or_404(Cycle.objects.select_related("identity_provider"), pk=pk)
    title = f"Undo what {cycle.identity_provider} did"
    if request.method != "POST":
        return _preview(request, cycle, title)
    place = undoing.advance(cycle, _place(request, cycle), actor=actor_of(request))
    if place.finished:
        level = messages.SUCCESS if place.done.written else messages.WARNING
        messages.add_message(request, level, f"Undone: {undo_words.summary(place.done)}.")
        return redirect("provisioning:cycle", cycle.pk)
    return page(
        request,
        "undo_progress.html",
        title,
        cycle=cycle,
        stages=[(stage < place.stage, stage == place.stage, STAGES[stage]) for stage in Stage],
        summary=undo_words.summary(place.done),
        place=_signed(place, cycle),
    )


def _preview(request: HttpRequest, cycle: Cycle, title: str) -> HttpResponse:
    plan = undo.plan(undoing.scope_of(cycle))
    shows = request.user.has_perm("employees.view_employee")
    doing = [step for step in plan.steps if step.writes or step.left]
    return page(
        request,
        "undo.html",
        title,
        cycle=cycle,
        plan=plan,
        batch=undo.BATCH,
        figures=_figures(plan.done),
        lines=undo_words.in_words(doing[: undoing.PREVIEWED]) if shows else [],
        unseen=max(0, len(doing) - undoing.PREVIEWED),
        shows=shows,
        warnings=undo_words.warnings(plan.steps),
    )


def _figures(done: Done) -> list[tuple[int, str]]:
    return [
        (done.removed, "will be deleted"),
        (done.restored, "will be restored"),
        (done.changed, "will change"),
        (done.left, "keep something that was changed since"),
    ]


def _signed(place: Place, cycle: Cycle) -> str:
    """How far an undo has come, for the next request to go on from."""
    state = [cycle.pk, int(place.stage), place.after, asdict(place.done)]
    return signing.dumps(state, salt=SALT)


def _place(request: HttpRequest, cycle: Cycle) -> Place:
    """Where to go on; at the beginning when nothing, or something that we have not written, says so."""
    try:
        pk, stage, after, done = signing.loads(request.POST.get("place", ""), salt=SALT)
    except signing.BadSignature:
        return Place()
    return Place(Stage(stage), after, Done(**done)) if pk == cycle.pk else Place()
