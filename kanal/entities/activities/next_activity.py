"""The next open activity of a record, kept in its column `next_activity` by triggers: lists and boards show hundreds.

Triggers cover every channel, bulk writes and SQL included, as those of the history do.
"""

FUNCTION = """
CREATE OR REPLACE FUNCTION kanal_next_activities(parents text, parent text, ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'UPDATE %1$I record SET next_activity_id = next.id
     FROM unnest($1) changed (id) LEFT JOIN LATERAL (
       SELECT activity.id FROM activities_activity activity
       WHERE activity.%2$I = changed.id AND NOT activity.done ORDER BY activity.start, activity.id LIMIT 1
     ) next ON true
     WHERE record.id = changed.id AND record.next_activity_id IS DISTINCT FROM next.id', parents, parent
  ) USING ids;
END $$;

CREATE OR REPLACE FUNCTION kanal_activity_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids bigint[];
  open_in text := 'SELECT %1$I AS id FROM %2$I WHERE %1$I IS NOT NULL AND NOT done';
  changed text := 'SELECT o.%1$I AS was, n.%1$I AS is_ FROM old_rows o JOIN new_rows n USING (id)
    WHERE (o.%1$I, o.done, o.start) IS DISTINCT FROM (n.%1$I, n.done, n.start)';
BEGIN
  EXECUTE format(
    'SELECT array_agg(DISTINCT id) FROM (' || CASE TG_OP
      WHEN 'INSERT' THEN format(open_in, TG_ARGV[1], 'new_rows')
      WHEN 'DELETE' THEN format(open_in, TG_ARGV[1], 'old_rows')
      ELSE 'SELECT unnest(ARRAY[was, is_]) AS id FROM (' || format(changed, TG_ARGV[1]) || ') pair'
    END || ') touched WHERE id IS NOT NULL'
  ) INTO ids;
  IF ids IS NOT NULL THEN
    PERFORM kanal_next_activities(TG_ARGV[0], TG_ARGV[1], ids);
  END IF;
  RETURN NULL;
END $$;
"""
ROWS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def triggers_for(parents: str, parent: str) -> str:
    """Return the SQL of the triggers that maintain `next_activity` of a table. `parent` is the activity's column."""
    return "".join(
        f"CREATE OR REPLACE TRIGGER kanal_next_{parent}_{operation} AFTER {operation.upper()} ON activities_activity"
        f" REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION kanal_activity_changed('{parents}', '{parent}');\n"
        for operation, rows in ROWS.items()
    )


def fill_all(parents: str, parent: str) -> str:
    """Return the SQL that sets `next_activity` of the records of a table that have open activities."""
    return (
        f"SELECT kanal_next_activities('{parents}', '{parent}', array_agg(DISTINCT {parent}))"  # noqa: S608 - names
        f" FROM activities_activity WHERE {parent} IS NOT NULL AND NOT done HAVING count(*) > 0;"
    )
