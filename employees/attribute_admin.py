"""Administration > Attributes: the company's own attributes are defined, renamed and switched here."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from .attribute_forms import AttributeForm
from .attribute_owners import owners
from .attribute_switching import SwitchingAdmin
from .attribute_usage import options_of, people_with
from .folding import searchable
from .listing import WholeList
from .models import Attribute


class StateFilter(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("active", "Active"), ("deactivated", "Deactivated")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        every, *rest = super().choices(changelist)
        yield {**every, "display": "Active and deactivated"}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Attribute]) -> QuerySet[Attribute]:
        return queryset.filter(active=self.value() == "active") if self.value() else queryset


class AttributeChangeList(WholeList):
    """Counts the people of all attributes on the page, and names the owners, together."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        counts, names = people_with(self.result_list), owners()
        for attribute in self.result_list:
            attribute.people_count = counts.get(attribute.fact, 0)
            attribute.owners = names


class AttributeAdmin(SwitchingAdmin):
    """Everything that is written goes through `attribute_services`; nothing is ever deleted."""

    form = AttributeForm
    change_form_template = "admin/employees/attribute/change_form.html"
    list_display = ("name", "legal_name", "type", "owner_name", "people", "status")
    list_filter = (StateFilter, "type")
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    search_fields = ("name_key__contains", "legal_name_key__contains", "aliases__name_key__contains")
    search_help_text = "Name or alias"
    warn_unsaved_form = True

    @display(description="People with a value")
    def people(self, attribute: Any) -> int:
        count: int = attribute.people_count
        return count

    @display(description="Owner")
    def owner_name(self, attribute: Attribute) -> str:
        names: dict[str, str] = getattr(attribute, "owners", None) or owners()
        return names.get(attribute.owner, attribute.owner)

    @display(description="Status", label={"Active": "success", "Deactivated": "warning"})
    def status(self, attribute: Attribute) -> str:
        return "Active" if attribute.active else "Deactivated"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return AttributeChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Attribute], search_term: str
    ) -> tuple[QuerySet[Attribute], bool]:
        return super().get_search_results(request, queryset, searchable(search_term))

    def get_fields(self, request: HttpRequest, obj: Attribute | None = None) -> tuple[str, ...]:
        if obj is not None and not self.has_change_permission(request, obj):
            return ("name", "type", "description", "owner_name")
        return ("name", "type", "description", "owner", *(["new_alias"] if obj else []))

    def get_readonly_fields(self, request: HttpRequest, obj: Attribute | None = None) -> tuple[str, ...]:
        return ("type",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Attribute | None = None) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        attribute: Attribute | None = kwargs.get("obj")
        if attribute is not None:
            # The form has put what was typed into its instance; the page tells what is.
            stored = Attribute.objects.get(pk=attribute.pk)
            context["attribute"] = stored
            context["people"] = people_with([stored]).get(stored.fact, 0)
            if stored.type == Attribute.Type.OPTION:
                context["options"] = options_of(stored)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        written = form.change() if change else form.add()
        obj.__dict__.update(written.__dict__)
