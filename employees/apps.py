"""The employees application."""

from django.apps import AppConfig


class EmployeesConfig(AppConfig):
    name = "employees"
    verbose_name = "Employees"
    default_auto_field = "django.db.models.BigAutoField"
