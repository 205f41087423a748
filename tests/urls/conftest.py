"""The world of the contract, with what the addresses that belong to no type lead to."""

from typing import Any

import pytest
from django.utils import timezone

from kanal.core import administration, registry
from kanal.core.actor import Actor, ChangeSource
from kanal.core.models import CustomField, Progress, Role, SavedFilter
from kanal.features.comments.actions import say
from kanal.features.performance.models import SlowStatement
from tests.contract.conftest import browse, lasting_world, world
from tests.urls.addresses import Address

__all__ = ["browse", "lasting_world", "world"]


@pytest.fixture
def ids(world: Any) -> dict[str, int]:
    """Return the ids of what hangs on records and on the settings, by the beginning of their addresses."""
    return make_hung(world)


def make_hung(world: Any) -> dict[str, int]:
    """Make what hangs on records and on the settings; return its ids by the beginning of the addresses."""
    seller, lead = world.users["representative"], world.records["leads"]
    comment = say(registry.get("leads"), lead.pk, "Called", by=Actor(seller, ChangeSource.FORM))
    saved = SavedFilter.objects.create(entity="leads", name="Mine", owner=seller, tree={})
    field = CustomField.objects.create(entity="leads", key="budget", name="Budget", kind="money")
    slow = SlowStatement.objects.create(
        digest="x", text="SELECT 1", origin="page", count=1, seconds=1, slowest=1, last_at=timezone.now()
    )
    return {
        "comments/": comment.pk,
        "settings/performance/statements/": slow.pk,
        "saved-filters/": saved.pk,
        "progress/": Progress.objects.create(title="Export", user=seller).pk,
        "settings/custom-fields/": field.pk,
        "settings/categories/": choices_with_rows()[1],
        "settings/roles/": Role.objects.get(key="director").pk,
    }


def choices_with_rows() -> tuple[str, int]:
    """Return the name of a list of options that has some, and the id of one."""
    for slug, kept in administration.lists_of_choices().items():
        row = kept.rows().first()
        if row is not None:
            return slug, row.pk
    raise AssertionError("no list of options has rows")


def url_of(address: Address, world: Any, ids: dict[str, int]) -> str:
    """Fill an address with the ids and names of what is there."""
    pk = next((pk for base, pk in ids.items() if address.route.startswith(base)), 1)
    for entity in registry.all_entities():
        route = address.route.removeprefix("projects/<slug:identifier>/")
        if route.startswith((f"{entity.path}/<int:pk>", f"{entity.path}/data/<int")):
            pk = getattr(world.records.get(entity.key), "pk", 1)
    project = world.records["projects"].identifier
    given = {"identifier": project, "key": "leads", "slug": choices_with_rows()[0], "page": "company"}
    url = address.filled(pk=pk, verb="no-such-verb", **given)
    return f"{url}?account={world.records['accounts'].pk}" if address.name == "contact-new" else url
