"""Invitations have no more indexes and constraints than what reads them needs."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0007_holds"),
        ("surveys", "0004_reminders"),
    ]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="employee",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invitations",
                to="employees.employee",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="round",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="surveys.round",
            ),
        ),
    ]
