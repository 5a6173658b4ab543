"""What the site itself keeps: who may do what, and who signed in."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from employees import maintenance


class SiteConfig(AppConfig):
    name = "peakon_scim"
    verbose_name = "Access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import roles, sign_ins  # models exist only once the applications are ready

        # Each application gets its permissions in its turn; after the last one, all are there.
        *_, last = (config for config in apps.get_app_configs() if config.models_module)
        post_migrate.connect(roles.keep, sender=last)
        sign_ins.listen()
        maintenance.register("sign-ins", sign_ins.prune)
