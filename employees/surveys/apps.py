"""Surveys: schedules, their rounds, and who is invited to them."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "employees.surveys"
    label = "surveys"
    verbose_name = "Surveys"
    default_auto_field = "django.db.models.BigAutoField"
