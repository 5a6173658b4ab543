"""Employees, their change history and their attributes in the administration."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from . import services
from .attribute_admin import AttributeAdmin
from .attribute_fields import has_own_field
from .bulk import bulk_actions
from .change_admin import ChangeAdmin
from .confirmation import DELETION, RESTORATION, actor_of, confirmation
from .forms import STOP_WAITING, EmployeeForm, employee_form
from .listing import EmployeeList
from .managed_facts import TAKE_OVER, managed_facts
from .models import Attribute, Change, Employee
from .record import Record
from .refusals import Refused

ATTRIBUTES = "employees_attributes"
"""Where a request keeps all attributes."""


@admin.register(Employee)
class EmployeeAdmin(EmployeeList):
    """Everything that is written goes through `services`."""

    form = EmployeeForm
    autocomplete_fields = ("manager",)
    actions = bulk_actions()
    warn_unsaved_form = True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            name: entry for name, entry in super().get_actions(request).items() if name != "delete_selected"
        }

    def has_change_permission(self, request: HttpRequest, obj: Employee | None = None) -> bool:
        return _is_present(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Employee | None = None) -> bool:
        return _is_present(obj) and super().has_delete_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The company's attributes come after the rest; on a page for reading, the record shows them."""
        facts = [attribute.fact for attribute in self._attributes(request, obj)]
        waiting = [STOP_WAITING] if self._awaited(request, obj) else []
        return (
            ("Person", {"fields": (("given_name", "family_name"), "display_name")}),
            ("Identifiers", {"fields": (("user_name", "work_email"), "employee_number")}),
            ("Place in the company", {"fields": (("title", "department"), "manager", *waiting)}),
            ("Language and time", {"fields": (("preferred_language", "locale"), "timezone")}),
            ("Participation", {"fields": ("active",)}),
            *([("Attributes", {"fields": facts})] if facts else []),
        )

    def get_form(
        self, request: HttpRequest, obj: Employee | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        base = employee_form(self._attributes(request, obj), self._awaited(request, obj))
        form: Any = super().get_form(request, obj, change, **{"form": base, **kwargs})
        if "manager" in form.base_fields:  # chosen among those who are here, not added on the way
            manager: Any = form.base_fields["manager"].widget
            manager.can_add_related = manager.can_change_related = False
        if self._may_write(request, obj):
            active = [attribute for attribute in self._all_attributes(request) if attribute.active]
            form.managed = managed_facts(obj or Employee(), active, request.GET)
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Employee.DoesNotExist:
            self.message_user(
                request, "This employee has just been deleted by somebody else.", messages.ERROR
            )
            return HttpResponseRedirect(request.get_full_path())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        employee = kwargs.get("obj")
        if employee is not None:
            context["record"] = Record(employee, self._all_attributes(request))
            context["may_restore"] = bool(employee.deleted_at) and super().has_change_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What `services` refuses becomes an error of the field it belongs to."""
        actor = actor_of(request)
        try:
            if change:
                employee = services.lock(obj.uuid)
                facts = form.changed_facts(employee)
                services.update_employee(employee, facts, actor=actor, taking_over=form.facts_taken_over())
            else:
                obj.__dict__.update(services.create_employee(form.stated_facts(), actor=actor).__dict__)
        except services.UserNameTaken as taken:
            message = "Another employee has this user name; each may exist once, whatever the case."
            raise Refused("user_name", message) from taken
        except services.InvalidFact as invalid:
            raise Refused(invalid.fact, f"This {invalid.detail}.") from invalid

    def response_change(self, request: HttpRequest, obj: Employee) -> HttpResponse:
        """Who goes on editing has to take over again what an identity provider manages still."""
        response = super().response_change(request, obj)
        if "_continue" in request.POST and TAKE_OVER in request.GET:
            filters = self.get_preserved_filters(request)
            page = add_preserved_filters({"preserved_filters": filters, "opts": self.opts}, _page_of(obj))
            return HttpResponseRedirect(page)
        return response

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: `Change` rows are the journal, written with the employee."""

    log_change = log_addition

    def get_urls(self) -> list[URLPattern]:
        restore = self.admin_site.admin_view(self.restore_view)
        return [
            path("<path:object_id>/restore/", restore, name="employees_employee_restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        history = reverse("admin:employees_change_changelist")
        employee = self._employee(request, object_id)
        return HttpResponseRedirect(f"{history}?employee__id__exact={employee.pk}")

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        employee = self._employee(request, object_id)
        if not self.has_delete_permission(request, employee):
            raise PermissionDenied("Deleting employees needs the permission to do so.")
        if request.method == "POST":
            with transaction.atomic():
                services.delete_employee(services.lock(employee.uuid), actor=actor_of(request))
            self.message_user(
                request, f"{employee} was deleted. The record can be restored.", messages.SUCCESS
            )
            return HttpResponseRedirect(reverse("admin:employees_employee_changelist"))
        return self._confirm(request, employee, "Delete", DELETION, danger=True)

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        employee = self._employee(request, object_id)
        if employee.deleted_at is None or not super().has_change_permission(request):
            raise PermissionDenied("Only deleted employees can be restored, by those who may change them.")
        error = ""
        if request.method == "POST":
            try:
                services.restore_employee(employee, actor=actor_of(request))
            except services.UserNameTaken:
                error = (
                    f"Somebody else has the user name “{employee.user_name}” now. "
                    "Give them another one or delete them, then restore this record."
                )
            else:
                self.message_user(request, f"{employee} was restored.", messages.SUCCESS)
                return HttpResponseRedirect(_page_of(employee))
        return self._confirm(request, employee, "Restore", RESTORATION, error=error)

    def _attributes(self, request: HttpRequest, employee: Employee | None) -> list[Attribute]:
        """The attributes to edit that the form has no field for anyway."""
        if not self._may_write(request, employee):
            return []
        every = self._all_attributes(request)
        return [attribute for attribute in every if attribute.active and not has_own_field(attribute)]

    def _all_attributes(self, request: HttpRequest) -> list[Attribute]:
        """The company's attributes, active or not, read once in a request."""
        if not hasattr(request, ATTRIBUTES):
            setattr(request, ATTRIBUTES, list(Attribute.objects.all()))
        attributes: list[Attribute] = getattr(request, ATTRIBUTES)
        return attributes

    def _awaited(self, request: HttpRequest, employee: Employee | None) -> str:
        """The text that the manager is waited for by, when the form can stop that; else ""."""
        return employee.manager_awaited if employee and self._may_write(request, employee) else ""

    def _may_write(self, request: HttpRequest, employee: Employee | None) -> bool:
        return employee is None or self.has_change_permission(request, employee)

    def _employee(self, request: HttpRequest, object_id: str) -> Employee:
        employee: Employee | None = self.get_object(request, object_id)
        if employee is None:
            raise Http404("There is no such employee.")
        return employee

    def _confirm(
        self,
        request: HttpRequest,
        employee: Employee,
        verb: str,
        consequences: tuple[str, ...],
        **kwargs: Any,
    ) -> HttpResponse:
        title, cancel_url = f"{verb} {employee}?", _page_of(employee)
        return confirmation(
            self,
            request,
            title=title,
            verb=verb,
            consequences=consequences,
            people=[employee],
            cancel_url=cancel_url,
            **kwargs,
        )


def _is_present(employee: Employee | None) -> bool:
    return employee is None or employee.deleted_at is None


def _page_of(employee: Employee) -> str:
    return reverse("admin:employees_employee_change", args=[employee.pk])


admin.site.register(Attribute, AttributeAdmin)
admin.site.register(Change, ChangeAdmin)
