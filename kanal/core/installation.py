"""Work after every migration: triggers of history and subtotals, and initial data (INIT-1, INIT-2)."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from kanal.core import audit, companions, epoch, events, registry, subtotals
from kanal.core.cache import invalidate
from kanal.core.history.triggers import install_all
from kanal.core.outbox.positions import begin_positions


def finish_installation(sender: Any, **_signal: Any) -> None:
    """Finish an installation once the last app is migrated, if no migration is pending."""
    with_models = [config for config in apps.get_app_configs() if config.models_module]
    if sender is with_models[-1] and not is_pending():
        install_all()
        epoch.install_epoch_triggers()
        companions.install_companion_triggers()
        subtotals.install_all()
        seed_all()
        begin_positions()
        audit.install_all()  # last: initial data isn't anyone's change


def is_pending() -> bool:
    """Return whether the database is behind the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@transaction.atomic
def seed_all() -> None:
    """Run every app's `seed.seed()`, which adds missing rows and changes no existing ones."""
    for config in apps.get_app_configs():
        if config.name.startswith("kanal.") and find_spec(f"{config.name}.seed"):
            import_module(f"{config.name}.seed").seed()
    invalidate()


def seed_choices(model: Any, rows: Iterable[Any], **fixed: Any) -> None:
    """Add the options of a table of choices whose keys are missing. `name` may be a dict of language to name."""
    known = set(model._default_manager.filter(**fixed).values_list("key", flat=True))
    made: list[Any] = []
    for place, row in enumerate(rows):
        names = row["name"] if isinstance(row["name"], dict) else {"en": row["name"]}
        if row["key"] not in known:
            translations = {language: name for language, name in names.items() if language != "en"}
            values = {**fixed, "position": place, **row, "name": names["en"], "translations": translations}
            made.append(model._default_manager.create(**values))
    if made and (entity := registry.of(made[0])):
        events.dispatch_many("record.saved", made, entity=entity, changed={entity.title})


def labels(en: str, nb: str, de: str, cs: str, es: str, fr: str) -> dict[str, str]:
    """Return the name of an option in Kanal's languages, for `seed_choices`."""
    return {"en": en, "nb": nb, "de": de, "cs": cs, "es": es, "fr": fr}
