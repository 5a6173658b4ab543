"""Since when a schedule's days count, who closed a round, and the stretch in which somebody was invited."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="active_since",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="active since"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="round",
            name="closed_by",
            field=models.TextField(blank=True, default="", verbose_name="closed by"),
        ),
        migrations.AddField(
            model_name="schedule",
            name="planned_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="planned"),
        ),
    ]
