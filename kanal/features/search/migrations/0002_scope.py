"""Add to the entries who may see the records, and index it together with the first letters of their words.

Reads and writes continue in the meantime. A million entries take about two minutes.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models

import kanal.features.search.models

KEYS = """
CREATE OR REPLACE FUNCTION kanal_search_keys(words text, scope text, record bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
  SELECT array_to_tsvector(
    ARRAY(
      SELECT '^' || left(word, size) FROM string_to_table(words, ' ') word, (VALUES (3), (5)) heads (size)
      WHERE length(word) >= size
    )
    || ARRAY(SELECT '@' || word FROM string_to_table(scope, ' ') word WHERE word <> '')
    || CASE WHEN record % 251 = 0 THEN ARRAY['@some'] ELSE '{}'::text[] END
  )
$$
"""
NOW = ["ALTER INDEX search_words SET (fastupdate = off)", "SELECT gin_clean_pending_list('search_words')"]
LATER = "ALTER INDEX search_words RESET (fastupdate)"
STEP = 20_000
OWNERS, PROJECT, PARTNER = "owner_ids", "project_id", "partner_id"
COLUMNS = {
    "projects": ("projects_project", {"owner": OWNERS, "project": "id"}),
    "accounts": ("accounts_account", {"owner": OWNERS, "partner": PARTNER, "private": "private_to_id", "shared": "is_global"}),
    "contacts": ("contacts_contact", {"owner": OWNERS, "partner": PARTNER, "private": "private_to_id"}),
    "partners": ("partners_partner", {"owner": OWNERS, "partner": "id"}),
    "tasks": ("tasks_task", {"owner": OWNERS, "project": PROJECT}),
    "campaigns": ("campaigns_campaign", {"owner": OWNERS, "project": PROJECT}),
    "activities": ("activities_activity", {"owner": OWNERS, "project": PROJECT, "partner": PARTNER, "private": "private_to_id"}),
    "leads": ("leads_lead", {"owner": OWNERS, "project": PROJECT, "partner": PARTNER}),
    "opportunities": ("opportunities_opportunity", {"owner": OWNERS, "project": PROJECT, "partner": PARTNER}),
    "contracts": ("contracts_contract", {"owner": OWNERS, "project": PROJECT, "partner": PARTNER}),
}  # fmt: skip
FILL = """
UPDATE search_searchentry entry SET scope = concat_ws(' ', {words}) FROM {table} record
WHERE entry.entity = %s AND entry.record_id = record.id AND entry.record_id BETWEEN %s AND %s AND entry.scope = ''
"""


def words_for(name, column):
    """Return the SQL for a column's words."""
    if column == OWNERS:
        return f"(SELECT string_agg('{name}' || one, ' ') FROM unnest(record.{column}) one)"
    if name == "shared":
        return f"CASE WHEN record.{column} THEN '{name}' END"
    return f"'{name}' || record.{column}"


def fill(apps, schema_editor):
    """Write the words of all entries, some thousand at a time, each in its own transaction."""
    with connection.cursor() as cursor:
        for key, (table, columns) in COLUMNS.items():
            cursor.execute("SELECT max(record_id) FROM search_searchentry WHERE entity = %s", [key])
            last = cursor.fetchone()[0] or 0
            sql = FILL.format(table=table, words=", ".join(words_for(*one) for one in columns.items()))
            for start in range(1, last + 1, STEP):
                cursor.execute(sql, [key, start, start + STEP - 1])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0001_initial")]
    operations = [
        migrations.RunSQL(KEYS, "DROP FUNCTION kanal_search_keys"),
        migrations.AddField("searchentry", "scope", models.TextField(blank=True, default="", db_default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "searchentry",
            GinIndex(
                kanal.features.search.models.Keys("words", "scope", "record_id"), name="search_keys", fastupdate=False
            ),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(NOW, LATER)],
            [
                migrations.RemoveIndex("searchentry", "search_words"),
                migrations.AddIndex("searchentry", GinIndex(fields=["vector"], name="search_words", fastupdate=False)),
            ],
        ),
        migrations.RunSQL("ANALYZE search_searchentry", migrations.RunSQL.noop),
    ]
