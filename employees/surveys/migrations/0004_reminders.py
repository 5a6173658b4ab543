"""When participants are reminded, and when that was done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0003_company_schedule"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="remind_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be reminded"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reminded"),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)),
                fields=["remind_at", "id"],
                name="survey_reminder_due",
            ),
        ),
    ]
