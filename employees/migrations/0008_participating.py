"""Who takes part in the surveys that open next, and on PostgreSQL how common which values are."""

from typing import Any

from django.db import migrations, models

STATISTICS = "search_key_values"


def count_together(apps: Any, schema_editor: Any) -> None:
    """Without it PostgreSQL takes a value for as rare under its own name as under any other."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE STATISTICS IF NOT EXISTS {STATISTICS} (mcv) ON name, key FROM employees_searchkey"
        )


def count_apart(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP STATISTICS IF EXISTS {STATISTICS}")


class Migration(migrations.Migration):
    dependencies = [("employees", "0007_holds")]

    operations = [
        migrations.AddIndex(
            model_name="employee",
            index=models.Index(
                condition=models.Q(active=True, active_since__isnull=False, deleted_at=None, held_by=""),
                fields=["id"],
                name="employee_participating",
            ),
        ),
        migrations.RunPython(count_together, count_apart),
    ]
