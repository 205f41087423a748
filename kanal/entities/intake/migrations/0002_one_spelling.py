"""Find accounts by normalized numbers, and store internationalized domains in one spelling (INTAKE-4)."""

from django.db import migrations

DROP = """
DROP INDEX IF EXISTS intake_account_number, intake_account_vat;
DROP FUNCTION IF EXISTS kanal_compact(text);
"""
PLACES = (
    ("accounts", "Account", "website", "link"), ("accounts", "Account", "email", "email"),
    ("leads", "Lead", "website", "link"), ("leads", "Lead", "email", "email"),
    ("contacts", "Contact", "email", "email"), ("contacts", "Channel", "value", "email"),
    ("partners", "Partner", "website", "link"), ("partners", "Partner", "email", "email"),
)  # fmt: skip


def rewrite(apps, schema_editor):
    """Store web and email addresses with normalized hosts. Invalid addresses stay unchanged."""
    from kanal.kit.addresses import normalize_email, normalize_website
    from kanal.kit.errors import Invalid

    for app, name, column, kind in PLACES:
        model = apps.get_model(app, name)
        pattern = r"xn--|[^\x01-\x7f]|^https?://[^/]*[A-Z]" if kind == "link" else r"xn--"
        for row in model.objects.filter(**{f"{column}__regex": pattern}).only("pk", column).iterator():
            before = getattr(row, column)
            try:
                after = normalize_website(before) if kind == "link" else normalize_email(before)
            except (Invalid, ValueError):
                continue
            if after != before and len(after) <= model._meta.get_field(column).max_length:
                model.objects.filter(pk=row.pk).update(**{column: after})


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0001_initial"),
        ("accounts", "0004_keys_of_numbers"),
        ("contacts", "0002_lists_without_rows"),
        ("leads", "0004_assigned"),
        ("partners", "0002_initial"),
    ]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
        migrations.RunPython(rewrite, migrations.RunPython.noop, elidable=True),
    ]
