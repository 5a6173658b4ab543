"""Employee provisioning: identity providers and their bearer tokens."""

from django.apps import AppConfig

from employees import setters


class ProvisioningConfig(AppConfig):
    name = "scim.provisioning"
    label = "provisioning"
    verbose_name = "Employee provisioning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        setters.register(_identity_providers)


def _identity_providers() -> dict[str, str]:
    """The names of all identity providers by their keys."""
    from .models import IdentityProvider  # models exist only once the applications are ready

    return {provider.key: provider.name for provider in IdentityProvider.objects.all()}
