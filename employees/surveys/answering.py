"""The public page on which a participant answers."""

import secrets
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import links, wording
from .eligibility import is_open, takes_part
from .models import Answer, Invitation

SCORES: Final = range(11)
COMMENT_LENGTH: Final = 4000


class AnswerForm(forms.Form):
    """What is asked: a number from 0 to 10, and words for those who want."""

    score = forms.TypedChoiceField(
        choices=[(score, str(score)) for score in SCORES],
        coerce=int,
        error_messages={"required": "Choose a number.", "invalid_choice": "Choose a number from 0 to 10."},
    )
    # A browser counts a line break as one character and sends it as two.
    comment = forms.CharField(required=False, max_length=2 * COMMENT_LENGTH)


# No session is read here, so another site could not make a browser do anything with one: whoever sends the
# form must know the link, which is all that a token against forgery could prove, at the price of a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What a personal link leads to: the question, another survey tool, or why there is nothing to answer.

    200 with the question or with thanks, 302 to another survey tool, 303 after an answer, 404 for a token
    that was not made here, 410 when the round has closed or the participant has left it, 422 for half an
    answer.
    """
    response = _answer(request, token, timezone.now())
    response.headers["Cache-Control"] = "no-store"
    # The address is the secret: no other site may learn it from where somebody came.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _answer(request: HttpRequest, token: str, now: datetime) -> HttpResponse:
    try:
        invitation = links.invitation_of(token)
    except Invitation.DoesNotExist:
        return _page("unknown", status=HTTPStatus.NOT_FOUND)
    if invitation.answered_at is not None:
        return _page("thanks")
    if not is_open(invitation.round, now):
        return _page("closed", status=HTTPStatus.GONE)
    if not takes_part(invitation, now):
        return _page("ended", status=HTTPStatus.GONE)
    if request.method == "POST" and not invitation.round.external_url:
        return _take(request, invitation, now)
    if invitation.opened_at is None:
        Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now)
    if invitation.round.external_url:
        return HttpResponseRedirect(invitation.round.external_url)
    return _question(invitation, AnswerForm())


def _take(request: HttpRequest, invitation: Invitation, now: datetime) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _question(invitation, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    record(invitation, form.cleaned_data["score"], form.cleaned_data["comment"], now)
    return HttpResponseRedirect(request.path, status=HTTPStatus.SEE_OTHER)


@transaction.atomic
def record(invitation: Invitation, score: int, comment: str, now: datetime) -> bool:
    """Keeps an answer, and that the participant has answered, but not which answer is whose.

    Returns:
        False when they had answered already: the first answer counts, of two at once as well.
    """
    unanswered = Invitation.objects.filter(pk=invitation.pk, answered_at=None)
    opened = Coalesce("opened_at", Value(now))
    if not unanswered.update(answered_at=now, opened_at=opened, remind_at=None):
        return False
    # Keys in the order of arrival would tell whose answer it is beside the times at which people answered.
    Answer.objects.create(pk=secrets.randbits(62), round_id=invitation.round_id, score=score, comment=comment)
    return True


def _question(invitation: Invitation, form: AnswerForm, status: int = HTTPStatus.OK) -> HttpResponse:
    return _page(
        "question",
        status=status,
        form=form,
        question=invitation.round.question,
        until=wording.until(invitation),
        comment_length=COMMENT_LENGTH,
    )


def _page(name: str, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    # Rendered without the request: what context processors add is for people who are signed in.
    return HttpResponse(render_to_string(f"surveys/answer_{name}.html", context), status=status)
