"""Updates the history's functions on existing installations: each row's JSON is built only once."""

from django.db import migrations

from kanal.core import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0004_apitoken")]
    operations = [migrations.RunSQL(sql.TRACK, migrations.RunSQL.noop)]
