"""The list of every type and all that acts on it: dialogs, board, bulk, saved filters, search, export, import."""

import csv
import io
from html import unescape
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kanal.core import registry
from kanal.core.models import SavedFilter
from kanal.features.importing.models import Import

LIST = "/fakes/ships/data/"
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def signed_in(client, admin):
    """Return a browser of an administrator."""
    client.force_login(admin)
    return client


def text_of(answer):
    """Return the text of an answer, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


@pytest.mark.parametrize("key", registry.keys())
def test_each_type_has_a_list_and_its_dialogs(signed_in, key):
    """LIST-1, LIST-10."""
    entity = registry.get(key)
    tools = f"/{entity.path}/data/"
    addresses = [entity.list_url, f"{tools}filter", f"{tools}columns", f"{tools}export.csv?columns=*"]
    addresses += [f"{entity.list_url}?q=abc&sort=-id&limit=25", f"/saved-filters/{key}/", f"/pick/{key}?q=a"]
    addresses += [f"/{entity.path}/kanban/"] if entity.has_board else []
    for address in addresses:
        assert signed_in.get(address).status_code == 200, address


def test_a_list_shows_its_rows_and_says_what_is_wrong(signed_in, make_ship):
    """LIST-2: a wrong filter shows no rows."""
    make_ship(name="<b>Fram</b>", rig="sloop", price={"amount": "1250", "currency": "EUR"})
    page = text_of(signed_in.get(LIST))
    assert "&lt;b&gt;Fram&lt;/b&gt;" in page
    assert "1,250" in page
    assert "1,250.00" not in page
    assert "Fram" in text_of(signed_in.get(f"{LIST}?filter=rig:any(sloop)&group=rig"))
    wrong = text_of(signed_in.get(f"{LIST}?filter=nothing:is(1)"))
    assert "Fram" not in wrong
    assert "There is no field" in wrong
    assert "Fram" not in text_of(signed_in.get(f"{LIST}?filter=rig:any(ketch)"))


def test_a_condition_is_added_changed_and_refused(signed_in):
    """LIST-2, LIST-10: what is chosen in the dialog stands in the address."""
    for field in ("harbour", "price", "launched", "rig", "afloat", "masts", "harbour.country"):
        assert signed_in.get(f"{LIST}filter?field={field}", headers=SCRIPT).status_code == 200
    added = signed_in.post(f"{LIST}filter", {"field": "rig", "op": "any", "value": ["sloop"]}, headers=SCRIPT)
    assert added["HX-Redirect"] == f"{LIST}?filter=rig:any(sloop)"
    data = {"field": "masts", "op": "gt", "value": "2"}
    both = signed_in.post(f"{LIST}filter?filter=rig:any(sloop)", data)
    assert both["Location"] == f"{LIST}?filter=rig:any(sloop);masts:gt(2)"
    changed = signed_in.post(f"{LIST}filter?filter=rig:any(sloop)&place=0", data)
    assert changed["Location"] == f"{LIST}?filter=masts:gt(2)"
    other = signed_in.post(f"{LIST}filter?filter=rig:any(sloop);afloat:is(true)&place=0.1", data)
    assert unquote(other["Location"]) == f"{LIST}?filter=(rig:any(sloop)|masts:gt(2));afloat:is(true)"
    page = text_of(signed_in.get(other["Location"]))
    assert f"{LIST}?filter=rig:any(sloop);afloat:is(true)" in page
    assert "place=0.2" in page
    third = signed_in.post(f"{LIST}filter?filter=(rig:any(sloop)|masts:gt(2))&place=0.1", {**data, "value": "3"})
    assert unquote(third["Location"]) == f"{LIST}?filter=(rig:any(sloop)|masts:gt(3))"
    refused = signed_in.post(f"{LIST}filter", {"field": "masts", "op": "gt", "value": "many"})
    assert "is not a valid value" in text_of(refused)


@pytest.mark.parametrize("operator", ["within", "older"])
@pytest.mark.parametrize("values", ["", "&value=3", "&value=3&value=weeks", "&value=last&value=3&value=weeks"])
def test_a_span_is_asked_for_whatever_was_entered_before(signed_in, operator, values):
    """LIST-2: the operator may be changed while values of another one stand in the form."""
    answer = signed_in.get(f"{LIST}filter?field=created_at&op={operator}{values}", headers=SCRIPT)
    assert answer.status_code == 200
    assert 'name="unit"' in text_of(answer)


def test_rows_are_changed_and_deleted_together(signed_in, make_ship):
    """LIST-5: those that refuse are left and named."""
    good, lost = make_ship(), make_ship(log="lost")
    ids = {"ids": [good.pk, lost.pk]}
    assert "Edit 2 records" in text_of(signed_in.get(f"{LIST}bulk-edit?ids={good.pk}&ids={lost.pk}"))
    signed_in.post(f"{LIST}bulk-edit", {**ids, "field": "rig", "rig": "ketch"})
    good.refresh_from_db()
    lost.refresh_from_db()
    assert (good.rig, lost.rig) == ("ketch", "")
    signed_in.post(f"{LIST}bulk-delete", {"ids": [good.pk]})
    assert not type(good).objects.filter(pk=good.pk).exists()


def test_a_card_moves_by_the_rules_of_the_form(signed_in, make_ship):
    """KAN-1: a refused move says why."""
    ship, lost = make_ship(rig="sloop"), make_ship(rig="sloop", log="lost")
    assert ship.name in text_of(signed_in.get("/fakes/ships/kanban/"))
    move = "/fakes/ships/kanban/move"
    moved = signed_in.post(move, {"record": ship.pk, "value": "ketch"}, headers=SCRIPT)
    assert moved.status_code == 200
    assert 'id="column-ketch-head"' in text_of(moved)
    ship.refresh_from_db()
    assert ship.rig == "ketch"
    refused = signed_in.post(move, {"record": lost.pk, "value": "ketch"}, headers=SCRIPT)
    assert (refused.status_code, text_of(refused)) == (409, "This ship is lost.")
    for value in ({"value": "raft"}, {"value": ""}, {}):
        assert signed_in.post(move, {"record": ship.pk, **value}, headers=SCRIPT).status_code == 422, value
    ship.refresh_from_db()
    assert ship.rig == "ketch"


def test_boards_are_shaped_by_settings(signed_in, make_ship):
    """KAN-2: which statuses are columns, what stands on cards, how many cards are too many."""
    for _number in range(2):
        make_ship(rig="sloop", email="kim@fram.example")
    assert "kim@fram.example" not in text_of(signed_in.get("/fakes/ships/kanban/"))
    page = "/settings/options/kanban/"
    assert "statuses that are columns" in text_of(signed_in.get(page))
    chosen = {"columns": ["sloop"], "card": ["email"], "limit": "1"}
    answer = signed_in.post(page, {f"kanban.ships.{key}": value for key, value in chosen.items()})
    assert answer.status_code == 302, text_of(answer)
    board = text_of(signed_in.get("/fakes/ships/kanban/"))
    assert 'data-value="sloop"' in board
    assert 'data-value="ketch"' not in board
    assert "kim@fram.example" in board
    assert '<span class="count over">2 / 1</span>' in board


def test_saved_filters_are_tags_that_apply_and_break_openly(signed_in, client, make_user, make_ship):
    """OP-OPP-29, LIST-3, LIST-3a."""
    data = {"name": "Sloops", "filter": "rig:any(sloop)", "audience": "public", "colour": "teal"}
    signed_in.post("/saved-filters/ships/new", data)
    saved = SavedFilter.objects.get()
    address = f"{LIST}?filter=rig:any(sloop)&saved={saved.pk}"
    assert address.replace("&", "&amp;") in text_of(signed_in.get(LIST))
    assert 'aria-current="true"' in text_of(signed_in.get(address))
    assert signed_in.post("/saved-filters/ships/new", {**data, "filter": "x:is(1)"}).status_code == 422
    signed_in.post(f"/saved-filters/{saved.pk}/default")
    assert signed_in.get(LIST)["Location"] == address
    saved.tree = {"field": "gone", "op": "is", "values": ["1"]}
    saved.save()
    assert "Deactivated" in text_of(signed_in.get("/saved-filters/ships/"))
    assert signed_in.get(f"/saved-filters/{saved.pk}/edit").status_code == 200, "a broken one can be repaired"
    assert "Sloops" not in text_of(signed_in.get(f"{LIST}?q="))
    client.force_login(make_user(rules={"ships": ("own", ["view"])}))
    assert client.post(f"/saved-filters/{saved.pk}/delete").status_code in (403, 404)


def test_the_menu_of_a_row_offers_what_its_page_does(signed_in, client, make_user, make_ship):
    """LIST-6: permission and state aware."""
    ship = make_ship()
    menu = text_of(signed_in.get(f"{LIST}{ship.pk}/menu", headers=SCRIPT))
    for address in ("edit", "rename", "delete"):
        assert f'"/fakes/ships/{ship.pk}/{address}"' in menu
    reader = make_user(rules={"ships": ("all", ["view"])})
    client.force_login(reader)
    menu = text_of(client.get(f"{LIST}{ship.pk}/menu", headers=SCRIPT))
    assert f'"/fakes/ships/{ship.pk}/"' in menu
    assert "rename" not in menu
    assert "delete" not in menu


def test_columns_sort_and_grouping_are_picked(signed_in, make_ship):
    """LIST-1, LIST-3, LIST-10: in a list's dialog and in a saved filter alike; several sort keys are numbered."""
    make_ship(rig="sloop")
    dialog = text_of(signed_in.get(f"{LIST}columns?columns=name,masts&sort=-masts,name", headers=SCRIPT))
    for part in ("Search columns", 'value="masts" selected', 'value="harbour.country"', 'value="down" selected'):
        assert part in dialog, part
    chosen = {"columns": ["masts", "harbour.country", "name"], "group": "rig", "limit": "25"}
    sort = {"sort_key": ["masts", "", "name"], "sort_way": ["down", "up", "up"]}
    address = unquote(signed_in.post(f"{LIST}columns", {**chosen, **sort})["Location"])
    assert address == f"{LIST}?sort=-masts,name&columns=masts,harbour.country,name&group=rig&limit=25"
    assert '<span class="sort-place">2</span>' in text_of(signed_in.get(address))
    signed_in.post("/saved-filters/ships/new", {"name": "All", "filter": "", "colour": "red", **chosen, **sort})
    saved = SavedFilter.objects.get()
    assert (saved.columns, saved.sort, saved.group) == (chosen["columns"], "-masts,name", "rig")
    form = text_of(signed_in.get(f"/saved-filters/{saved.pk}/edit"))
    assert form.index('data-key="masts"') < form.index('data-key="name"')


def test_search_finds_beginnings_numbers_and_misspelled_names(signed_in, client, make_user, make_ship):
    """SRCH-1, SRCH-2: and only what the user may see."""
    ship = make_ship(name="Nordstjernen Æolus", phone="+47 22 33 44 55", email="kim@fram.example")
    for text in ("nordst", "aeolus nord", "22 33 44 55", "+47 22334455", "kim@fram", "nordstjernan", f"{ship.pk}"):
        assert ship.name in text_of(signed_in.get("/search", {"q": text}, headers=SCRIPT)), text
    picked = signed_in.get("/pick/ships", {"q": "nordst"}).json()["items"]
    assert [(item["id"], item["label"]) for item in picked] == [(ship.pk, ship.name)]
    client.force_login(make_user(rules={"ships": ("own", ["view"])}))
    assert ship.name not in text_of(client.get("/search", {"q": "nordst"}, headers=SCRIPT))
    assert client.get("/pick/ships", {"q": "nordst"}).json() == {"items": []}


def test_what_is_exported_is_imported_again(signed_in, make_ship):
    """LIST-7, IMP-1: cells are safe in a spreadsheet, and the way back gives the same records."""
    ship = make_ship(name="=1+1", rig="sloop", price={"amount": "12.5", "currency": "EUR"}, launched="2026-01-02")
    content = text_of(signed_in.get(f"{LIST}export.csv?columns=*"))
    row = next(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
    assert row["Name"] == "'=1+1"
    before = {name: getattr(ship, name) for name in ("name", "rig", "price", "launched")}
    started = signed_in.post("/fakes/ships/import", {"file": SimpleUploadedFile("ships.csv", content.encode())})
    run = Import.objects.get()
    heads = next(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    columns = {f"column-{place}": run.mapping.get(head, "") for place, head in enumerate(heads)}
    for action in ("try", "run"):
        signed_in.post(started["Location"], {**columns, "match": "id", "mode": "update", "do": action})
    run.refresh_from_db()
    assert (run.unchanged, run.created, [row.reason for row in run.refusals.all()]) == (1, 0, [])
    ship.refresh_from_db()
    assert {name: getattr(ship, name) for name in before} == before


@pytest.mark.parametrize(
    "content",
    [
        b" ",
        b"a,b\n\x00\x01",
        b",".join(b"c%d" % n for n in range(9000)),
        b"PK\x03\x04x",
    ],
    ids=["empty", "binary", "too many columns", "no sheet"],
)
def test_a_hostile_file_is_refused_with_a_sentence(signed_in, content):
    """IMP-1, SEC-3."""
    answer = signed_in.post("/fakes/ships/import", {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert "alert" in text_of(answer)
    assert not Import.objects.exists()


def test_totals_of_thousands_come_after_the_page(signed_in, make_ship, monkeypatch):
    """PERF-1, PERF-7: a page does not wait for sums that are read from thousands of records; it asks for them."""
    for price in ("1000", "234.5"):
        make_ship(name="Fram", rig="sloop", price={"amount": price, "currency": "EUR"})
    foot = "<tfoot"
    assert "1,234.50" in text_of(signed_in.get(LIST)).partition(foot)[2]
    monkeypatch.setattr("kanal.core.aggregation.execute.MANY", -1)
    waiting = text_of(signed_in.get(f"{LIST}?q=Fra")).partition(foot)[2]
    assert "1,234.50" not in waiting
    address = unescape(waiting.partition('hx-get="')[2].partition('"')[0])
    assert "1,234.50" in text_of(signed_in.get(address, headers=SCRIPT))
    board = text_of(signed_in.get("/fakes/ships/kanban/?q=Fra"))
    assert "1,234.50" not in board.replace("1,000.00", "")
    address = unescape(board.partition('data-heads-url="')[2].partition('"')[0])
    assert "1,234.50" in text_of(signed_in.get(address, headers=SCRIPT))


def test_totals_alone_are_refused_where_the_list_would_be(client, signed_in, make_user, make_ship):
    """ACC-5: what a list would not show is not told by its totals either; a wrong filter has its reason."""
    make_ship(name="Fram", price={"amount": "77", "currency": "EUR"})
    assert signed_in.get(f"{LIST}totals?filter=nothing:is(1)", headers=SCRIPT).status_code == 422
    client.force_login(make_user())
    for address in (f"{LIST}totals", "/fakes/ships/kanban/heads"):
        assert client.get(address, headers=SCRIPT).status_code == 403
    client.force_login(make_user(rules={"ships": ("own", ["view"])}))
    for address in (f"{LIST}totals", "/fakes/ships/kanban/heads"):
        assert "77" not in text_of(client.get(address, headers=SCRIPT))
