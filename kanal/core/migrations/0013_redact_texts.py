"""The audited functions that take a person out of the texts of history and audit log (LEAD-8)."""

from django.db import migrations

from kanal.core import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0012_selection")]
    operations = [migrations.RunSQL(sql.REDACT, migrations.RunSQL.noop)]
