"""One index on whom a change is about, where there were two."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0009_by_name"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="employee",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="changes",
                to="employees.employee",
                verbose_name="employee",
            ),
        ),
    ]
