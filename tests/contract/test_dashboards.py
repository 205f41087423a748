"""Dashboard modules: each preset names what its type has, and shows what its viewer may see."""

from dataclasses import replace

import pytest
from django.template.loader import get_template

from kanal.core import registry
from kanal.core.dashboards import (
    FIGURE,
    FIGURE_MODULE,
    Preset,
    Viewer,
    always,
    module_types,
    presets,
    presets_on,
    register_preset,
    settings_of,
)  # fmt: skip
from kanal.core.homes import Home
from kanal.core.query import FilterContext, condition, parse

PRESETS = pytest.mark.parametrize("preset", presets.values(), ids=lambda preset: preset.key)
OF_RECORDS = [preset for preset in presets.values() if "type" in preset.settings]


@pytest.mark.parametrize("preset", OF_RECORDS, ids=lambda preset: preset.key)
def test_a_preset_names_what_its_type_has(preset, admin):
    """DASH-1: filter, sort and columns are those of the type; a misspelled key would hide the module from everybody."""
    settings = settings_of(preset.type, preset.settings)
    entity = registry.get(settings["type"])
    fields = FilterContext(admin).fields(entity)
    named = [settings.get("money"), settings.get("sort", "").removeprefix("-")]
    named += [
        settings.get("day"),
        settings.get("date"),
        settings.get("by"),
        *settings.get("hints", ()),
        *settings.get("marks", ()),
    ]
    assert {key for key in named if key} <= fields.keys()
    if text := settings.get("filter"):
        condition(parse(text), entity, FilterContext(admin))
    if verb := settings.get("verb"):
        assert registry.action(entity, verb)


@PRESETS
def test_a_preset_is_shown_to_who_may_see_its_type_alone(preset, admin, make_user):
    """ACC-2: with data for an administrator, not offered to somebody without a role."""
    settings = settings_of(preset.type, preset.settings)
    assert preset.type.is_offered(Viewer(admin), settings)
    assert preset.type.data(Viewer(admin), settings) is not None
    is_for_all = preset.type.is_offered is always  # with what the viewer has done, nothing of others
    assert preset.type.is_offered(Viewer(make_user(rules={})), settings) == is_for_all


@pytest.mark.parametrize("module", module_types.values(), ids=lambda module: module.key)
def test_a_module_has_a_template_and_labelled_settings(module):
    """DASH-1: as a page that sets one up will show them."""
    assert get_template(module.template)
    assert all(str(setting.label) for setting in module.settings)


def test_presets_stand_in_their_order():
    """NAV-4: not in that of the apps."""
    places = [preset.pages[Home.SELLER] for preset in presets_on(Home.SELLER, FIGURE)]
    assert places == sorted(places)
    assert len(places) == 6


@pytest.mark.parametrize(
    ("settings", "reason"),
    [({"type": "leads", "colour": "red"}, "no setting colour"), ({"filter": ""}, "need the setting type")],
)
def test_a_preset_with_wrong_settings_is_refused(settings, reason):
    """DASH-1: at start-up, with the setting's name."""
    with pytest.raises(ValueError, match=reason):
        register_preset(Preset("wrong", "Wrong", FIGURE_MODULE, settings, {Home.SELLER: 1}))


def test_a_preset_of_an_unknown_type_is_refused():
    """DASH-1: with the type's name, not by a KeyError."""
    with pytest.raises(ValueError, match="no modules “gauge”"):
        register_preset(Preset("wrong", "Wrong", "gauge"))


@pytest.mark.parametrize("pages", [{}, {"home": 1}])
def test_a_preset_on_no_known_page_is_refused(pages):
    """DASH-1: nobody would ever see it."""
    with pytest.raises(ValueError, match=r"pages are crm, home\.account-manager"):
        register_preset(Preset("wrong", "Wrong", FIGURE_MODULE, {"type": "leads"}, pages))


def test_a_module_that_fails_leaves_the_others(admin, client, monkeypatch):
    """DASH-7: the page stands, the card says that it could not be loaded."""
    preset = presets["intakes.attention-list"]

    def fail(viewer, settings):
        raise RuntimeError("out of order")

    broken = replace(preset.type, data=fail)
    monkeypatch.setitem(module_types._entries, preset.module, broken)
    client.force_login(admin)
    response = client.get("/")
    assert response.status_code == 200
    assert "This could not be loaded." in response.content.decode()
    assert "Latest changes of settings and rights" in response.content.decode()
