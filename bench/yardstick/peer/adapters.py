"""A person as django-scim2 reads and writes them, in the documents of the other sites."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_scim.adapters import SCIMUser

from ..floor import ENTERPRISE, PEAKON, USER
from .models import Change, User


class Person(SCIMUser):
    """Extends the library's adapter by the enterprise schema, and by an audit row for every write."""

    @property
    def display_name(self) -> str:
        return self.obj.display_name

    @property
    def groups(self) -> list[Any]:
        # Nobody is in any: asking for each person would cost the library a query each.
        return []

    @property
    def emails(self) -> list[dict[str, Any]]:
        return [{"value": self.obj.email, "type": "work", "primary": True}]

    @property
    def meta(self) -> dict[str, Any]:
        return {
            "resourceType": self.resource_type,
            "created": _timestamp(self.obj.date_joined),
            "lastModified": _timestamp(self.obj.updated_at),
            "location": self.location,
            "version": f'W/"{self.obj.version}"',
        }

    def to_dict(self) -> dict[str, Any]:
        document: dict[str, Any] = super().to_dict()
        del document["groups"], document["name"]["formatted"]
        enterprise: dict[str, Any] = {
            "employeeNumber": self.obj.employee_number,
            "department": self.obj.department,
        }
        peakon: dict[str, Any] = {"Department": self.obj.department}
        boss, name = self._manager()
        if boss:
            reference = f"{self.location.removesuffix(self.id)}{boss}"
            enterprise["manager"] = peakon["Manager"] = {
                "value": boss,
                "$ref": reference,
                "displayName": name,
            }
        schemas = [USER, ENTERPRISE, PEAKON]
        return document | {
            "schemas": schemas,
            "title": self.obj.title,
            ENTERPRISE: enterprise,
            PEAKON: peakon,
        }

    def _manager(self) -> tuple[str | None, str | None]:
        """The manager's id and name; of a new person and one found by a filter, with a query of its own."""
        if hasattr(self.obj, "manager_name"):
            return self.obj.manager_scim_id, self.obj.manager_name
        boss = self.obj.manager
        return (boss.scim_id, boss.display_name) if boss else (None, None)

    def from_dict(self, d: dict[str, Any]) -> None:
        super().from_dict(d)
        enterprise = d[ENTERPRISE]
        self.obj.display_name, self.obj.title = d["displayName"], d["title"]
        self.obj.department, self.obj.employee_number = enterprise["department"], enterprise["employeeNumber"]
        if manager := enterprise.get("manager"):
            self.obj.manager = User.objects.get(scim_id=manager["value"])
        self.change = Change(action="created", after=d)

    def handle_operations(self, operations: list[dict[str, Any]]) -> None:
        stated = {operation["path"]: operation["value"] for operation in operations}
        before = {name: getattr(self.obj, name) for name in stated}
        self.change = Change(action="updated", before=before, after=stated)
        self.obj.version += 1
        self.obj.updated_at = timezone.now()
        super().handle_operations(operations)

    @transaction.atomic
    def save(self) -> None:
        super().save()
        actor = self.request.user
        self.change.person = self.obj
        self.change.actor_key, self.change.actor_name = actor.actor_key, actor.actor_name
        self.change.save()


def _timestamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
