"""The mail that invites somebody to a round, and the one that reminds them."""

from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils.encoding import punycode

from . import links, wording
from .models import Invitation

INVITES: Final = "invitation"
REMINDS: Final = "reminder"


def mail_of(
    invitation: Invitation, kind: str = INVITES, connection: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """The mail to one participant, in text and in HTML.

    Args:
        invitation: with its round, the round's schedule and its employee, who has a work e-mail.
        kind: `INVITES` or `REMINDS`.
    """
    context = _context(invitation, kind)
    subject = f"Reminder: {context['question']}" if kind == REMINDS else context["question"]
    mail = EmailMultiAlternatives(
        subject,
        render_to_string("surveys/mail.txt", context),
        to=[context["employee"].work_email],
        # Keeps replies that nobody wrote away (RFC 3834 §5).
        headers={"Message-ID": message_id(invitation, kind), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    mail.attach_alternative(render_to_string("surveys/mail.html", context), "text/html")
    return mail


def message_id(invitation: Invitation, kind: str) -> str:
    """The same each time, so that a mail which is sent twice is shown once (RFC 5322 §3.6.4).

    Whoever is invited once more after they had left gets another mail.
    """
    signature = links.ShortSigner(kind).signature(f"{invitation.pk} {invitation.active_since:%Y%m%d%H%M%S%f}")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{signature}@{punycode(domain)}>"


def _context(invitation: Invitation, kind: str) -> dict[str, Any]:
    return {
        "reminds": kind == REMINDS,
        "employee": invitation.employee,
        # A header has one line, whatever the question was typed with.
        "question": " ".join(invitation.round.question.split()),
        "link": links.address_of(invitation),
        "until": wording.until(invitation),
        "external": bool(invitation.round.external_url),
    }
