"""Who changed an employee, and the row that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractUser

from .models import Change, Employee


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
        return cls("identity provider", key, name)

    @classmethod
    def command(cls, name: str) -> Self:
        return cls("command", f"command:{name}", f"manage.py {name}")


@dataclass(frozen=True)
class Difference:
    """What one write changed of one employee: the facts that differ, before and after."""

    employee: Employee
    action: Change.Action
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def record(differences: Iterable[Difference], *, actor: Actor, at: datetime) -> list[Change]:
    """Writes one audit row for each difference, in the caller's transaction and with one statement."""
    return Change.objects.bulk_create(
        [
            Change(
                employee_id=difference.employee.pk,
                at=at,
                action=difference.action,
                actor_kind=actor.kind,
                actor_key=actor.key,
                actor_name=actor.name,
                before=dict(difference.before),
                after=dict(difference.after),
            )
            for difference in differences
        ],
        batch_size=500,
    )
