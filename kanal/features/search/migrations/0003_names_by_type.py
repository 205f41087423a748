"""Index names by type, so that the first of each type are found quickly."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# Read from the index. At the cost of computing them, the planner would start parallel workers for a few rows.
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
