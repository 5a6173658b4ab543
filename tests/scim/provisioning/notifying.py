"""Whom administrators' mail goes to in tests, and what it would be about."""

from datetime import datetime, timedelta
from typing import Any, Final

import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.mail import EmailMessage

from peakon_scim.roles import HR_ADMINISTRATOR
from scim.provisioning import cycles, notifications, services, tokens
from scim.provisioning.models import IdentityProvider, LogEntry
from tests.scim.conftest import OPERATOR
from tests.scim.provisioning.helpers import NOW

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
SITE: Final = "https://peakon.example.com"


def connected() -> IdentityProvider:
    """An identity provider with a token that lasts, which there is nothing to tell about."""
    services.switch(True, actor=OPERATOR)
    provider = services.connect("Directory", IdentityProvider.Kind.OTHER, actor=OPERATOR)
    tokens.issue(provider, actor=OPERATOR)
    return provider


def member(email: str, group: str = HR_ADMINISTRATOR, **facts: Any) -> User:
    user = User.objects.create_user(email or "nobody", email=email, is_staff=True, **facts)
    user.groups.add(Group.objects.get(name=group))
    return user


def told(now: datetime = NOW) -> list[EmailMessage]:
    """The mails that one run sends, after the cycles were observed."""
    mail.outbox.clear()
    cycles.observe_all(now, fresh=True)
    with time_machine.travel(now, tick=False):
        notifications.notify(now)
    return list(mail.outbox)


def subjects(now: datetime = NOW) -> list[str]:
    return [str(message.subject) for message in told(now)]


def sync(
    provider: IdentityProvider, at: datetime, *, refused: int = 0, done: int = 5, status: int = 409
) -> None:
    """A sync whose writes came to that."""
    outcomes = ["refused"] * refused + ["changed"] * done
    LogEntry.objects.bulk_create(
        LogEntry(
            identity_provider=provider,
            at=at,
            outcome=outcome,
            method="PATCH",
            target="/Users/1",
            status=status if outcome == "refused" else 200,
            scim_type="uniqueness" if outcome == "refused" else "",
        )
        for outcome in outcomes
    )
