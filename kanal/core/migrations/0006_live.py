"""Notifies the live channel of changes in the database."""

from django.db import migrations

from kanal.core.live import triggers


class Migration(migrations.Migration):
    dependencies = [("core", "0005_history_by_set")]
    operations = [
        migrations.RunSQL(triggers.CHANGES, migrations.RunSQL.noop),
        migrations.RunSQL(triggers.WORK, migrations.RunSQL.noop),
        migrations.RunSQL(triggers.RIGHTS, migrations.RunSQL.noop),
    ]
