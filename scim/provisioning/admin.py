"""Provisioning in the administration: its events, its tokens and its log, for reading only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from employees.read_only import ReadOnlyAdmin

from .log_admin import LogEntryAdmin as LogEntryAdmin
from .models import BearerToken, ProvisioningEvent


@admin.register(ProvisioningEvent)
class ProvisioningEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "action", "identity_provider", "details", "actor_name")
    list_filter = ("action", "identity_provider")
    list_select_related = ("identity_provider",)
    search_fields = ("actor_name", "identity_provider__name", "details")
    date_hierarchy = "at"
    asked = (*list_filter, date_hierarchy)
    fields = ("at", "action", "identity_provider", "details", "actor_name", "actor_kind", "actor_key")


@admin.register(BearerToken)
class BearerTokenAdmin(ReadOnlyAdmin):
    """Who may read what was done with tokens may read which there are; digests never leave the database."""

    list_display = (
        "hint", "identity_provider", "created_at", "created_by", "expires_at", "revoked_at", "last_used_at",
    )  # fmt: skip
    list_filter = ("identity_provider",)
    list_select_related = ("identity_provider",)
    asked = list_filter
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[BearerToken]:
        return super().get_queryset(request).defer("digest")

    def has_view_permission(self, request: HttpRequest, obj: BearerToken | None = None) -> bool:
        return request.user.has_perm("provisioning.view_provisioningevent")
