"""The change history in the administration: for reading only, whoever reads."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.decorators import display

from . import undo, undo_words, wording
from .attribute_values import attribute_names
from .confirmation import actor_of
from .filters import ActorKindFilter
from .folding import searchable
from .history import needed_to_undo, provider_names, timeline
from .models import Change, Employee
from .read_only import NewestFirst, ReadOnlyAdmin
from .undo import Scope

FACT = "fact"
"""The parameter of an undo page's address that names the one fact to undo."""

COLOURS = {
    "Created": "success",
    "Restored": "success",
    "Reactivated": "success",
    "Deactivated": "warning",
    "Deleted": "danger",
    "Updated": "info",
}


class ChangeList(NewestFirst):
    """Looks up the people of a page, some of whom are purged by now, and what their attributes are called."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        touched = {fact for change in self.result_list for fact in {**change.before, **change.after}}
        names = attribute_names(touched)
        people = Employee.objects.in_bulk({change.employee_id for change in self.result_list})
        for change in self.result_list:
            change.attribute_names, change.known = names, people.get(change.employee_id)


class ChangeAdmin(ReadOnlyAdmin):
    """Rows are only ever added, so the order of their keys is that of time."""

    list_display = ("when", "person", "what", "touched", "by_whom")
    list_filter = ("action", ActorKindFilter)
    asked = ("action", "by", "actor_key", "employee")
    search_fields = tuple(
        f"employee__{column}_key__contains"
        for column in ("display_name", "given_name", "family_name", "user_name")
    )
    search_help_text = "Name or user name of the employee"
    fields = ("when", "person", "what", "by_whom")
    readonly_fields = fields

    class Media:
        css = {"all": ("employees/record.css",)}

    @display(description="When")
    def when(self, change: Change) -> str:
        return date_format(localtime(change.at), "j M Y, H:i")

    @display(description="Employee")
    def person(self, change: Any) -> str:
        if not hasattr(change, "known"):
            change.known = Employee.objects.filter(pk=change.employee_id).first()
        if change.known is None:
            return "no longer on record"
        url = reverse("admin:employees_employee_change", args=[change.employee_id])
        return format_html('<a class="record-link" href="{}">{}</a>', url, change.known)

    @display(description="What", label=COLOURS)
    def what(self, change: Change) -> str:
        return change.get_action_display()

    @display(description="Facts", empty_value="")
    def touched(self, change: Any) -> str:
        names, attributes = provider_names([change]), change.attribute_names
        facts = {**change.after, **change.before}
        return ", ".join(sorted(wording.label(fact, names, attributes) for fact in facts))

    @display(description="By whom")
    def by_whom(self, change: Change) -> SafeString:
        """The name, leading to everything else that they changed."""
        query = f"?actor_key__exact={change.actor_key}"
        url = reverse("admin:employees_change_changelist") + query
        link = '<a class="record-link" href="{}">{}</a> ({})'
        return format_html(link, url, change.actor_name, change.actor_kind)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return ChangeList

    def get_urls(self) -> list[URLPattern]:
        undo_page = self.admin_site.admin_view(self.undo_view)
        return [
            path("<int:change_id>/undo/", undo_page, name="employees_change_undo"),
            *super().get_urls(),
        ]

    def undo_view(self, request: HttpRequest, change_id: int) -> HttpResponse:
        """What undoing one change, or one fact of it, would do; sent, it does it."""
        changes = Change.objects.filter(pk=change_id).select_related("employee")
        change, fact = changes.first(), request.GET.get(FACT, "")
        if change is None or (fact and (fact not in change.after or change.action == Change.Action.CREATED)):
            raise Http404("There is no such change.")
        if not request.user.has_perm(needed_to_undo(change, fact)):
            raise PermissionDenied("Undoing needs the permission to change employees, or to delete them.")
        scope = Scope(changes, frozenset({fact} - {""}))
        page = reverse("admin:employees_employee_change", args=[change.employee_id])
        if request.method == "POST":
            done = undo.apply(scope, actor=actor_of(request))
            level = messages.SUCCESS if done.written else messages.WARNING
            self.message_user(request, f"Undone: {undo_words.summary(done)}.", level)
            return HttpResponseRedirect(page)
        plan = undo.plan(scope)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Undo this change of {change.employee}?",
            "change": change,
            "lines": undo_words.in_words(plan.steps),
            "writes": plan.done.written,
            "warnings": undo_words.warnings(plan.steps),
            "cancel_url": page,
        }
        return TemplateResponse(request, "admin/employees/change/undo.html", context)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, searchable(search_term))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        if (change := kwargs.get("obj")) is not None:
            [context["entry"]] = timeline([change])
        return super().render_change_form(request, context, *args, **kwargs)
