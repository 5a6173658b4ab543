"""Lists of people sorted by the name that they show."""

import django.db.models.functions.comparison
from django.db import migrations, models

import employees.models


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0008_participating"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="employee",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    django.db.models.functions.comparison.NullIf(
                        models.F("display_name_key"), employees.models.Literal("")
                    ),
                    django.db.models.functions.comparison.NullIf(
                        employees.models.Joined(
                            models.F("given_name_key"),
                            employees.models.Literal(" "),
                            models.F("family_name_key"),
                        ),
                        employees.models.Literal(""),
                    ),
                    models.F("user_name_key"),
                ),
                models.F("id"),
                condition=models.Q(("deleted_at", None)),
                name="employee_by_name",
            ),
        ),
    ]
