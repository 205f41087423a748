"""The functions of the history, and the trigger that makes it immutable."""

from django.db import migrations

from kanal.core import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [
        migrations.RunSQL(sql.TRACK, migrations.RunSQL.noop),
        migrations.RunSQL(sql.KEEP, migrations.RunSQL.noop),
    ]
