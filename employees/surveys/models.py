"""Schedules, the rounds that they open, the invitations of each round, and its answers."""

from datetime import time
from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from employees.fields import FoldedField
from employees.models import Employee

MANAGE_SURVEYS: Final = "surveys.manage_surveys"
DEFAULT_QUESTION: Final = "How likely is it that you would recommend this company as a place to work?"


class Schedule(models.Model):
    """When rounds open, for whom, and what they ask.

    `audience` is a list of conditions that all have to hold: `{"fact": <name>, "values": [<text>, …],
    "negated": <bool>}`, where any of the values is enough; an empty list is everyone. `time_zone` is "" for
    the site's own.
    """

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", "Weekly"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Monthly"
        QUARTERLY = "quarterly", "Quarterly"
        WEEKS = "weeks", "Every N weeks"
        ONCE = "once", "Once"

    name = models.CharField("name", max_length=100)
    name_key = FoldedField(of="name", unique=True)
    enabled = models.BooleanField("switched on", default=False)
    frequency = models.CharField("frequency", max_length=12, choices=Frequency.choices)
    weeks = models.PositiveSmallIntegerField(
        "weeks", default=1, validators=[MinValueValidator(1), MaxValueValidator(520)]
    )
    starts_on = models.DateField("first day")
    duration_days = models.PositiveSmallIntegerField(
        "open for", default=7, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    send_at = models.TimeField("send time", default=time(9))
    time_zone = models.CharField("time zone", max_length=64, blank=True, default="")
    question = models.CharField("question", max_length=300, default=DEFAULT_QUESTION)
    external_url = models.URLField("address of another survey tool", blank=True, default="", max_length=500)
    audience = models.JSONField(default=list, blank=True)
    # Since it was switched on or its days were changed: rounds of days before that are not made up for.
    planned_at = models.DateTimeField("planned", default=timezone.now)
    created_at = models.DateTimeField("created", default=timezone.now)
    changed_at = models.DateTimeField("changed", default=timezone.now)
    changed_by = models.TextField("changed by", default="", blank=True)

    class Meta:
        default_permissions = ("view",)
        permissions = (("manage_surveys", "Can manage surveys"),)
        ordering = ("name_key",)

    def __str__(self) -> str:
        return self.name


class Round(models.Model):
    """One survey: opened by its schedule for the day `occurrence`, or by hand, when that is null.

    Nobody is named in `opened_by` and `closed_by` when that happened by itself. `participants_at` is null
    while its participants are being written down; nothing is sent before.
    """

    schedule_id: int
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField("number")
    occurrence = models.DateField("scheduled for", null=True, blank=True)
    opened_at = models.DateTimeField("opened", default=timezone.now)
    closes_at = models.DateTimeField("closes")
    closed_at = models.DateTimeField("closed", null=True, blank=True)
    participants_at = models.DateTimeField("participants written down", null=True, blank=True)
    opened_by = models.TextField("opened by", default="", blank=True)
    closed_by = models.TextField("closed by", default="", blank=True)
    question = models.CharField("question", max_length=300)
    external_url = models.URLField(blank=True, default="", max_length=500)
    audience = models.JSONField(default=list, blank=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["schedule", "number"], name="survey_round_number"),
            models.UniqueConstraint(
                fields=["schedule", "occurrence"],
                condition=Q(occurrence__isnull=False),
                name="survey_round_occurrence",
            ),
        )
        indexes = (models.Index(fields=["closes_at"], condition=Q(closed_at=None), name="survey_round_open"),)

    def __str__(self) -> str:
        return f"{self.schedule} {self.number}"


class Invitation(models.Model):
    """One participant of a round, and what has become of the mail to them.

    The employee is null once they have been purged. `active_since` is theirs when they were invited: the link
    dies when that stretch of participation ends, even if another one begins. `ended_at` and `ended_why` say
    at the round's end that it had died; the link itself is derived from the key (see `links`). `attempts` and
    `problem` are those of the mail that is under way, the reminder's once `remind_at` is set.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id: int
    round_id: int
    employee_id: int | None
    # Found by the constraint and the index below. To check these references, PostgreSQL would lock the row of
    # every employee in a large round, and look for that round as often.
    round = models.ForeignKey(
        Round, models.CASCADE, related_name="invitations", db_index=False, db_constraint=False
    )
    employee = models.ForeignKey(
        Employee,
        models.SET_NULL,
        null=True,
        related_name="invitations",
        db_index=False,
        db_constraint=False,
    )
    state = models.CharField("state", max_length=10, choices=State.choices, default=State.WAITING)
    active_since = models.DateTimeField("active since")
    due_at = models.DateTimeField("to be sent")
    added_by = models.TextField("added by", default="", blank=True)
    attempts = models.PositiveSmallIntegerField("attempts", default=0)
    claimed_at = models.DateTimeField("claimed", null=True, blank=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    remind_at = models.DateTimeField("to be reminded", null=True, blank=True)
    reminded_at = models.DateTimeField("reminded", null=True, blank=True)
    problem = models.TextField("problem", default="", blank=True)
    opened_at = models.DateTimeField("opened", null=True, blank=True)
    answered_at = models.DateTimeField("answered", null=True, blank=True)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    ended_why = models.CharField("why", max_length=40, default="", blank=True)

    class Meta:
        default_permissions = ("view",)
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["round", "employee"], name="survey_invitation_of_employee"),
        )
        indexes = (
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=("waiting", "sending")),
                name="survey_invitation_due",
            ),
            models.Index(
                fields=["remind_at", "id"],
                condition=Q(remind_at__isnull=False),
                name="survey_reminder_due",
            ),
            models.Index(fields=["employee", "-id"], name="survey_invitation_employee"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}: {self.get_state_display()}"


class Exclusion(models.Model):
    """Somebody in the audience of a round who is not in it, and why."""

    class Reason(models.TextChoices):
        DEACTIVATED = "deactivated", "Deactivated"
        HELD = "held", "Their removal is held"
        NOT_STARTED = "not started", "Start date in the future"
        SEPARATED = "separated", "Separation date has passed"

    id: int
    round = models.ForeignKey(Round, models.CASCADE, related_name="exclusions")
    employee = models.ForeignKey(Employee, models.CASCADE, related_name="+")
    reason = models.CharField("why", max_length=12, choices=Reason.choices)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["round", "employee"], name="survey_exclusion_of_employee"),
        )

    def __str__(self) -> str:
        return self.get_reason_display()


class Answer(models.Model):
    """What somebody answered in a round; nothing leads from here to who it was."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="answers")
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(10)])
    comment = models.TextField(blank=True, default="")

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(score__lte=10), name="survey_answer_score"),)

    def __str__(self) -> str:
        return f"{self.score} of 10"
