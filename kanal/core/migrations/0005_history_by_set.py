"""Installations that have the history's functions already get them anew: each row's JSON is made once."""

from django.db import migrations

from kanal.core import sql


class Migration(migrations.Migration):
    dependencies = [("core", "0004_apitoken")]
    operations = [migrations.RunSQL(sql.TRACK, migrations.RunSQL.noop)]
