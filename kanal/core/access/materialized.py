"""Derived tables that make access checks cheap: grants, and the paths of both trees."""

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from kanal.core.cache import invalidate

GRANTS = """
INSERT INTO core_grant (user_id, role_id, project_id)
SELECT DISTINCT who.user_id, a.role_id, p.descendant_id
FROM core_assignment a
JOIN (
  SELECT id AS assignment_id, user_id FROM core_assignment WHERE user_id IS NOT NULL
  UNION ALL
  SELECT g.id, m.user_id FROM core_assignment g JOIN people_group_members m ON m.group_id = g.group_id
) who ON who.assignment_id = a.id
LEFT JOIN core_projectpath p ON p.ancestor_id = a.project_id AND (a.inherited OR p.depth = 0)
WHERE a.project_id IS NULL OR p.descendant_id IS NOT NULL
ON CONFLICT DO NOTHING
"""
TREE = """
WITH RECURSIVE paths (top, bottom, depth) AS (
  SELECT {first}, id, {start} FROM {table} WHERE {first} IS NOT NULL
  UNION
  SELECT paths.top, child.id, paths.depth + 1
  FROM paths JOIN {table} child ON child.{parent} = paths.bottom
  WHERE paths.depth < 30 AND child.id <> paths.top
)
INSERT INTO {target} ({columns}, depth) SELECT top, bottom, min(depth) FROM paths GROUP BY top, bottom
"""


@transaction.atomic
def rebuild_grants() -> None:
    """Rebuild all users' grants from assignments, groups and the project tree."""
    rebuild("core_grant", GRANTS)


@transaction.atomic
def rebuild_projects() -> None:
    """Rebuild the paths of the project tree, then the grants that depend on them."""
    sql = TREE.format(
        first="id", start=0, table="projects_project", parent="parent_id", target="core_projectpath",
        columns="ancestor_id, descendant_id",
    )  # fmt: skip
    rebuild("core_projectpath", sql)
    rebuild("core_grant", GRANTS)


@transaction.atomic
def rebuild_supervisors() -> None:
    """Rebuild the paths of the organization chart (ACC-4)."""
    sql = TREE.format(
        first="supervisor_id", start=1, table=get_user_model()._meta.db_table, parent="supervisor_id",
        target="core_supervisorpath", columns="supervisor_id, subordinate_id",
    )  # fmt: skip
    rebuild("core_supervisorpath", sql)


def rebuild(table: str, sql: str) -> None:
    """Refill a derived table. Rebuilds run one at a time, and readers see the old rows until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [table])
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(sql)
    invalidate()
    transaction.on_commit(invalidate)
