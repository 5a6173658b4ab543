"""Employee provisioning: identity providers and their bearer tokens."""

from django.apps import AppConfig

from employees import hold_pages, setters


class ProvisioningConfig(AppConfig):
    name = "scim.provisioning"
    label = "provisioning"
    verbose_name = "Employee provisioning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import hold_listing, maintenance_tasks  # models exist only once the applications are ready

        setters.register(_identity_providers)
        hold_pages.register(hold_listing.address)
        maintenance_tasks.register()


def _identity_providers() -> dict[str, str]:
    """The names of all identity providers by their keys."""
    from .models import IdentityProvider

    return {provider.key: provider.name for provider in IdentityProvider.objects.all()}
