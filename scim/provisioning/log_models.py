"""What identity providers asked for and got: the provisioning log, its sync cycles, and removals held."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from employees.models import Change, Employee

COUNTED: Final = (
    *("looked_up", "created", "changed", "deactivated", "reactivated", "deleted", "unchanged", "refused"),
    "held",
)
"""What is counted of a cycle, by the names that the command line prints."""


class LogEntry(models.Model):
    """One write of an identity provider, or one request that was refused; final once written.

    `request` and `detail` hold names and shapes, never values (see `redaction`); `subject` tells whom a
    refused request was about, in outline. `removal` is true when it ended somebody's participation, or
    would have. The rows that others refer to are not locked for it: writers of one identity provider must
    not wait for each other here.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", "Created"
        CHANGED = "changed", "Changed"
        DEACTIVATED = "deactivated", "Deactivated"
        REACTIVATED = "reactivated", "Reactivated"
        DELETED = "deleted", "Deleted"
        UNCHANGED = "unchanged", "Nothing to change"
        REFUSED = "refused", "Refused"

    id: int
    identity_provider_id: int
    employee_id: int | None
    change_id: int | None
    at = models.DateTimeField("when", default=timezone.now)
    identity_provider = models.ForeignKey(
        "provisioning.IdentityProvider",
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name="identity provider",
    )
    outcome = models.CharField("outcome", max_length=12, choices=Outcome.choices)
    method = models.CharField("method", max_length=7)
    target = models.TextField("path")
    in_bulk = models.BooleanField("in a bulk request", default=False)
    status = models.PositiveSmallIntegerField("status")
    scim_type = models.CharField("scimType", max_length=20, blank=True, default="")
    detail = models.TextField("detail", blank=True, default="")
    request = models.JSONField("request", null=True, blank=True)
    subject = models.TextField("about", blank=True, default="")
    employee = models.ForeignKey(
        Employee, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    change = models.ForeignKey(
        Change, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    removal = models.BooleanField("removal", default=False)
    held = models.BooleanField("held", default=False)

    class Meta:
        default_permissions = ("view",)
        ordering = ("-pk",)
        verbose_name = "provisioning log entry"
        verbose_name_plural = "provisioning log"
        indexes = (
            models.Index(fields=["identity_provider", "at", "outcome"], name="log_of_provider"),
            models.Index(fields=["employee", "-id"], name="log_of_employee"),
            models.Index(
                fields=["identity_provider", "at"], condition=Q(removal=True), name="log_of_removals"
            ),
            models.Index(fields=["-id"], condition=Q(held=True), name="log_of_held"),
            models.Index(
                fields=["outcome", "-id"],
                condition=~Q(outcome__in=("changed", "unchanged")),
                name="log_of_outcome",
            ),
            models.Index(fields=["scim_type", "-id"], condition=Q(outcome="refused"), name="log_of_refusals"),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.get_outcome_display()}"


class Activity(models.Model):
    """Requests of a few seconds that leave nothing else behind, as one worker counted them.

    Without an identity provider, they came with tokens that were never issued. `signs` are what was noticed
    about them, by the names in `activity`.
    """

    identity_provider_id: int | None
    identity_provider = models.ForeignKey(
        "provisioning.IdentityProvider",
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    requests = models.PositiveIntegerField()
    looked_up = models.PositiveIntegerField(default=0)
    signs = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["identity_provider", "started_at"], name="activity_of_provider"),)

    def __str__(self) -> str:
        return f"{self.requests} requests"


class Cycle(models.Model):
    """Requests of one identity provider without a long pause between them, counted (see `cycles`).

    An open cycle is counted anew when somebody looks; nobody who writes employees writes here.
    """

    identity_provider_id: int
    identity_provider = models.ForeignKey(
        "provisioning.IdentityProvider", models.PROTECT, related_name="cycles"
    )
    started_at = models.DateTimeField("from")
    ended_at = models.DateTimeField("until")
    closed = models.BooleanField(default=False)
    counted_at = models.DateTimeField(default=timezone.now)
    looked_up = models.PositiveIntegerField("looked up", default=0)
    created = models.PositiveIntegerField("created", default=0)
    changed = models.PositiveIntegerField("changed", default=0)
    deactivated = models.PositiveIntegerField("deactivated", default=0)
    reactivated = models.PositiveIntegerField("reactivated", default=0)
    deleted = models.PositiveIntegerField("deleted", default=0)
    unchanged = models.PositiveIntegerField("unchanged", default=0)
    refused = models.PositiveIntegerField("refused", default=0)
    held = models.PositiveIntegerField("held", default=0)

    class Meta:
        default_permissions = ("view",)
        ordering = ("-started_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["identity_provider", "started_at"], name="cycle_of_provider"),
        )
        indexes = (
            models.Index(fields=["identity_provider"], condition=Q(closed=False), name="cycle_going_on"),
        )

    def __str__(self) -> str:
        return f"{self.identity_provider} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def counts(self) -> dict[str, int]:
        """How often what happened, by the names in `COUNTED`."""
        return {name: getattr(self, name) for name in COUNTED}


class Hold(models.Model):
    """Removals by one identity provider that wait for an administrator, because there were so many.

    Whose they are is written with the employees (`Employee.held_by`); a provider has one open hold at most.
    """

    class Decision(models.TextChoices):
        RELEASED = "released", "Released: they were removed"
        REJECTED = "rejected", "Rejected: they were kept"
        DISSOLVED = "dissolved", "Nobody was left to decide about"

    identity_provider_id: int
    identity_provider = models.ForeignKey(
        "provisioning.IdentityProvider", models.PROTECT, related_name="holds"
    )
    opened_at = models.DateTimeField("since", default=timezone.now)
    removed = models.PositiveIntegerField("removed before")
    managed = models.PositiveIntegerField("employees managed")
    threshold = models.PositiveIntegerField("removals without asking")
    decided_at = models.DateTimeField("decided", null=True, blank=True)
    decision = models.CharField("decision", max_length=10, choices=Decision.choices, blank=True, default="")
    decided_by = models.TextField("by", blank=True, default="")
    # About how many people it has been decided: it may take several requests, and the log is not kept.
    people = models.PositiveIntegerField("people decided about", default=0)

    class Meta:
        default_permissions = ("view",)
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["identity_provider"], condition=Q(decided_at=None), name="one_open_hold"
            ),
        )

    def __str__(self) -> str:
        return f"{self.identity_provider} since {self.opened_at:%Y-%m-%d %H:%M}"


class Notification(models.Model):
    """Something that administrators were told by mail, so that they are told once."""

    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    subject = models.TextField()
    body = models.TextField()

    class Meta:
        default_permissions = ()
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.subject
