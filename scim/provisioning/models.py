"""Identity providers, the digests of their bearer tokens, the switch, and the record of who did what."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from employees.append_only import AppendOnly, AppendOnlyQuerySet
from employees.fields import FoldedField

from .inbox_models import UnknownAttribute as UnknownAttribute
from .inbox_models import UnknownValue as UnknownValue
from .log_models import Activity as Activity
from .log_models import Cycle as Cycle
from .log_models import Hold as Hold
from .log_models import LogEntry as LogEntry
from .log_models import Notification as Notification


class IdentityProvider(models.Model):
    """A system that pushes employees here. It is never deleted: revoking its tokens disconnects it."""

    class Kind(models.TextChoices):
        ENTRA = "entra", "Entra ID"
        OKTA = "okta", "Okta"
        ADSELFSERVICE = "adselfservice", "ADSelfService Plus"
        ONELOGIN = "onelogin", "OneLogin"
        OTHER = "other", "Other"

    name = models.CharField("name", max_length=100)
    name_key = FoldedField(of="name", unique=True)
    kind = models.CharField("kind", max_length=20, choices=Kind.choices, default=Kind.OTHER)
    created_at = models.DateTimeField("connected", default=timezone.now)
    groups_seen_at = models.DateTimeField("sent groups last", null=True, blank=True)
    paused_at = models.DateTimeField("paused", null=True, blank=True)
    paused_by = models.TextField("paused by", blank=True, default="")
    # How many active employees it may manage; null for any number.
    seat_limit = models.PositiveIntegerField("seat limit", null=True, blank=True)
    # What it has done for the first time and when, by the names in `milestones`.
    milestones = models.JSONField(default=dict, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("name_key",)
        verbose_name = "identity provider"

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Names it in provenance, `Employee.external_ids` and search keys; outlives a change of name."""
        return f"idp{self.pk}"

    def newest_token_id(self) -> int | None:
        return self.tokens.values_list("pk", flat=True).order_by("-pk").first()


class BearerToken(models.Model):
    """The SHA-256 digest of a token; the clear text existed once, when it was issued."""

    identity_provider_id: int
    identity_provider = models.ForeignKey(IdentityProvider, models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    # The last four characters belong to the checksum: they tell tokens apart and give no random bit away.
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField("created", default=timezone.now)
    created_by = models.TextField("created by")
    expires_at = models.DateTimeField("expires", null=True, blank=True)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True)
    last_used_at = models.DateTimeField("last used", null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("-created_at", "-pk")
        verbose_name = "bearer token"

    def __str__(self) -> str:
        return f"…{self.hint}"

    @staticmethod
    def living(now: datetime) -> Q:
        """The condition for tokens that open the SCIM service at the moment `now`."""
        return Q(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class ProvisioningSettings(models.Model):
    """The one row that says whether provisioning is on; `enabled` is null until someone decides."""

    SINGLE_ROW = 1

    enabled = models.BooleanField("enabled", null=True)
    changed_at = models.DateTimeField("changed", null=True)
    changed_by = models.TextField("changed by", default="", blank=True)
    # The brake: removals beyond this share of whom a provider manages, within so many hours, are held.
    brake_percent = models.PositiveSmallIntegerField("share", default=20)
    brake_from = models.PositiveIntegerField("from so many employees on", default=100)
    brake_hours = models.PositiveSmallIntegerField("hours", default=24)
    log_days = models.PositiveSmallIntegerField("days that the provisioning log is kept", default=90)

    class Meta:
        default_permissions = ()
        permissions = (("manage_provisioning", "Can manage employee provisioning"),)
        constraints = (models.CheckConstraint(condition=Q(id=1), name="provisioning_settings_single_row"),)
        verbose_name = verbose_name_plural = "provisioning settings"

    def __str__(self) -> str:
        return {None: "not decided", True: "enabled", False: "disabled"}[self.enabled]


class ProvisioningEvent(AppendOnly):
    """One act of an administrator or a command: who, when, on which identity provider; no secrets."""

    class Action(models.TextChoices):
        ENABLED = "enabled", "Provisioning enabled"
        DISABLED = "disabled", "Provisioning disabled"
        CONNECTED = "connected", "Identity provider connected"
        TOKEN_ISSUED = "token issued", "Token issued"
        TOKEN_ROTATED = "token rotated", "Token rotated"
        TOKEN_REVOKED = "token revoked", "Token revoked"
        NAME_CREATED = "name created", "Attribute created from the inbox"
        NAME_ALIASED = "name aliased", "Name given to an attribute"
        NAME_DISMISSED = "name dismissed", "Name dismissed from the inbox"
        NAME_RECALLED = "name recalled", "Name taken back into the inbox"
        PAUSED = "paused", "Identity provider paused"
        RESUMED = "resumed", "Identity provider resumed"
        SEATS_LIMITED = "seats limited", "Seat limit changed"
        HOLD_OPENED = "hold opened", "Removals held"
        HOLD_RELEASED = "hold released", "Held removals released"
        HOLD_REJECTED = "hold rejected", "Held removals rejected"
        UNDONE = "undone", "Changes undone"
        SETTINGS_CHANGED = "settings changed", "Settings changed"
        EXPORTED = "exported", "Provisioning log exported"

    at = models.DateTimeField("when", default=timezone.now)
    action = models.CharField("what", max_length=20, choices=Action.choices)
    identity_provider = models.ForeignKey(
        IdentityProvider, models.PROTECT, null=True, related_name="+", verbose_name="identity provider"
    )
    details = models.TextField("details", default="", blank=True)
    actor_kind = models.CharField("by", max_length=20)
    actor_key = models.CharField(max_length=64)
    actor_name = models.TextField("by whom")

    objects: ClassVar[models.Manager["ProvisioningEvent"]] = AppendOnlyQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        ordering = ("-at", "-pk")
        verbose_name = "provisioning event"
        indexes = (models.Index(fields=["-at", "-id"], name="provisioning_event_at"),)

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.actor_name}"
