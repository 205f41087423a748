"""When users last looked at records, and an index on the time of changes, for the news since then."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0017_record_alias"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entity", models.CharField(max_length=40)),
                ("record_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("before", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-at"], name="visit_newest"),
                    models.Index(fields=["entity", "record_id"], name="visit_of_record"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["user", "entity", "record_id"], name="visit_once"),
                ],
            },
        ),
        migrations.AddIndex("change", BrinIndex(fields=["at"], name="change_by_time")),
    ]
