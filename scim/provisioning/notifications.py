"""Mail to administrators: each of them is told of everything once, in one mail with all that is new."""

import logging
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from employees.surveys.delivery import NoServer, PutOff, Refused, deliver

from .models import Notification
from .notification_rules import Notice, notices
from .pages import MANAGE_PROVISIONING

logger = logging.getLogger(__name__)

AGAIN: Final = timedelta(minutes=15)
"""When a mail that was not taken is tried again, and one whose sender has died; a mail takes far less."""

TIMEOUT_SECONDS: Final = 30
"""How long a server may take for a reply, unless EMAIL_TIMEOUT says otherwise."""


def notify(now: datetime) -> str:
    """Tells the administrators what they have not been told, and says how many mails that took.

    Raises:
        PutOff: the mail server did not take everything; what is left is tried again later.
    """
    news = notices(now)
    readers = administrators() if news else []
    sent, problem = 0, None
    with closing(get_connection(timeout=settings.EMAIL_TIMEOUT or TIMEOUT_SECONDS)) as connection:
        for user in readers:
            try:
                sent += _tell(user, news, now, connection)
            except NoServer:
                raise
            except PutOff as error:
                problem = error
    if problem:
        raise problem
    return f"{sent:,} {'mail' if sent == 1 else 'mails'}" if sent else ""


def forget(now: datetime, before: datetime) -> None:
    """Deletes what was told before a moment, unless it still holds at the moment `now`: it is told once."""
    old = Notification.objects.filter(at__lt=before)
    keys = list(old.values_list("key", flat=True))
    holding = {notice.key for notice in notices(now)} if keys else ()
    over = [key for key in keys if key.rpartition(" ")[0] not in holding]
    old.filter(key__in=over).delete()


def administrators() -> list[User]:
    """Who is told: those who may manage provisioning and have an address; without any, the superusers."""
    reachable = User.objects.exclude(email="").order_by("pk")
    for superusers in (False, True):
        permitted = User.objects.with_perm(MANAGE_PROVISIONING, include_superusers=superusers)
        if users := list(reachable.filter(pk__in=permitted)):
            return users
    return []


def _tell(user: User, news: Sequence[Notice], now: datetime, connection: BaseEmailBackend) -> bool:
    """Sends what is new to a user in one mail, and whether there was one.

    Raises:
        PutOff: the server did not take it.
    """
    mine = _claim(user, news, now)
    if not mine:
        return False
    try:
        deliver(_mail(user, list(mine.values()), connection), connection)
        sent = True
    except Refused:
        logger.warning("The mail server refuses to write to user %s, who is not told again.", user.pk)
        sent = False
    # Told, or as good as: a server that has refused will do so again.
    Notification.objects.filter(pk__in=mine).update(sent_at=now)
    return sent


def _claim(user: User, news: Sequence[Notice], now: datetime) -> dict[int, Notice]:
    """What a user has not been told and nobody else is about to, by the row that says so from now on."""
    keys = {f"{notice.key} user{user.pk}": notice for notice in news}
    told = set(Notification.objects.filter(key__in=keys, sent_at__isnull=False).values_list("key", flat=True))
    claimed = {}
    for key, notice in keys.items():
        if key in told:
            continue
        told_in = {"at": now, "subject": notice.title, "body": notice.text}
        row, created = Notification.objects.get_or_create(key=key, defaults=told_in)
        left = Notification.objects.filter(pk=row.pk, sent_at=None, at__lte=now - AGAIN)
        if created or left.update(**told_in):
            claimed[row.pk] = notice
    return claimed


def _mail(user: User, news: Sequence[Notice], connection: BaseEmailBackend) -> EmailMessage:
    others = f" and {len(news) - 1:,} more" if len(news) > 1 else ""
    return EmailMessage(
        f"Peakon: {news[0].title}{others}",
        render_to_string("provisioning/notification.txt", {"news": news, "url": settings.PUBLIC_URL}),
        to=[user.email],
        # Keeps replies that nobody wrote away (RFC 3834 §5).
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
