"""The index for finding new changes, created concurrently."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("core", "0015_outbox")]
    operations = [
        AddIndexConcurrently(
            "change",
            models.Index(fields=["xact", "id"], name="change_by_transaction", condition=models.Q(xact__isnull=False)),
        ),
    ]
