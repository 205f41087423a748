"""Migrations that the database lacks."""


def pending_migrations() -> int:
    """Return the number of unapplied migrations."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
