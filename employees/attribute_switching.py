"""Activating and deactivating attributes in the administration, each after a page that says what it means."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from . import attribute_services
from .attribute_aliases import AliasAdmin
from .confirmation import confirmation
from .models import Attribute


@dataclass(frozen=True)
class Switch:
    """One of the two directions.

    Args:
        consequences: what will happen, in sentences.
    """

    active: bool
    verb: str
    consequences: tuple[str, ...]


ACTIVATE = Switch(
    True,
    "Activate",
    (
        "Identity providers see it from their next request on, and can fill it; forms show it.",
        "Values that people had when it was deactivated are there again.",
    ),
)
DEACTIVATE = Switch(
    False,
    "Deactivate",
    (
        "It is hidden from SCIM and from forms: identity providers no longer see or fill it.",
        "Its values are kept, and are there again when it is activated.",
    ),
)


class SwitchingAdmin(AliasAdmin):
    """The buttons of an attribute's page, and the actions on several in the list."""

    actions = ("activate_selected", "deactivate_selected")

    @admin.action(permissions=["change"], description="Activate selected attributes")
    def activate_selected(self, request: HttpRequest, queryset: QuerySet[Attribute]) -> Any:
        return self._switch_selected(request, queryset, ACTIVATE)

    @admin.action(permissions=["change"], description="Deactivate selected attributes")
    def deactivate_selected(self, request: HttpRequest, queryset: QuerySet[Attribute]) -> Any:
        return self._switch_selected(request, queryset, DEACTIVATE)

    def get_urls(self) -> list[URLPattern]:
        activate = self.admin_site.admin_view(self.activate_view)
        deactivate = self.admin_site.admin_view(self.deactivate_view)
        return [
            path("<int:pk>/activate/", activate, name="employees_attribute_activate"),
            path("<int:pk>/deactivate/", deactivate, name="employees_attribute_deactivate"),
            *super().get_urls(),
        ]

    def activate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._switch_one(request, pk, ACTIVATE)

    def deactivate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._switch_one(request, pk, DEACTIVATE)

    def _switch_one(self, request: HttpRequest, pk: int, switch: Switch) -> HttpResponse:
        attribute = Attribute.objects.filter(pk=pk).first()
        if attribute is None:
            raise Http404("There is no such attribute.")
        if not self.has_change_permission(request, attribute):
            raise PermissionDenied("Switching attributes needs the permission to change them.")
        page = reverse("admin:employees_attribute_change", args=[pk])
        if request.method != "POST":
            return self._ask(request, switch, [attribute], cancel_url=page)
        self._write(request, switch, [attribute])
        return HttpResponseRedirect(page)

    def _switch_selected(self, request: HttpRequest, queryset: QuerySet[Attribute], switch: Switch) -> Any:
        chosen = list(queryset.filter(active=not switch.active))
        if not chosen:
            nothing = f"None of those selected can be {switch.verb.lower()}d."
            self.message_user(request, nothing, messages.WARNING)
        elif "post" in request.POST:
            self._write(request, switch, chosen)
        else:
            selected = [(ACTION_CHECKBOX_NAME, str(attribute.pk)) for attribute in chosen]
            hidden = [("action", f"{switch.verb.lower()}_selected"), ("post", "yes"), *selected]
            return self._ask(request, switch, chosen, cancel_url=request.get_full_path(), hidden=hidden)
        return None

    def _ask(
        self, request: HttpRequest, switch: Switch, attributes: list[Attribute], **kwargs: Any
    ) -> HttpResponse:
        what = f"“{attributes[0]}”" if len(attributes) == 1 else f"{len(attributes)} attributes"
        return confirmation(
            self,
            request,
            title=f"{switch.verb} {what}?",
            verb=switch.verb,
            consequences=switch.consequences,
            people=attributes,
            danger=not switch.active,
            **kwargs,
        )

    @transaction.atomic
    def _write(self, request: HttpRequest, switch: Switch, attributes: list[Attribute]) -> None:
        for attribute in attributes:
            if attribute_services.switch_attribute(attribute, active=switch.active):
                self.log_change(request, attribute, f"{switch.verb}d.")
        what = str(attributes[0]) if len(attributes) == 1 else f"{len(attributes)} attributes"
        self.message_user(request, f"{switch.verb}d: {what}.", messages.SUCCESS)
