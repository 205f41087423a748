"""The job that makes a type's entries anew after what may be searched has changed."""

from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.entity import Entity
from kanal.core.jobs import job
from kanal.features.search.indexing import is_searched, rebuild


@job("search.rebuild", label=_("Search index"))
def rebuild_type(entity_key: str) -> None:
    """Make the entries of a type anew."""
    rebuild(registry.get(entity_key))


def fields_limited(*, entity: Entity) -> None:
    """Take a field that is hidden from some out of the index, or back into it, so that nobody probes it (ACC-6)."""
    if is_searched(entity):
        rebuild_type.defer(entity_key=entity.key)
