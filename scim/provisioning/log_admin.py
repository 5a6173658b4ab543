"""The provisioning log, its cycles and held removals in the administration: for reading only."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from unfold.decorators import display

from employees.read_only import ReadOnlyAdmin

from .console_people import COLOURS
from .log_filters import SCIM_TYPES, keys_between
from .log_models import COUNTED, Cycle, Hold, LogEntry

LABELS = {LogEntry.Outcome(outcome).label: colour for outcome, colour in COLOURS.items()}


class SinceFilter(admin.SimpleListFilter):
    """The rows of the last days, which the list finds by their keys."""

    title = "when"
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("1", "Past 24 hours"), ("7", "Past 7 days"), ("30", "Past 30 days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        days = dict(self.lookup_choices).keys() & {self.value()}
        if not days:
            return queryset
        since = timezone.now() - timedelta(days=int(days.pop()))
        return queryset.filter(keys_between(since, None), at__gte=since)


class ScimTypeFilter(admin.SimpleListFilter):
    """The kinds of refusals (RFC 7644 §3.12); nothing else has one, and there is an index of refusals."""

    title = "scimType"
    parameter_name = "scim_type"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(name, name) for name in SCIM_TYPES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        if not self.value():
            return queryset
        return queryset.filter(outcome=LogEntry.Outcome.REFUSED, scim_type=self.value())


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Whom an entry is about is shown to those who may see employees."""

    list_display = ("when", "identity_provider", "what", "method", "status", "scim_type", "person")
    list_filter = ("identity_provider", "outcome", SinceFilter, ScimTypeFilter)
    asked = ("identity_provider", "outcome", "days", "scim_type", "employee")
    fields = (
        "when", "identity_provider", "what", "method", "target", "in_bulk", "status", "scim_type", "detail",
        "request", "subject", "person", "removal", "held", "difference",
    )  # fmt: skip
    readonly_fields = ("when", "what", "person", "difference")

    class Media:
        css = {"all": ("employees/record.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        return super().get_queryset(request).select_related("identity_provider", "employee")

    def get_list_display(self, request: HttpRequest) -> Any:
        return _without_people(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: LogEntry | None = None) -> Any:
        return _without_people(request, self.fields)

    @display(description="When")
    def when(self, entry: LogEntry) -> str:
        return date_format(localtime(entry.at), "j M Y, H:i:s")

    @display(description="Outcome", label=LABELS)
    def what(self, entry: LogEntry) -> str:
        return entry.get_outcome_display()

    @display(description="Employee", empty_value="")
    def person(self, entry: LogEntry) -> str:
        if entry.employee is None:
            return entry.subject
        url = reverse("admin:employees_employee_change", args=[entry.employee_id])
        return format_html('<a class="record-link" href="{}">{}</a>', url, entry.employee)

    @display(description="Change", empty_value="")
    def difference(self, entry: LogEntry) -> str:
        if entry.change_id is None:
            return ""
        url = reverse("admin:employees_change_change", args=[entry.change_id])
        return format_html('<a class="record-link" href="{}">Before and after</a>', url)


def _without_people(request: HttpRequest, names: tuple[str, ...]) -> tuple[str, ...]:
    hidden = set() if request.user.has_perm("employees.view_employee") else {"person", "subject"}
    return tuple(name for name in names if name not in hidden)


@admin.register(Cycle)
class CycleAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "ended_at", "identity_provider", *COUNTED)
    list_filter = ("identity_provider", "started_at")
    asked = list_filter
    list_select_related = ("identity_provider",)
    fields = ("identity_provider", "started_at", "ended_at", "closed", "counted_at", *COUNTED)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = (
        "opened_at", "identity_provider", "removed", "managed", "threshold", "decision", "people",
        "decided_at", "decided_by",
    )  # fmt: skip
    list_filter = ("identity_provider", "decision")
    asked = list_filter
    list_select_related = ("identity_provider",)
    fields = list_display
