"""On PostgreSQL with pg_trgm, an index by which parts of names are found."""

from typing import Any

from django.db import DatabaseError, migrations, transaction

INDEX = "employee_name_trigrams"
COLUMNS = "user_name_key", "given_name_key", "family_name_key", "display_name_key"


def add(apps: Any, schema_editor: Any) -> None:
    """Without the extension, or the right to enable it, parts of names are found by reading all of them."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
        try:
            with transaction.atomic(connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return
        columns = ", ".join(f"{column} gin_trgm_ops" for column in COLUMNS)
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON employees_employee USING gin ({columns})")


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("employees", "0005_indexes_for_counts")]
    operations = [migrations.RunPython(add, remove)]
