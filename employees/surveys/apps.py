"""Surveys: schedules, their rounds, and who is invited to them."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "employees.surveys"
    label = "surveys"
    verbose_name = "Surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from employees import maintenance

        from .rounds import close_due, open_due
        from .sending import send_due

        # A round that has ended closes first: one that was missed meanwhile may follow it.
        maintenance.register("close survey rounds", close_due)
        maintenance.register("open survey rounds", open_due)
        maintenance.register("send survey invitations", send_due)
