"""Storage of a post: lookup, insert with its leads and result, in one roundtrip to the database (INTAKE-2)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

LONGEST_KEY = 200
SAME_FOR = timedelta(minutes=10)
PRIORITY = 1  # before other jobs, and the index of waiting jobs tells at once whether there is one
HANDLING, SAME_KEY, SAME_BODY = 7200, 7201, 7202
# Separate statements, since each sees commits up to its start: the last one those that the locks waited for.
HOLD = """
SELECT pg_advisory_xact_lock_shared(%(handling)s, 0);
SELECT pg_advisory_xact_lock(kind, hashtext(what)) FROM unnest(%(kinds)s::int[], %(texts)s::text[]) held (kind, what);
"""
STORE = """
WITH fresh AS MATERIALIZED (
  SELECT coalesce(sum(number), 0)::bigint AS epoch FROM core_epoch
), same AS MATERIALIZED (
  SELECT * FROM (
    (SELECT 1 AS rank, id, is_list FROM intake_rawpost
     WHERE source_id = %(source)s AND idempotency_key = %(key)s AND %(key)s <> '' ORDER BY id LIMIT 1)
    UNION ALL
    (SELECT 2, id, is_list FROM intake_rawpost
     WHERE source_id = %(source)s AND body_hash = %(hash)s AND received_at > %(since)s ORDER BY id LIMIT 1)
  ) found WHERE (SELECT epoch FROM fresh) = %(epoch)s ORDER BY rank LIMIT 1
), post AS (
  INSERT INTO intake_rawpost
    (source_id, received_at, body, body_hash, content_type, idempotency_key, headers, is_list)
  SELECT %(source)s, %(now)s, %(body)s, %(hash)s, %(kind)s, %(key)s, %(headers)s::jsonb, %(is_list)s
  WHERE NOT EXISTS (SELECT FROM same) AND (SELECT epoch FROM fresh) = %(epoch)s AND (%(anyhow)s OR EXISTS (
    SELECT FROM procrastinate_jobs
    WHERE status = 'todo' AND priority = %(priority)s AND task_name = 'intake.process' AND scheduled_at IS NULL
  ))
  RETURNING id
), item AS (
  INSERT INTO intake_intake
    (post_id, source_id, created_at, updated_at, revision, custom, flags, position, name, state, reason, data, steps)
  SELECT post.id, %(source)s, %(now)s, %(now)s, 1, '{}', '{}', one.*
  FROM post, jsonb_to_recordset(%(items)s::jsonb)
    AS one (position smallint, name text, state text, reason text, data jsonb, steps jsonb)
  RETURNING id, position
)
SELECT same.id, is_list, (SELECT array_agg(one.id ORDER BY position) FROM intake_intake one WHERE post_id = same.id),
  %(epoch)s, false FROM same
UNION ALL
SELECT id, %(is_list)s, (SELECT array_agg(item.id ORDER BY item.position) FROM item), %(epoch)s, true FROM post
UNION ALL
SELECT NULL, NULL, NULL, epoch, false FROM fresh WHERE epoch <> %(epoch)s
"""


class OutdatedError(Exception):
    """Cached data has changed, so nothing was stored."""

    def __init__(self, epoch: int) -> None:
        super().__init__(epoch)
        self.epoch = epoch


@dataclass(frozen=True)
class Post:
    """A post as received."""

    body: bytes
    content_type: str = ""
    idempotency_key: str = ""
    signature: str = ""
    origin: str = ""
    user_agent: str = ""

    @property
    def key(self) -> str:
        """Return the sender's key for repeats, truncated to its stored length."""
        return self.idempotency_key[:LONGEST_KEY]

    @property
    def digest(self) -> bytes:
        """Return the hash of the content."""
        return hashlib.sha256(self.body).digest()


@dataclass(frozen=True)
class Stored:
    """The result for a post: its id and leads, or those of the earlier post."""

    post: int
    is_list: bool
    items: list[int]
    is_new: bool


def store(
    source: int, post: Post, rows: list[dict[str, Any]], now: datetime, *, is_list: bool, anyhow: bool, epoch: int
) -> Stored | None:
    """Store a post with its leads unless it's a repeat: the same key, or the same content within ten minutes.

    Uses one roundtrip and one transaction, even outside of one: identical posts are serialized, and no job starts that
    would miss this one. Without `anyhow` it's only stored if a job is waiting, otherwise return None.
    Raise OutdatedError unless the database has counted `epoch` changes of cached data, such as the source.
    """
    headers = {"origin": post.origin[:200], "user_agent": post.user_agent[:300]}
    digest = post.digest
    same = {SAME_KEY: post.key, SAME_BODY: digest.hex()} if post.key else {SAME_BODY: digest.hex()}
    given: dict[str, Any] = {
        "handling": HANDLING, "kinds": list(same), "texts": [f"{source}:{what}" for what in same.values()],
        "source": source, "key": post.key, "hash": digest, "since": now - SAME_FOR, "now": now, "body": post.body,
        "kind": post.content_type[:100], "is_list": is_list, "items": json.dumps(rows), "priority": PRIORITY,
        "headers": json.dumps({name: value for name, value in headers.items() if value}), "anyhow": anyhow,
        "epoch": epoch,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(HOLD + STORE, given)
        while cursor.nextset():
            continue
        row = cursor.fetchone()
    if row and row[3] != epoch:
        raise OutdatedError(row[3])
    return row and Stored(row[0], row[1], row[2] or [], row[4])


def let_posts_end() -> None:
    """Wait for concurrent posts that rely on the job that's starting. Must be called within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [HANDLING])
