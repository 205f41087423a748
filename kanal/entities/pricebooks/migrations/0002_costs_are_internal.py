"""Limit a product's cost and minimum margin to internal users (ACC-8), unless already configured."""

from typing import Any

from django.db import migrations

FIELDS = ("cost", "minimum_margin")
INSIDE = ["representative", "director", "administrator", "regular"]


def limit(apps: Any, schema_editor: Any) -> None:
    """Limit the fields that aren't limited yet."""
    visibility = apps.get_model("core", "FieldVisibility")
    for field in FIELDS:
        visibility.objects.get_or_create(entity="products", field=field, defaults={"user_types": INSIDE})


class Migration(migrations.Migration):
    dependencies = [("pricebooks", "0001_initial"), ("core", "0009_change_by_actor")]

    operations = [migrations.RunPython(limit, migrations.RunPython.noop)]
