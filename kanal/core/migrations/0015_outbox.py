"""Adds transaction and causes to the history. No rows are rewritten: the new columns are initially empty."""

from django.db import migrations, models

from kanal.core import sql
from kanal.core.models.history import TransactionId

COLUMNS = """
ALTER TABLE core_change ADD COLUMN chain jsonb, ADD COLUMN xact xid8;
ALTER TABLE core_change ALTER COLUMN xact SET DEFAULT pg_current_xact_id();
"""
BACK = "ALTER TABLE core_change DROP COLUMN chain, DROP COLUMN xact"
# Deliveries of the previous queue. The job that looks for unsplit leads handles new leads among them.
OLD_DELIVERIES = "DELETE FROM procrastinate_jobs WHERE task_name = 'core.deliver_event' AND status = 'todo'"


class Migration(migrations.Migration):
    dependencies = [("core", "0014_section_keys"), ("procrastinate", "0001_initial")]
    operations = [
        migrations.RunSQL(
            COLUMNS,
            BACK,
            state_operations=[
                migrations.AddField("change", "chain", models.JSONField(null=True)),
                migrations.AddField("change", "xact", TransactionId(editable=False, null=True)),
            ],
        ),
        migrations.RunSQL(sql.TRACK, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="DeliveryPosition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subscriber", models.CharField(max_length=60, unique=True)),
                ("since", models.TextField()),
                ("floor", models.BigIntegerField(default=0)),
                ("until", models.TextField(default="")),
                ("last_id", models.BigIntegerField(default=0)),
                ("ceiling", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL(OLD_DELIVERIES, migrations.RunSQL.noop),
    ]
