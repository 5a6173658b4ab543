"""The administration's pages as a browser would use them."""

from typing import Any

from django.test import Client
from django.urls import reverse

from employees.models import Employee

LIST = "/admin/employees/employee/"
ADD = "/admin/employees/employee/add/"


def page_of(employee: Employee, page: str = "change") -> str:
    return reverse(f"admin:employees_employee_{page}", args=[employee.pk])


def form_data(client: Client, url: str) -> dict[str, Any]:
    """What the form of a page would send when nothing was changed in it."""
    form = client.get(url).context["adminform"].form
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        data[field.html_name] = "" if value is None else value
        if field.field.show_hidden_initial:
            data[field.html_initial_name] = "" if field.initial is None else field.initial
    return data


def edited(data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The form's data after the administrator's changes; False unchecks a box."""
    both = data | changes
    return {name: value for name, value in both.items() if value is not False or name.startswith("initial-")}


def rows(client: Client, query: str = "") -> list[str]:
    """The user names of the list, in its order."""
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [employee.user_name for employee in response.context["cl"].result_list]


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]
