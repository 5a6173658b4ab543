"""Who manages an employee, whose removal of them is held, and who ended a participation."""

from typing import Any

from django.db import migrations, models
from django.db.models.fields.json import KT

import employees.fields


def take_over(apps: Any, schema_editor: Any) -> None:
    """Who set the user name last manages the employee, when that is an identity provider."""
    people = apps.get_model("employees", "Employee").objects
    people.filter(set_by__user_name__0__startswith="idp").update(managed_by=KT("set_by__user_name__0"))


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0006_name_trigrams"),
    ]

    operations = [
        migrations.AddField(
            model_name="employee",
            name="held_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="held since"),
        ),
        migrations.AddField(
            model_name="employee",
            name="held_by",
            field=employees.fields.ExactTextField(
                blank=True, default="", editable=False, verbose_name="removal held"
            ),
        ),
        migrations.AddField(
            model_name="employee",
            name="managed_by",
            field=employees.fields.ExactTextField(
                blank=True, default="", editable=False, verbose_name="managed by"
            ),
        ),
        migrations.AddField(
            model_name="participationperiod",
            name="ended_by_kind",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="by"),
        ),
        migrations.AlterField(
            model_name="change",
            name="action",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("updated", "Updated"),
                    ("deactivated", "Deactivated"),
                    ("reactivated", "Reactivated"),
                    ("deleted", "Deleted"),
                    ("restored", "Restored"),
                    ("released", "Held removal released"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
        migrations.AlterField(
            model_name="participationperiod",
            name="reason",
            field=models.CharField(
                choices=[
                    ("deactivated", "Deactivated"),
                    ("deleted", "Deleted"),
                    ("released", "Held removal released"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["actor_key", "at"], name="change_by_actor"),
        ),
        migrations.AddIndex(
            model_name="employee",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["managed_by", "active"],
                name="employee_managed",
            ),
        ),
        migrations.AddIndex(
            model_name="employee",
            index=models.Index(
                condition=models.Q(("held_by", ""), _negated=True),
                fields=["held_by", "id"],
                name="employee_held",
            ),
        ),
    ]
