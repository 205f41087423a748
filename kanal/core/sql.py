"""The core's database functions: folding, and the history's triggers."""

FOLD = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE OR REPLACE FUNCTION kanal_fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;
"""

# OFFSET 0 prevents the planner from inlining a row's JSON into the loop over its keys, 260 times per row.
TRACK = """
CREATE OR REPLACE FUNCTION kanal_flat(row_ jsonb, ignored text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN COALESCE(row_ -> 'custom', '{}') = '{}' THEN row_ - 'custom' - ignored
    ELSE (row_ - 'custom' - ignored)
      || (SELECT jsonb_object_agg('custom.' || key, value) FROM jsonb_each(row_ -> 'custom')) END
$$;

CREATE OR REPLACE FUNCTION kanal_track() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := COALESCE(NULLIF(current_setting('kanal.actor', true), ''), '{}')::jsonb;
  actor bigint := (told ->> 'user')::bigint;
  means_ text := COALESCE(told ->> 'means', 'sql');
  verb_ text := COALESCE(told ->> 'verb', '');
  request text := COALESCE(told ->> 'request', '');
  ignored text[] := TG_ARGV[1]::text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, chain, old, new)
    SELECT clock_timestamp(), TG_ARGV[0], id, 'c', actor, means_, verb_, request, told -> 'chain', NULL,
      kanal_flat(jsonb_strip_nulls(to_jsonb(n)), ignored)
    FROM new_rows n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, chain, old, new)
    SELECT clock_timestamp(), TG_ARGV[0], id, 'd', actor, means_, verb_, request, told -> 'chain', to_jsonb(o), NULL
    FROM old_rows o;
  ELSE
    INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, chain, old, new)
    SELECT clock_timestamp(), TG_ARGV[0], pair.id, 'u', actor, means_, verb_, request, told -> 'chain', d.old, d.new
    FROM (
      SELECT raw.id,
        CASE WHEN raw.same THEN raw.was - 'custom' ELSE kanal_flat(raw.was, '{}') END AS was,
        CASE WHEN raw.same THEN raw.is_ - 'custom' ELSE kanal_flat(raw.is_, '{}') END AS is_
      FROM (
        SELECT twin.*, (twin.was -> 'custom') IS NOT DISTINCT FROM (twin.is_ -> 'custom') AS same
        FROM (
          SELECT n.id, to_jsonb(o) - ignored AS was, to_jsonb(n) - ignored AS is_
          FROM old_rows o JOIN new_rows n USING (id) OFFSET 0
        ) twin OFFSET 0
      ) raw OFFSET 0
    ) pair
    CROSS JOIN LATERAL (
      SELECT jsonb_object_agg(k, pair.was -> k) AS old, jsonb_object_agg(k, pair.is_ -> k) AS new
      FROM jsonb_object_keys(pair.was || pair.is_) k
      WHERE pair.was -> k IS DISTINCT FROM pair.is_ -> k
    ) d
    WHERE d.new IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION kanal_track_links() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := COALESCE(NULLIF(current_setting('kanal.actor', true), ''), '{}')::jsonb;
  names text[] := TG_ARGV[1]::text[];
  rows_ text := CASE WHEN TG_OP = 'INSERT' THEN 'new_rows' ELSE 'old_rows' END;
  word text := CASE WHEN TG_OP = 'INSERT' THEN 'added' ELSE 'removed' END;
BEGIN
  EXECUTE format(
    'INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, chain, old, new)
     SELECT clock_timestamp(), $1, %1$I, ''u'', $2, $3, $4, $5, $8, ''{}'',
       jsonb_build_object($6, jsonb_build_object($7, jsonb_agg(%2$I ORDER BY %2$I)))
     FROM %3$I GROUP BY %1$I', names[1], names[2], rows_)
  USING TG_ARGV[0], (told ->> 'user')::bigint, COALESCE(told ->> 'means', 'sql'), COALESCE(told ->> 'verb', ''),
    COALESCE(told ->> 'request', ''), names[3], word, told -> 'chain';
  RETURN NULL;
END $$;
"""

KEEP = """
CREATE OR REPLACE FUNCTION kanal_history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF COALESCE(current_setting('kanal.redact', true), '') = 'on' THEN RETURN COALESCE(NEW, OLD); END IF;
  RAISE EXCEPTION 'the history can''t be changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER history_is_kept BEFORE UPDATE OR DELETE ON core_change
FOR EACH ROW EXECUTE FUNCTION kanal_history_is_kept();

CREATE OR REPLACE FUNCTION kanal_redact(entity_ text, record bigint, keys text[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE changed bigint;
BEGIN
  PERFORM set_config('kanal.redact', 'on', true);
  UPDATE core_change SET
    old = CASE WHEN old IS NULL THEN NULL ELSE old - keys END,
    new = CASE WHEN new IS NULL THEN NULL ELSE new - keys END
  WHERE entity = entity_ AND record_id = record;
  GET DIAGNOSTICS changed = ROW_COUNT;
  PERFORM set_config('kanal.redact', '', true);
  INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, old, new)
  SELECT clock_timestamp(), entity_, record, 'u', (t ->> 'user')::bigint, COALESCE(t ->> 'means', 'sql'), 'redact', '',
    '{}', jsonb_build_object('redacted', to_jsonb(keys))
  FROM (SELECT COALESCE(NULLIF(current_setting('kanal.actor', true), ''), '{}')::jsonb AS t) told;
  RETURN changed;
END $$;
"""

# Many rows changed by one statement, such as imported exchange rates, are one entry with their number.
AUDIT = """
CREATE OR REPLACE FUNCTION kanal_audit_part(row_ jsonb, keys text[], secret text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT COALESCE(jsonb_object_agg(k, CASE WHEN k = ANY(secret) THEN '"•••"' ELSE row_ -> k END), '{}')
  FROM unnest(keys) k WHERE row_ ? k AND row_ -> k NOT IN ('null', '""', '[]', '{}')
$$;

CREATE OR REPLACE FUNCTION kanal_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := COALESCE(NULLIF(current_setting('kanal.actor', true), ''), '{}')::jsonb;
  who bigint := (told ->> 'user')::bigint;
  names text[] := TG_ARGV[3]::text[];
  untold text[] := TG_ARGV[4]::text[];
  secret text[] := TG_ARGV[5]::text[];
  skip jsonb := TG_ARGV[6]::jsonb;
  most int := 100;
  pairs text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT NULL::jsonb AS was, to_jsonb(n) AS is_ FROM new_rows n'
    WHEN 'DELETE' THEN 'SELECT to_jsonb(o) AS was, NULL::jsonb AS is_ FROM old_rows o'
    ELSE 'SELECT to_jsonb(o) AS was, to_jsonb(n) AS is_ FROM old_rows o JOIN new_rows n USING (id)' END;
BEGIN
  IF COALESCE(current_setting('kanal.audit', true), '') = 'off' THEN RETURN NULL; END IF;
  EXECUTE format($sql$
    WITH pairs AS (%s), told AS (
      SELECT COALESCE(is_, was) AS row_, d.keys, was, is_ FROM pairs CROSS JOIN LATERAL (
        SELECT array_agg(k) AS keys FROM jsonb_object_keys(COALESCE(was, '{}') || COALESCE(is_, '{}')) k
        WHERE k <> ALL($1) AND was -> k IS DISTINCT FROM is_ -> k
      ) d
      WHERE d.keys IS NOT NULL
        AND NOT (EXISTS (SELECT FROM jsonb_array_elements($2) s WHERE COALESCE(was, is_) @> s)
          AND EXISTS (SELECT FROM jsonb_array_elements($2) s WHERE COALESCE(is_, was) @> s))
    ), number AS (SELECT count(*) AS n FROM told)
    INSERT INTO core_auditentry
      (at, kind, actor_id, actor, means, text, entity, record_id, address, done, subject, old, new)
    SELECT clock_timestamp(), $3, $4,
      COALESCE((SELECT name FROM people_user WHERE id = $4), $5 ->> 'name', ''), COALESCE($5 ->> 'means', 'sql'),
      '', $6, one.id, '', $7, one.subject, one.old, one.new
    FROM (
      SELECT (row_ ->> $8)::bigint AS id, kanal_audit_part(row_, $9, '{}') AS subject,
        kanal_audit_part(was, keys, $10) AS old, kanal_audit_part(is_, keys, $10) AS new
      FROM told, number WHERE n <= $11
      UNION ALL
      SELECT NULL, '{}'::jsonb, '{}'::jsonb, jsonb_build_object('rows', n) FROM number WHERE n > $11
    ) one
  $sql$, pairs)
  USING untold, skip, TG_ARGV[0], who, told, TG_ARGV[1], lower(left(TG_OP, 1)), TG_ARGV[2], names, secret, most;
  RETURN NULL;
END $$;
"""

# The only other ways to change history and audit log: redacting an erased person (LEAD-8). Both leave an entry.
REDACT = """
CREATE OR REPLACE FUNCTION kanal_redact_texts(ids bigint[], olds jsonb[], news jsonb[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE changed bigint;
BEGIN
  PERFORM set_config('kanal.redact', 'on', true);
  UPDATE core_change SET old = given.old, new = given.new
  FROM unnest(ids, olds, news) AS given (id, old, new) WHERE core_change.id = given.id;
  GET DIAGNOSTICS changed = ROW_COUNT;
  PERFORM set_config('kanal.redact', '', true);
  INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, old, new)
  SELECT clock_timestamp(), entity, record_id, 'u', (told ->> 'user')::bigint, COALESCE(told ->> 'means', 'sql'),
    'redact', '', '{}', jsonb_build_object('redacted', jsonb_build_array('texts'))
  FROM (SELECT DISTINCT entity, record_id FROM core_change WHERE id = ANY(ids)) records,
    (SELECT COALESCE(NULLIF(current_setting('kanal.actor', true), ''), '{}')::jsonb AS told) actor;
  RETURN changed;
END $$;

CREATE OR REPLACE FUNCTION kanal_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND COALESCE(current_setting('kanal.redact', true), '') = 'on'
    AND to_jsonb(OLD) - '{text,subject,old,new}'::text[] = to_jsonb(NEW) - '{text,subject,old,new}'::text[]
    THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the audit log can''t be changed' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE OR REPLACE FUNCTION kanal_redact_audit(ids bigint[], texts text[], subjects jsonb[], olds jsonb[], news jsonb[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE changed bigint;
BEGIN
  PERFORM set_config('kanal.redact', 'on', true);
  UPDATE core_auditentry SET text = given.text, subject = given.subject, old = given.old, new = given.new
  FROM unnest(ids, texts, subjects, olds, news) AS given (id, text, subject, old, new)
  WHERE core_auditentry.id = given.id;
  GET DIAGNOSTICS changed = ROW_COUNT;
  PERFORM set_config('kanal.redact', '', true);
  RETURN changed;
END $$;
"""
