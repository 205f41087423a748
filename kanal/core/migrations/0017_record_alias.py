"""Old addresses of records, adopted by other records."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0016_change_by_transaction")]
    operations = [
        migrations.CreateModel(
            name="RecordAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entity", models.CharField(max_length=40)),
                ("old_id", models.BigIntegerField()),
                ("record_id", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["entity", "record_id"], name="record_alias_of_record")],
                "constraints": [models.UniqueConstraint(fields=("entity", "old_id"), name="record_alias_once")],
            },
        ),
    ]
