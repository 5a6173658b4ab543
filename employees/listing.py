"""The list of employees in the administration: its columns, order, search and filters."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from . import facts
from .clashes import with_clash
from .filters import AwaitedManagerFilter, ClashFilter, StatusFilter
from .folding import searchable
from .models import Employee

NAME = Coalesce(
    NullIf(F("display_name_key"), Value("")),
    NullIf(Trim(Concat(F("given_name_key"), Value(" "), F("family_name_key"))), Value("")),
    F("user_name_key"),
)
"""What the list is sorted by: the name that it shows, without case."""

STATUS_COLOURS = {"Active": "success", "Deactivated": "warning", "Deleted": "danger"}


class EmployeeList(ModelAdmin):
    """Columns that are named like facts also serve pages for reading."""

    list_display = ("person", "work_email", "number", "department", "boss", "status", "clash")
    list_filter = (StatusFilter, ClashFilter, AwaitedManagerFilter)
    list_select_related = ("manager",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = tuple(
        f"{column}_key__contains"
        for column in (
            "display_name",
            "given_name",
            "family_name",
            "user_name",
            "work_email",
            "employee_number",
        )
    )
    search_help_text = "Name, e-mail or employee number"

    @display(description="Name", ordering=NAME, header=True)
    def person(self, employee: Employee) -> tuple[str, str]:
        return employee.full_name or employee.user_name, employee.user_name if employee.full_name else ""

    @display(description="Number", ordering="employee_number_key", empty_value="")
    def number(self, employee: Employee) -> str:
        return employee.employee_number

    @display(description="Manager", empty_value="")
    def boss(self, employee: Employee) -> str:
        if employee.manager:
            return employee.manager.full_name or employee.manager.user_name
        return f"waiting for “{employee.manager_awaited}”" if employee.manager_awaited else ""

    @display(description="Status", label=STATUS_COLOURS)
    def status(self, employee: Employee) -> str:
        if employee.deleted_at:
            return "Deleted"
        return "Active" if employee.active else "Deactivated"

    @display(description="Clash", label={"Clash": "danger"}, empty_value="")
    def clash(self, employee: Any) -> str | None:
        return "Clash" if employee.clash else None

    @display(description="Job title")
    def title(self, employee: Employee) -> str:
        return str(facts.read(employee, "title"))

    @display(description="Department", empty_value="")
    def department(self, employee: Employee) -> str:
        return str(facts.read(employee, "department"))

    @display(description="Language")
    def preferred_language(self, employee: Employee) -> str:
        return str(facts.read(employee, "preferred_language"))

    @display(description="Locale")
    def locale(self, employee: Employee) -> str:
        return str(facts.read(employee, "locale"))

    @display(description="Time zone")
    def timezone(self, employee: Employee) -> str:
        return str(facts.read(employee, "timezone"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        return with_clash(Employee.objects.all())

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (NAME, "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Employee], search_term: str
    ) -> tuple[QuerySet[Employee], bool]:
        return super().get_search_results(request, queryset, searchable(search_term))
