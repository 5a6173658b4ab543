"""The provisioning log, its cycles, and removals held."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0007_holds"),
        ("provisioning", "0003_groups_seen_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(null=True)),
                ("subject", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "ordering": ("pk",),
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="milestones",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="paused"),
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="paused_by",
            field=models.TextField(blank=True, default="", verbose_name="paused by"),
        ),
        migrations.AddField(
            model_name="identityprovider",
            name="seat_limit",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="seat limit"),
        ),
        migrations.AddField(
            model_name="provisioningsettings",
            name="brake_from",
            field=models.PositiveIntegerField(default=100, verbose_name="from so many employees on"),
        ),
        migrations.AddField(
            model_name="provisioningsettings",
            name="brake_hours",
            field=models.PositiveSmallIntegerField(default=24, verbose_name="hours"),
        ),
        migrations.AddField(
            model_name="provisioningsettings",
            name="brake_percent",
            field=models.PositiveSmallIntegerField(default=20, verbose_name="share"),
        ),
        migrations.AddField(
            model_name="provisioningsettings",
            name="log_days",
            field=models.PositiveSmallIntegerField(
                default=90, verbose_name="days that the provisioning log is kept"
            ),
        ),
        migrations.AlterField(
            model_name="provisioningevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("enabled", "Provisioning enabled"),
                    ("disabled", "Provisioning disabled"),
                    ("connected", "Identity provider connected"),
                    ("token issued", "Token issued"),
                    ("token rotated", "Token rotated"),
                    ("token revoked", "Token revoked"),
                    ("name created", "Attribute created from the inbox"),
                    ("name aliased", "Name given to an attribute"),
                    ("name dismissed", "Name dismissed from the inbox"),
                    ("name recalled", "Name taken back into the inbox"),
                    ("paused", "Identity provider paused"),
                    ("resumed", "Identity provider resumed"),
                    ("seats limited", "Seat limit changed"),
                    ("hold opened", "Removals held"),
                    ("hold released", "Held removals released"),
                    ("hold rejected", "Held removals rejected"),
                    ("undone", "Changes undone"),
                    ("settings changed", "Settings changed"),
                    ("exported", "Provisioning log exported"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("requests", models.PositiveIntegerField()),
                ("looked_up", models.PositiveIntegerField(default=0)),
                ("signs", models.JSONField(default=list)),
                (
                    "identity_provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="provisioning.identityprovider",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["identity_provider", "started_at"], name="activity_of_provider")
                ],
            },
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="from")),
                ("ended_at", models.DateTimeField(verbose_name="until")),
                ("closed", models.BooleanField(default=False)),
                ("counted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("looked_up", models.PositiveIntegerField(default=0, verbose_name="looked up")),
                ("created", models.PositiveIntegerField(default=0, verbose_name="created")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("deactivated", models.PositiveIntegerField(default=0, verbose_name="deactivated")),
                ("reactivated", models.PositiveIntegerField(default=0, verbose_name="reactivated")),
                ("deleted", models.PositiveIntegerField(default=0, verbose_name="deleted")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("held", models.PositiveIntegerField(default=0, verbose_name="held")),
                (
                    "identity_provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cycles",
                        to="provisioning.identityprovider",
                    ),
                ),
            ],
            options={
                "ordering": ("-started_at", "-pk"),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("identity_provider", "started_at"), name="cycle_of_provider"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("removed", models.PositiveIntegerField(verbose_name="removed before")),
                ("managed", models.PositiveIntegerField(verbose_name="employees managed")),
                ("threshold", models.PositiveIntegerField(verbose_name="removals without asking")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("released", "Released: they were removed"),
                            ("rejected", "Rejected: they were kept"),
                            ("dissolved", "Nobody was left to decide about"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("decided_by", models.TextField(blank=True, default="", verbose_name="by")),
                (
                    "identity_provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="provisioning.identityprovider",
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "-pk"),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)),
                        fields=("identity_provider",),
                        name="one_open_hold",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("deactivated", "Deactivated"),
                            ("reactivated", "Reactivated"),
                            ("deleted", "Deleted"),
                            ("unchanged", "Nothing to change"),
                            ("refused", "Refused"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("method", models.CharField(max_length=7, verbose_name="method")),
                ("target", models.TextField(verbose_name="path")),
                ("in_bulk", models.BooleanField(default=False, verbose_name="in a bulk request")),
                ("status", models.PositiveSmallIntegerField(verbose_name="status")),
                (
                    "scim_type",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="scimType"),
                ),
                ("detail", models.TextField(blank=True, default="", verbose_name="detail")),
                ("request", models.JSONField(blank=True, null=True, verbose_name="request")),
                ("subject", models.TextField(blank=True, default="", verbose_name="about")),
                ("removal", models.BooleanField(default=False, verbose_name="removal")),
                ("held", models.BooleanField(default=False, verbose_name="held")),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="employees.change",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="employees.employee",
                    ),
                ),
                (
                    "identity_provider",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="provisioning.identityprovider",
                        verbose_name="identity provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "provisioning log entry",
                "verbose_name_plural": "provisioning log",
                "ordering": ("-pk",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["identity_provider", "at", "outcome"], name="log_of_provider"),
                    models.Index(fields=["employee", "-id"], name="log_of_employee"),
                    models.Index(
                        condition=models.Q(("removal", True)),
                        fields=["identity_provider", "at"],
                        name="log_of_removals",
                    ),
                    models.Index(condition=models.Q(("held", True)), fields=["-id"], name="log_of_held"),
                    models.Index(
                        condition=models.Q(("outcome__in", ("changed", "unchanged")), _negated=True),
                        fields=["outcome", "-id"],
                        name="log_of_outcome",
                    ),
                    models.Index(
                        condition=models.Q(("outcome", "refused")),
                        fields=["scim_type", "-id"],
                        name="log_of_refusals",
                    ),
                ],
            },
        ),
    ]
