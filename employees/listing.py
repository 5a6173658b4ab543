"""The list of employees in the administration: its columns, order, search and filters."""

from typing import Any

from django.contrib.admin import ShowFacets
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.views import ChangeList

from . import facts
from .clashes import clashing_among
from .filters import AwaitedManagerFilter, ClashFilter, StatusFilter
from .folding import searchable
from .models import SHOWN_NAME, Employee
from .refusals import RefusingAdmin

STATUS_COLOURS = {
    "Active": "success",
    "Deactivated": "warning",
    "Removal held": "info",
    "Deleted": "danger",
}


class WholeList(ChangeList):
    """Counts once: a list that nobody has narrowed shows everyone there is."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count


class EmployeeChangeList(WholeList):
    """Finds the clashes of the page that is shown, whatever its place in the list."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        clashing = clashing_among(self.result_list)
        for employee in self.result_list:
            employee.clash = employee.pk in clashing


class EmployeeList(RefusingAdmin):
    """Columns that are named like facts also serve pages for reading."""

    list_display = ("person", "work_email", "number", "department", "boss", "status", "clash")
    list_filter = (StatusFilter, ClashFilter, AwaitedManagerFilter)
    list_select_related = ("manager",)
    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
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

    @display(description="Name", ordering=SHOWN_NAME, header=True)
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
        if employee.held_by:
            return "Removal held"
        if employee.deleted_at:
            return "Deleted"
        return "Active" if employee.active else "Deactivated"

    @display(description="Clash", label={"Clash": "danger"}, empty_value="")
    def clash(self, employee: Any) -> str | None:
        return "Clash" if employee.clash else None

    @display(description="Title")
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

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return EmployeeChangeList

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (SHOWN_NAME, "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Employee], search_term: str
    ) -> tuple[QuerySet[Employee], bool]:
        return super().get_search_results(request, queryset, searchable(search_term))
