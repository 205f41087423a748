"""Audit entries of settings: row, operation, old and new values, written by triggers."""

from django.db import migrations, models

from kanal.core.sql import AUDIT

KINDS = [
    ("login", "Sign-in"), ("failure", "Failed sign-in"), ("logout", "Sign-out"),
    ("password", "Password or second factor"), ("token", "API token"), ("rights", "Roles and permissions"),
    ("settings", "Settings"), ("export", "Export"), ("import", "Import"), ("backup", "Backup and restore"),
    ("anonymized", "Anonymization"),
]  # fmt: skip
DONE = [("i", "made"), ("u", "changed"), ("d", "deleted")]


class Migration(migrations.Migration):
    dependencies = [("core", "0010_epoch")]
    operations = [
        migrations.AlterField("auditentry", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AddField("auditentry", "means", models.CharField(default="", max_length=20)),
        migrations.AddField("auditentry", "done", models.CharField(choices=DONE, default="", max_length=1)),
        migrations.AddField("auditentry", "subject", models.JSONField(default=dict)),
        migrations.AddField("auditentry", "old", models.JSONField(default=dict)),
        migrations.AddField("auditentry", "new", models.JSONField(default=dict)),
        migrations.RunSQL(AUDIT, migrations.RunSQL.noop),
    ]
