"""The filters of the employees list and of the change history."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from .clashes import clashing
from .models import Change, Employee


class StatusFilter(admin.SimpleListFilter):
    """Everyone present unless asked otherwise; the deleted only when asked for."""

    title = "status"
    parameter_name = "status"
    PRESENT = Q(deleted_at=None)
    CONDITIONS = {
        "active": PRESENT & Q(active=True),
        "deactivated": PRESENT & (Q(active=False) | Q(active=None)) & Q(held_by=""),
        "held": ~Q(held_by=""),
        "deleted": ~PRESENT,
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        names = {"active": "Active", "deactivated": "Deactivated", "held": "Removal held"}
        return [*names.items(), ("deleted", "Deleted")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        everyone, *rest = super().choices(changelist)
        yield {**everyone, "display": "Active and deactivated"}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Employee]) -> QuerySet[Employee]:
        return queryset.filter(self.CONDITIONS.get(self.value() or "", self.PRESENT))


class ClashFilter(admin.SimpleListFilter):
    title = "clash"
    parameter_name = "clash"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("yes", "Same work e-mail or number as somebody else")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Employee]) -> QuerySet[Employee]:
        return queryset.filter(clashing()) if self.value() else queryset


class AwaitedManagerFilter(admin.SimpleListFilter):
    title = "manager"
    parameter_name = "manager"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("awaited", "Awaited"), ("none", "None")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Employee]) -> QuerySet[Employee]:
        if self.value() == "awaited":
            return queryset.exclude(manager_awaited_key="")
        return queryset.filter(manager=None, manager_awaited_key="") if self.value() == "none" else queryset


class ActorKindFilter(admin.SimpleListFilter):
    """The kinds of actors are few and known; reading them from a long history would be slow."""

    title = "by"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        kinds = ("administrator", "identity provider", "command")
        return [(kind, kind.capitalize()) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Change]) -> QuerySet[Change]:
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset
