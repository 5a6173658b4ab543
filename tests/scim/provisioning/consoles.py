"""What the tests of the console share: readers with and without permissions, and entries of the log."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db.models import Q
from django.test import Client

from scim.provisioning import services, tokens
from scim.provisioning.models import Cycle, IdentityProvider, LogEntry
from tests.scim.provisioning.helpers import ACTOR

PROVISIONING = "/admin/integrations/employee-provisioning/"
QUERIES = 15
"""How many queries a page may take."""


def signed_in(*permissions: str) -> Client:
    """A client of a member of staff with permissions such as `employees.view_employee`."""
    user = User.objects.create_user(f"reader{User.objects.count()}@example.com", is_staff=True)
    named = Q(pk__in=[])
    for permission in permissions:
        label, codename = permission.split(".")
        named |= Q(content_type__app_label=label, codename=codename)
    user.user_permissions.set(Permission.objects.filter(named))
    assert user.user_permissions.count() == len(permissions)
    client = Client()
    client.force_login(user)
    return client


def connected(
    name: str = "Entra ID", kind: IdentityProvider.Kind = IdentityProvider.Kind.ENTRA
) -> IdentityProvider:
    services.switch(True, actor=ACTOR)
    provider = services.connect(name, kind, actor=ACTOR)
    tokens.issue(provider, actor=ACTOR)
    return provider


def write(provider: IdentityProvider, outcome: str = "changed", **columns: Any) -> LogEntry:
    """An entry of the log."""
    usual: dict[str, Any] = {"method": "PATCH", "target": "/Users/1", "status": 200}
    if outcome == LogEntry.Outcome.REFUSED:
        usual |= {"status": 409, "scim_type": "uniqueness", "detail": "The userName “…” belongs to another."}
    return LogEntry.objects.create(identity_provider=provider, outcome=outcome, **{**usual, **columns})


def cycle(provider: IdentityProvider, started_at: datetime, minutes: float = 3, **counts: int) -> Cycle:
    """A cycle that is over."""
    return Cycle.objects.create(
        identity_provider=provider,
        started_at=started_at,
        ended_at=started_at + timedelta(minutes=minutes),
        closed=True,
        **counts,
    )


def words(text: str) -> str:
    """A page without what separates its words but one blank."""
    return " ".join(text.replace("\xa0", " ").split())
