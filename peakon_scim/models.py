"""The record of who signed in to the pages, who failed to, and who signed out."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from employees.append_only import AppendOnly, AppendOnlyQuerySet


class SignInQuerySet(AppendOnlyQuerySet["SignIn"]):
    """The sign-ins, append-only."""


class SignIn(AppendOnly):
    """One event of a session; a session that runs out leaves none.

    `user_key` is the key of an administrator in the audit (see `Actor`); it and `user_name` are "" when the
    name that was typed is nobody's, for people type passwords into the wrong field. `address` is where the
    browser was, null when that is not known.
    """

    class Event(models.TextChoices):
        SIGNED_IN = "signed in", "Signed in"
        FAILED = "failed", "Failed"
        SIGNED_OUT = "signed out", "Signed out"

    at = models.DateTimeField("when", default=timezone.now, db_index=True)
    event = models.CharField("what", max_length=10, choices=Event.choices)
    user_key = models.CharField(max_length=64, blank=True, default="")
    user_name = models.TextField("who", blank=True, default="")
    address = models.GenericIPAddressField("from", null=True, blank=True)

    objects: ClassVar[models.Manager["SignIn"]] = SignInQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        ordering = ("-pk",)
        verbose_name = "sign-in"
        indexes = (
            models.Index(fields=["user_key", "-id"], name="sign_in_of_user"),
            models.Index(fields=["event", "-id"], name="sign_in_by_event"),
        )

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.user_name or 'an unknown name'}"
