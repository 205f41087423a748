"""Checks of the replica in KANAL_REPLICA_URL: whether it responds and replicates, and its lag."""

from collections.abc import Iterator

from kanal.config import env
from kanal.config.diagnosis.finding import Finding

LATEST_SECONDS = 10
ASKED = """
SELECT pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_stat_wal_receiver),
  CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
  ELSE coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)::int END
"""


def replica(environment: env.Env) -> Iterator[Finding]:
    """Check the replica. Without it, Kanal continues with the primary server."""
    import psycopg

    if not environment.replica_url:
        return
    try:
        with psycopg.connect(environment.replica_url, connect_timeout=5) as connection:
            row = connection.execute(ASKED).fetchone()
    except psycopg.Error:
        text = "does not answer, so everything is read from the primary server: is KANAL_REPLICA_URL correct?"
        yield Finding("Replica", text, well=False, vital=False)
        return
    recovers, follows, seconds = row or (False, False, 0)
    if not recovers:
        text = "is itself a primary server: set DATABASE_URL to the primary server that you use"
        yield Finding("Replica", text, well=False, vital=False)
    elif not follows:
        yield Finding("Replica", "does not follow the primary server; nothing is read from it", well=False, vital=False)
    else:
        yield Finding("Replica", f"follows, {seconds} s late", well=seconds < LATEST_SECONDS, vital=False)
