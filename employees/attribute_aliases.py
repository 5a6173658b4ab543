"""Taking an alias from an attribute in the administration, after a page that says what it means."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from . import attribute_services
from .confirmation import confirmation
from .models import AttributeAlias
from .refusals import RefusingAdmin

CONSEQUENCES = (
    "What identity providers send under that name goes to the attribute inbox from then on.",
    "Values that have arrived under it stay.",
    "The name is free for another attribute or alias.",
)


class AliasAdmin(RefusingAdmin):
    """The button at each alias of an attribute's page."""

    def get_urls(self) -> list[URLPattern]:
        remove: Any = self.admin_site.admin_view(self.remove_alias_view)
        name = "employees_attribute_remove_alias"
        return [path("<int:pk>/aliases/<int:alias_pk>/remove/", remove, name=name), *super().get_urls()]

    def remove_alias_view(self, request: HttpRequest, pk: int, alias_pk: int) -> HttpResponse:
        found = AttributeAlias.objects.filter(pk=alias_pk, attribute=pk).select_related("attribute")
        alias = found.first()
        if alias is None:
            raise Http404("The attribute has no such alias.")
        if not self.has_change_permission(request, alias.attribute):
            raise PermissionDenied("Removing aliases needs the permission to change attributes.")
        page = reverse("admin:employees_attribute_change", args=[pk])
        if request.method != "POST":
            return confirmation(
                self,
                request,
                title=f"Remove the alias “{alias}” of “{alias.attribute}”?",
                verb="Remove",
                consequences=CONSEQUENCES,
                people=[alias],
                cancel_url=page,
                danger=True,
            )
        with transaction.atomic():
            if attribute_services.remove_alias(alias.attribute, alias.name):
                self.log_change(request, alias.attribute, f"Removed the alias “{alias}”.")
        self.message_user(request, f"“{alias}” is no alias any more.", messages.SUCCESS)
        return HttpResponseRedirect(page)
