"""The schedule for everyone that is there from the start, switched off."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import migrations

NAME = "Company schedule"


def define(apps: Any, schema_editor: Any) -> None:
    today = datetime.now(UTC).date()
    months = today.year * 12 + (today.month + 2) // 3 * 3
    apps.get_model("surveys", "Schedule").objects.create(
        name=NAME, enabled=False, frequency="quarterly", starts_on=date(months // 12, months % 12 + 1, 1)
    )


def remove(apps: Any, schema_editor: Any) -> None:
    apps.get_model("surveys", "Schedule").objects.filter(name=NAME, enabled=False, rounds=None).delete()


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_planned_and_active_since")]

    operations = [migrations.RunPython(define, remove)]
