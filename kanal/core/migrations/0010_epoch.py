"""Counts the changes of tables that processes cache."""

from django.db import migrations, models

from kanal.core import epoch


class Migration(migrations.Migration):
    dependencies = [("core", "0009_change_by_actor")]
    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(db_default=1)),
            ],
        ),
        migrations.RunSQL(epoch.FUNCTION, migrations.RunSQL.noop),
    ]
