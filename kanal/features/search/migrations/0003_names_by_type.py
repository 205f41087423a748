"""Indexes names type by type, so that the first of each type are at hand."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# They are read from their index; as dear as making them is, the planner would have several processes read a few rows.
KEYS_ARE_AT_HAND = "ALTER FUNCTION kanal_search_keys(text, text, bigint) COST 50"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0002_scope")]
    operations = [
        AddIndexConcurrently(
            "searchentry",
            models.Index("entity", OpClass("folded", "varchar_pattern_ops"), name="search_names"),
        ),
        RemoveIndexConcurrently("searchentry", "search_beginning"),
        migrations.RunSQL(KEYS_ARE_AT_HAND, migrations.RunSQL.noop),
    ]
