"""Filters as chips that read as a sentence, their editor in forms, and "Save view" (LIST-2, LIST-3)."""

import re
from html import unescape
from urllib.parse import quote

import pytest

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.models import FieldVisibility, SavedFilter
from kanal.core.query import FilterContext, parse
from kanal.web.lists.filter_text import sentence_of

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}
LIST = "/fakes/ships/data/"
EDITOR = "name=tree&id=f-tree"


@pytest.fixture
def signed_in(client, admin):
    client.force_login(admin)
    return client


def text_of(answer):
    return unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rig:any(sloop)", "Rig is Sloop"),
        ("!name:contains(Fram)", "Name does not contain Fram"),
        ("!rig:any(sloop,ketch)", "Rig is none of Sloop, Ketch"),
        ("masts:gt(2);launched:on(today)", "Masts is greater than 2 and Launched is today"),
        ("launched:within(this,month)", "Launched is this month"),
        ("launched:within(last,30,days)", "Launched is within the last 30 days"),
        ("launched:before(2026-11-30)", "Launched is before 30 Nov 2026"),
        ("(masts:is(1)|!(masts:is(2);rig:set))", "Masts is 1 or not (Masts is 2 and Rig is not empty)"),
        ("name:empty;(masts:is(1)|rig:set)", "Name is empty and (Masts is 1 or Rig is not empty)"),
        ("", "all records"),
        ("nosuch:is(secret)", "Unknown field"),
    ],
)  # fmt: skip
def test_a_filter_reads_as_a_sentence(admin, text, sentence):
    assert sentence_of(parse(text), registry.get("ships"), FilterContext(admin)) == sentence


def test_no_part_of_a_list_shows_the_text_of_a_condition(signed_in):
    """LIST-2: what the page can't edit piece by piece is a sentence as well."""
    page = text_of(signed_in.get(f"{LIST}?filter={quote('!(masts:is(2);rig:set)')}"))
    assert "<strong>not (Masts is 2 and Rig is not empty)</strong>" in page


def test_a_negated_condition_is_changed_in_its_dialog(signed_in):
    address = f"{LIST}filter?filter={quote('!name:contains(Fram)')}&place=0"
    assert '<option value="!contains" selected>does not contain</option>' in text_of(signed_in.get(address))
    posted = {"field": "name", "op": "!contains", "value": "Gjoa"}
    assert "filter=!name:contains(Gjoa)" in signed_in.post(address, posted)["Location"]


def test_the_dialog_of_a_form_gives_back_its_editor(signed_in):
    """The changed filter takes the place of the editor; the form then stores its text."""
    address = f"/filters/ships/condition?filter=masts:gt(2)&{EDITOR}"
    assert "Choose a field" in text_of(signed_in.get(address, headers=SCRIPT))
    answer = signed_in.post(address, {"field": "rig", "op": "any", "value": ["sloop"]}, headers=SCRIPT)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#f-tree-editor", "outerHTML")
    assert answer["HX-Trigger"] == "dialog:close"
    editor = text_of(answer)
    assert 'id="f-tree-editor"' in editor
    assert ">masts:gt(2);rig:any(sloop)</textarea>" in editor
    refused = signed_in.post(address, {"field": "masts", "op": "gt", "value": "many"}, headers=SCRIPT)
    assert "HX-Retarget" not in refused
    assert "is not a valid value" in text_of(refused)
    assert "many" in text_of(refused)


def test_text_that_is_entered_becomes_chips_or_says_what_is_wrong(signed_in):
    right = text_of(
        signed_in.get(f"/filters/ships/editor?by=text&{EDITOR}&tree={quote('masts:gt(2)')}", headers=SCRIPT)
    )
    assert "is greater than" in right
    wrong = text_of(signed_in.get(f"/filters/ships/editor?by=text&{EDITOR}&tree=what%3F", headers=SCRIPT))
    assert "can't be read" in wrong
    assert ">what?</textarea>" in wrong


@pytest.mark.parametrize("key", ["nosuch", "ships"])
def test_an_editor_exists_for_who_may_see_the_type(client, make_user, key):
    client.force_login(make_user())
    for page in ("editor", "condition"):
        assert client.get(f"/filters/{key}/{page}?filter=&{EDITOR}").status_code == 404
    client.force_login(make_user(rules={"ships": ("all", ["view"])}))
    assert client.get("/filters/ships/editor?filter=&name=a&id=%22%3E%3Cb").status_code == 404


def test_a_hidden_field_is_neither_offered_nor_named(client, make_user):
    """ACC-6."""
    FieldVisibility.objects.create(entity="ships", field="price", user_types=["director"])
    invalidate()
    client.force_login(make_user(rules={"ships": ("all", ["view"])}))
    dialog = text_of(client.get(f"/filters/ships/condition?filter=&{EDITOR}", headers=SCRIPT))
    assert 'value="masts"' in dialog
    assert 'value="price"' not in dialog
    editor = text_of(client.get(f"/filters/ships/editor?filter=price:gt(5)&{EDITOR}", headers=SCRIPT))
    assert "Unknown field" in editor
    assert "There is no field" in editor


def save_url(page):
    """Return the URL of "Save view" on a page, or ""."""
    link = re.search(r'href="(/saved-filters/ships/save[^"]*)"', page)
    return link[1] if link else ""


@pytest.mark.parametrize("view", ["data", "kanban"])
def test_a_changed_view_is_saved_beside_its_chips(signed_in, admin, view):
    """LIST-3: filter, sort and columns of what one sees; the default has nothing to save."""
    base = f"/fakes/ships/{view}/"
    assert "Save view" not in text_of(signed_in.get(base))
    url = save_url(text_of(signed_in.get(f"{base}?filter=rig:any(sloop)&sort=-masts&columns=name,masts")))
    assert 'name="name"' in text_of(signed_in.get(url, headers=SCRIPT))
    assert signed_in.post(url, {"name": " "}, headers=SCRIPT).status_code == 422
    answer = signed_in.post(url, {"name": "Sloops", "colour": "teal"})
    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.sort, saved.columns, saved.colour) == (admin, "-masts", ["name", "masts"], "teal")
    assert saved.view == ("list" if view == "data" else "kanban")
    assert answer["Location"].startswith(base)
    page = text_of(signed_in.get(answer["Location"]))
    assert "Save view" not in page
    assert f"saved={saved.pk}" in answer["Location"]


def test_a_view_that_was_changed_is_saved_over_by_who_may(signed_in, client, admin, make_user):
    saved = SavedFilter.objects.create(
        name="Sloops", entity="ships", owner=admin, tree={"field": "rig", "op": "any", "values": ["sloop"]},
        audience="public",
    )  # fmt: skip
    changed = f"{LIST}?filter=rig:any(ketch)&saved={saved.pk}"
    url = save_url(text_of(signed_in.get(changed)))
    assert "Update “Sloops”" in text_of(signed_in.get(url, headers=SCRIPT))
    signed_in.post(url, {"update": "1", "name": ""})
    saved.refresh_from_db()
    assert (saved.name, saved.audience, saved.tree["values"]) == ("Sloops", "public", ["ketch"])
    client.force_login(make_user(rules={"ships": ("all", ["view"])}))
    url = save_url(text_of(client.get(f"{LIST}?filter=masts:gt(2)&saved={saved.pk}")))
    assert "Update “" not in text_of(client.get(url, headers=SCRIPT))
    client.post(url, {"update": "1", "name": "Mine"})
    saved.refresh_from_db()
    assert saved.tree["values"] == ["ketch"]
    assert SavedFilter.objects.get(name="Mine").audience == "private"


def test_a_wrong_view_is_not_saved(signed_in):
    answer = signed_in.post("/saved-filters/ships/save?filter=nosuch:is(1)", {"name": "Broken"})
    assert answer.status_code == 422
    assert not SavedFilter.objects.exists()
