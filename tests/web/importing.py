"""Imports for tests: set up by their heads, then as a test chooses."""

from kanal.core import registry
from kanal.features.importing import setup
from kanal.features.importing.models import Import


def begun(user, entity, content, **values):
    """Return an import that is set up by its heads, then by `values`."""
    content = content if isinstance(content, bytes) else content.encode()
    run = Import(entity=entity, user=user, name="file", content=content)
    setup.configure_import(run)
    for key, value in values.items():
        setattr(run, key, value if key != "fixed" else {**run.fixed, **value})
    setup.look(run)
    run.save()
    return run


def ships():
    """Return the ships."""
    return registry.get("ships").model.objects


def reasons(run):
    """Return why lines were refused."""
    return {row.line: row.reason for row in run.refusals.all()}
