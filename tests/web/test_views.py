"""Views of a list: what one module registers, addresses, the switch and saved filters offer."""

import pytest
from django.http import HttpResponse

from kanal.core import registry
from kanal.core.models import SavedFilter
from kanal.kit.registries import unfrozen
from kanal.web.lists.page import LIST
from kanal.web.lists.routes import routes
from kanal.web.lists.state import State
from kanal.web.lists.views import VIEWS, ListView, is_default, register_view, switch, view_of, views_of
from kanal.web.savedfilters.offer import url_of


@pytest.fixture
def gantt():
    """Register a view of the types that have an overview, before the others."""
    with unfrozen():
        others = VIEWS.snapshot()
        VIEWS.restore({})
        view = register_view(
            ListView(
                "gantt", "Gantt", "calendar", name="gantt", ignores=("group",), order=90,
                path=lambda entity: "gantt/", applies=lambda entity: entity.has_overview,
                page=lambda request, entity, project=None: HttpResponse(""),
            )
        )  # fmt: skip
        for key, other in others.items():
            VIEWS.register(key, other)
        yield view


def test_a_view_is_offered_where_it_applies(gantt):
    leads, products = registry.get("leads"), registry.get("products")
    assert ("gantt/", "gantt", gantt.page) in routes(leads)
    assert gantt not in views_of(products)
    assert view_of(products, "gantt").key == "list"
    entries = switch(leads, State(filter="mine()", group="owner"), "gantt")
    assert [(entry["label"], entry["is_current"]) for entry in entries if entry["is_current"]] == [("Gantt", True)]
    assert is_default(leads, LIST), "whichever is registered first"
    assert entries[-1]["url"] == "/crm/leads/gantt/?filter=mine()"


def test_a_saved_filter_opens_in_its_view(gantt):
    """LIST-3: a view that a type no longer has leads to the list."""
    saved = SavedFilter(entity="leads", view="gantt", sort="name")
    assert url_of(saved, registry.get("leads")).startswith("/crm/leads/gantt/?")
    saved.view = "gone"
    assert url_of(saved, registry.get("leads")).startswith("/crm/leads/data/?")


def test_one_view_needs_no_switch():
    only = next(entity for entity in registry.all_entities() if len(views_of(entity)) == 1)
    assert switch(only, State(), "list") == []
    assert [view.key for view in VIEWS.values()] == ["list", "kanban", "calendar", "chart", "map"]
