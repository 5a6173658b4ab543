"""The provisioning events in the administration: for reading only."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from .models import ProvisioningEvent


@admin.register(ProvisioningEvent)
class ProvisioningEventAdmin(ModelAdmin):
    list_display = ("at", "action", "identity_provider", "details", "actor_name")
    list_filter = ("action", "identity_provider")
    list_select_related = ("identity_provider",)
    search_fields = ("actor_name", "identity_provider__name", "details")
    date_hierarchy = "at"
    fields = ("at", "action", "identity_provider", "details", "actor_name", "actor_kind", "actor_key")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ProvisioningEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ProvisioningEvent | None = None) -> bool:
        return False
