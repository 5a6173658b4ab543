"""Employee provisioning: identity providers and their bearer tokens."""

from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    name = "scim.provisioning"
    label = "provisioning"
    verbose_name = "Employee provisioning"
    default_auto_field = "django.db.models.BigAutoField"
