"""The attribute inbox: names of the Peakon extension that no attribute answers to, and their values."""

from django.db import models
from django.utils import timezone

from employees.fields import ExactTextField, FoldedField


class UnknownAttribute(models.Model):
    """A name that identity providers sent and no attribute had then; dismissed, its values are not kept."""

    name = ExactTextField("name")
    name_key = FoldedField(of="name", unique=True)
    first_seen_at = models.DateTimeField("first seen", default=timezone.now)
    last_seen_at = models.DateTimeField("last seen", default=timezone.now)
    dismissed_at = models.DateTimeField("dismissed", null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("-last_seen_at", "name_key")

    def __str__(self) -> str:
        return self.name


class UnknownValue(models.Model):
    """The latest value that one identity provider sent for one employee under an unknown name.

    `note` says why `value` is not kept; it is "" when it is.
    """

    unknown = models.ForeignKey(UnknownAttribute, models.CASCADE, related_name="sent")
    employee = models.ForeignKey("employees.Employee", models.CASCADE, related_name="+")
    identity_provider = models.ForeignKey("provisioning.IdentityProvider", models.CASCADE, related_name="+")
    value = models.JSONField(null=True)
    note = models.TextField(default="", blank=True)
    at = models.DateTimeField("sent", default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["unknown", "employee", "identity_provider"], name="unknown_value_unique"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unknown_id}/{self.employee_id}"
