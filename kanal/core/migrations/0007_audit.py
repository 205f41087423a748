"""The audit log, with a trigger that makes it immutable."""

from django.db import migrations, models

KEPT = """
CREATE OR REPLACE FUNCTION kanal_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log can''t be changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON core_auditentry
FOR EACH ROW EXECUTE FUNCTION kanal_audit_is_kept();
"""
KINDS = [
    ("login", "Sign-in"), ("failure", "Failed sign-in"), ("logout", "Sign-out"),
    ("password", "Password or second factor"), ("token", "API token"), ("rights", "Roles and permissions"),
    ("settings", "Settings"), ("export", "Export"), ("anonymized", "Anonymization"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("core", "0006_live")]
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor", models.CharField(default="", max_length=170)),
                ("text", models.CharField(default="", max_length=400)),
                ("entity", models.CharField(default="", max_length=40)),
                ("record_id", models.BigIntegerField(null=True)),
                ("address", models.CharField(default="", max_length=60)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["kind", "-id"], name="audit_by_kind"),
                    models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
                    models.Index(fields=["at"], name="audit_by_time"),
                ],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
