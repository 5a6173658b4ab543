"""Who changed an employee, and the row that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from django.contrib.auth.models import AbstractUser

from .models import Change

IDENTITY_PROVIDER: Final = "identity provider"


@dataclass(frozen=True)
class Actor:
    """Who stands behind a write; `key` identifies them in provenance, `name` is shown to people."""

    kind: str
    key: str
    name: str

    @classmethod
    def administrator(cls, user: AbstractUser) -> Self:
        return cls("administrator", f"user{user.pk}", user.get_username())

    @classmethod
    def identity_provider(cls, key: str, name: str) -> Self:
        return cls(IDENTITY_PROVIDER, key, name)

    @property
    def is_identity_provider(self) -> bool:
        return self.kind == IDENTITY_PROVIDER

    @classmethod
    def command(cls, name: str) -> Self:
        return cls("command", f"command:{name}", f"manage.py {name}")


def change_of(
    action: Change.Action,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> Change:
    """The audit row of what one write changed of one employee: the facts that differ, before and after.

    It names the employee when it is saved: a new one has no key before.
    """
    return Change(
        at=at,
        action=action,
        actor_kind=actor.kind,
        actor_key=actor.key,
        actor_name=actor.name,
        before=dict(before),
        after=dict(after),
    )
