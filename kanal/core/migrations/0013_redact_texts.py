"""The audited functions that redact a person in the texts of history and audit log (LEAD-8)."""

from django.db import migrations

from kanal.core import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0012_selection")]
    operations = [migrations.RunSQL(sql.REDACT, migrations.RunSQL.noop)]
