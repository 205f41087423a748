"""Add absences and a limit of open leads to users (SPLIT-4), hidden from partners (ACC-8)."""

from typing import Any

from django.db import migrations, models

FIELDS = ("absent_from", "absent_until", "most_open_leads")
INSIDE = ["representative", "director", "administrator", "regular"]


def limit(apps: Any, schema_editor: Any) -> None:
    """Limit the new fields to internal users."""
    visibility = apps.get_model("core", "FieldVisibility")
    for field in FIELDS:
        visibility.objects.get_or_create(entity="users", field=field, defaults={"user_types": INSIDE})


class Migration(migrations.Migration):
    dependencies = [("people", "0002_what_built_in_roles_may")]

    operations = [
        migrations.AddField("user", "absent_from", models.DateField(blank=True, null=True, verbose_name="Absent from")),
        migrations.AddField(
            "user",
            "absent_until",
            models.DateField(
                blank=True,
                null=True,
                verbose_name="Absent until",
                help_text="The last day of the absence; until then, the splitter skips the user.",
            ),
        ),
        migrations.AddField(
            "user",
            "most_open_leads",
            models.PositiveIntegerField(
                blank=True,
                null=True,
                verbose_name="Most open leads",
                help_text="The splitter assigns no more leads to a user with this many open leads.",
            ),
        ),
        migrations.RunPython(limit, migrations.RunPython.noop),
    ]
