"""Invariants after the killing: each acknowledged request has one effect, nothing is partial, nothing is pending."""

import time
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.kill.clients import Acknowledged
from bench.kill.scene import ITEMS, WEIGHTS, Scene

SETTLE_SECONDS = 900
OPEN = """
SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')
          AND task_name NOT IN ('core.return_stalled_jobs')
          AND (scheduled_at IS NULL OR scheduled_at < now() + interval '1 hour'))
  + (SELECT count(*) FROM intake_intake WHERE state = 'waiting')
  + (SELECT count(*) FROM leads_lead WHERE awaits_split)
  + (SELECT count(*) FROM core_progress WHERE state IN ('waiting', 'running'))
"""
TWICE = {
    "raw posts of one key": """
        SELECT count(*) FROM (SELECT 1 FROM intake_rawpost WHERE idempotency_key <> ''
        GROUP BY idempotency_key HAVING count(*) > 1) t""",
    "posts without exactly one lead": """
        SELECT count(*) FROM intake_rawpost p WHERE 1 <> (SELECT count(DISTINCT i.lead_id) FROM intake_intake i
        WHERE i.post_id = p.id AND i.state = 'done' AND i.lead_id IS NOT NULL)""",
    "leads of one post, made twice": """
        SELECT count(*) FROM (SELECT subject FROM leads_lead WHERE subject LIKE 'Killed %' GROUP BY subject
        HAVING count(*) > 1) t""",
    "leads without a post": """
        SELECT count(*) FROM leads_lead WHERE subject LIKE 'Killed %'
        AND id NOT IN (SELECT lead_id FROM intake_intake WHERE lead_id IS NOT NULL)""",
    "leads without exactly one line of history that made them": """
        SELECT count(*) FROM leads_lead l WHERE 1 <> (SELECT count(*) FROM core_change c
        WHERE c.entity = 'leads' AND c.record_id = l.id AND c.kind = 'c')""",
    "leads without exactly one counted receipt": """
        SELECT count(*) FROM leads_lead l WHERE 1 <> (SELECT count(*) FROM splitter_receipt r
        WHERE r.lead_id = l.id AND r.is_counted)""",
    "leads without an assignee": "SELECT count(*) FROM leads_lead WHERE assignee_id IS NULL",
    "items with two contracts": """
        SELECT count(*) FROM (SELECT item_id, product_id FROM contracts_contract GROUP BY 1, 2
        HAVING count(*) > 1) t""",
    "failed jobs": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'",
}
HALF_SOLD = """
SELECT count(*) FROM opportunities_opportunity o
WHERE (CASE WHEN o.is_locked THEN %s ELSE 0 END)
  <> (SELECT count(*) FROM contracts_contract c WHERE c.opportunity_id = o.id)
"""
GOT = """
SELECT s.weight, s.got, (SELECT count(*) FROM leads_lead l WHERE l.assignee_id = s.user_id)
FROM splitter_share s WHERE s.filter_id = %s ORDER BY s.position
"""


@dataclass
class Verdict:
    """The result: sentences about errors, and the counts."""

    wrong: list[str] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)

    def expect(self, sentence: str, actual: Any, wanted: Any) -> None:
        """Record an unexpected value."""
        if actual != wanted:
            self.wrong.append(f"{sentence}: {actual} in place of {wanted}")


def settle(dsn: str) -> float:
    """Wait until nothing is pending, without intervention. Return the seconds it took."""
    began = time.monotonic()
    while time.monotonic() < began + SETTLE_SECONDS:
        try:
            with psycopg.connect(dsn, connect_timeout=5) as connection:
                row = connection.execute(OPEN).fetchone()  # type: ignore[arg-type]
                if row and row[0] == 0:
                    break
        except psycopg.Error:
            pass
        time.sleep(0.5)
    return round(time.monotonic() - began, 1)


def judge(scene: Scene, noted: Acknowledged) -> Verdict:
    """Compare the database with the acknowledged requests."""
    verdict = Verdict()
    with psycopg.connect(scene.dsn) as connection:
        fetch_value = lambda text, *values: connection.execute(text, values or None).fetchone()[0]  # noqa: E731
        verdict.expect("left to do", fetch_value(OPEN), 0)
        for sentence, question in TWICE.items():
            verdict.expect(sentence, fetch_value(question), 0)
        verdict.expect("sales half done", fetch_value(HALF_SOLD, ITEMS), 0)
        posts = dict(connection.execute("SELECT idempotency_key, id FROM intake_rawpost").fetchall())
        lost = [key for key, pk in noted.posts.items() if posts.get(key) != pk]
        verdict.expect("acknowledged posts that are lost", lost, [])
        locked = {row[0] for row in connection.execute("SELECT id FROM opportunities_opportunity WHERE is_locked")}
        verdict.expect("acknowledged sales that are lost", sorted(noted.sales - locked), [])
        for value in noted.bulk:
            question = """SELECT count(*), count(DISTINCT record_id) FROM core_change
                WHERE entity = 'accounts' AND kind = 'u' AND new ->> 'city' = %s"""
            counts = connection.execute(question, [value]).fetchone()
            verdict.expect(f"changes and accounts of the bulk edit {value}", counts, (scene.accounts, scene.accounts))
        shares = connection.execute(GOT, [scene.filter_id]).fetchall()
        leads = sum(row[1] for row in shares)
        for (_weight, got, has), part in zip(shares, WEIGHTS, strict=True):
            verdict.expect("leads of a share", has, got)
            if abs(got - leads * part / sum(WEIGHTS)) > 1:
                verdict.wrong.append(f"a share of {part} % has {got} of {leads} leads")
        verdict.numbers = {
            "posts acknowledged": len(noted.posts), "posts stored": len(posts), "leads": leads,
            "leads by share": [row[1] for row in shares], "sales acknowledged": len(noted.sales),
            "sales": len(locked), "contracts": fetch_value("SELECT count(*) FROM contracts_contract"),
            "bulk edits": len(noted.bulk), "accounts in each": scene.accounts,
            "changes in the history": fetch_value("SELECT count(*) FROM core_change"),
        }  # fmt: skip
    verdict.expect("things given up", noted.given_up, [])
    return verdict
