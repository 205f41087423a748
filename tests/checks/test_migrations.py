"""The migrations: they say all that the models say."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_no_migration_is_missing():
    loader = MigrationLoader(None)
    assert not loader.detect_conflicts()
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    missing = {label: [str(step) for step in migrations[0].operations] for label, migrations in changes.items()}
    assert not missing, f"run `kanal manage makemigrations`: {missing}"
