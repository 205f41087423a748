"""The triggers that notify the database channel of changes: ids only, at most fifty per statement."""

CHANNEL = "kanal_live"

# The history covers every change of a record, including bulk changes and raw SQL, so the channel is based on it.
CHANGES = """
CREATE OR REPLACE FUNCTION kanal_tell_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT entity, kind, min(actor_id) AS actor, max(id) AS at, count(*) AS number,
      array_agg(DISTINCT record_id) FILTER (WHERE place <= 50) AS ids
    FROM (SELECT n.*, row_number() OVER (PARTITION BY n.entity, n.kind ORDER BY n.id) AS place FROM new_rows n) placed
    GROUP BY entity, kind
  LOOP
    IF one.number > 50 THEN
      PERFORM pg_notify('kanal_live', json_build_object('type', one.entity, 'kind', one.kind)::text);
    ELSE
      PERFORM pg_notify('kanal_live', json_build_object(
        'type', one.entity, 'kind', one.kind, 'ids', one.ids, 'by', one.actor, 'at', one.at)::text);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER kanal_live AFTER INSERT ON core_change
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION kanal_tell_changes();
"""

WORK = """
CREATE OR REPLACE FUNCTION kanal_tell_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kanal_live', json_build_object('work', NEW.id)::text);
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER kanal_live AFTER INSERT OR UPDATE ON core_progress
FOR EACH ROW EXECUTE FUNCTION kanal_tell_work();
"""

RIGHTS = """
CREATE OR REPLACE FUNCTION kanal_tell_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('kanal_live', '{"rights": true}');
  RETURN NULL;
END $$;
""" + "".join(
    f"CREATE OR REPLACE TRIGGER kanal_live AFTER INSERT OR UPDATE OR DELETE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION kanal_tell_rights();\n"
    for table in (
        "core_grant",
        "core_role",
        "core_rolerule",
        "core_projectpath",
        "core_supervisorpath",
        "core_setting",
    )
)
