"""The attributes that are there and active from the start; two have had a home before."""

from typing import Any

from django.db import migrations

STANDARD = (
    ("Job Title", "jobTitle", "option", "attribute_jobtitle", "What the employee does."),
    ("Department", "department", "option", "department", "The department, as in the enterprise extension."),
    ("Manager", "manager", "employee", "manager", "Whom the employee reports to."),
    ("Date of Birth", "dateOfBirth", "date", "attribute_dateofbirth", "For comparisons by age group."),
    ("Start Date", "startDate", "date", "attribute_startdate", "First day at work; surveys begin then."),
    ("Location", "location", "option", "attribute_location", "Where the employee works."),
    ("Gender", "gender", "option", "attribute_gender", "For comparisons by gender."),
    ("Employment Status", "employmentStatus", "option", "attribute_employmentstatus", "Such as full time."),
    ("Separation Date", "separationDate", "date", "attribute_separationdate", "Last day; surveys end then."),
    (
        "Separation Reason",
        "separationReason",
        "option",
        "attribute_separationreason",
        "Why the employee left.",
    ),
)


def define(apps: Any, schema_editor: Any) -> None:
    attribute = apps.get_model("employees", "Attribute")
    for name, legal_name, type_, fact, description in STANDARD:
        attribute.objects.create(
            name=name,
            legal_name=legal_name,
            type=type_,
            fact=fact,
            description=description,
            active=True,
        )
    apps.get_model("employees", "AttributeCatalog").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("employees", "0002_attributes")]

    operations = [migrations.RunPython(define, migrations.RunPython.noop)]
