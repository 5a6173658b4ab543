"""Schedules, rounds, invitations, exclusions and answers."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import employees.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("employees", "0007_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("name_key", employees.fields.FoldedField(default="", of="name", unique=True)),
                ("enabled", models.BooleanField(default=False, verbose_name="switched on")),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("weekly", "Weekly"),
                            ("fortnightly", "Every two weeks"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("weeks", "Every N weeks"),
                            ("once", "Once"),
                        ],
                        max_length=12,
                        verbose_name="frequency",
                    ),
                ),
                (
                    "weeks",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(520),
                        ],
                        verbose_name="weeks",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                (
                    "duration_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="open for",
                    ),
                ),
                ("send_at", models.TimeField(default=datetime.time(9, 0), verbose_name="send time")),
                (
                    "time_zone",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="time zone"),
                ),
                (
                    "question",
                    models.CharField(
                        default="How likely is it that you would recommend this company as a place to work?",
                        max_length=300,
                        verbose_name="question",
                    ),
                ),
                (
                    "external_url",
                    models.URLField(
                        blank=True, default="", max_length=500, verbose_name="address of another survey tool"
                    ),
                ),
                ("audience", models.JSONField(blank=True, default=list)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed"),
                ),
                ("changed_by", models.TextField(blank=True, default="", verbose_name="changed by")),
            ],
            options={
                "ordering": ("name_key",),
                "permissions": (("manage_surveys", "Can manage surveys"),),
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("occurrence", models.DateField(blank=True, null=True, verbose_name="scheduled for")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened")),
                ("closes_at", models.DateTimeField(verbose_name="closes")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "participants_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="participants written down"),
                ),
                ("opened_by", models.TextField(blank=True, default="", verbose_name="opened by")),
                ("question", models.CharField(max_length=300, verbose_name="question")),
                ("external_url", models.URLField(blank=True, default="", max_length=500)),
                ("audience", models.JSONField(blank=True, default=list)),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="surveys.schedule",
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "-pk"),
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="to be sent")),
                ("added_by", models.TextField(blank=True, default="", verbose_name="added by")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("problem", models.TextField(blank=True, default="", verbose_name="problem")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("ended_why", models.CharField(blank=True, default="", max_length=40, verbose_name="why")),
                (
                    "employee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to="employees.employee",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "sending"))),
                        fields=["due_at", "id"],
                        name="survey_invitation_due",
                    ),
                    models.Index(fields=["employee", "-id"], name="survey_invitation_employee"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "employee"), name="survey_invitation_of_employee"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("deactivated", "Deactivated"),
                            ("held", "Their removal is held"),
                            ("not started", "Start date in the future"),
                            ("separated", "Separation date has passed"),
                        ],
                        max_length=12,
                        verbose_name="why",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="employees.employee"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exclusions",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("round", "employee"), name="survey_exclusion_of_employee")
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(10)]
                    ),
                ),
                ("comment", models.TextField(blank=True, default="")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("score__lte", 10)), name="survey_answer_score")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["closes_at"], name="survey_round_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("schedule", "number"), name="survey_round_number"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("occurrence__isnull", False)),
                fields=("schedule", "occurrence"),
                name="survey_round_occurrence",
            ),
        ),
    ]
