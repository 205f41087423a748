"""Search among common words: what a user sees is found behind any number of records that they do not see (ACC-7)."""

import pytest
from django.db import connection

from kanal.core import registry
from kanal.features.search import finding, sql, visibility


@pytest.mark.parametrize("reach", [0, 15_000])
def test_own_records_are_found_behind_many_others_with_the_same_word(make_user, make_ship, admin, monkeypatch, reach):
    """PERF-5: by looking through all hits, or through the user's own records; nothing else comes along."""
    monkeypatch.setattr(sql, "CANDIDATES", 3)
    monkeypatch.setattr(finding, "REACH", reach)
    monkeypatch.setattr(finding, "searched_types", lambda: [registry.get("ships")])
    user = make_user(rules={"ships": ("own", ["view"])})
    for number in range(8):
        make_ship(name=f"Common harbour {number}")
    own = make_ship(name="A common place", crew=[user.pk])
    rows = sql.ask_all([sql.by_words([registry.get("ships")], [["common"]], "common", 50)])
    assert len(rows) == 3
    assert [hit.id for hit in finding.search_records(user, "common")] == [own.pk]
    assert len(finding.search_records(admin, "common")) == finding.PER_TYPE


@pytest.fixture
def only_ships(monkeypatch):
    """Let search know ships alone."""
    monkeypatch.setattr(finding, "searched_types", lambda: [registry.get("ships")])


def make_in_sample(make_ship, **values):
    """Make a ship whose entry is one of those that search looks at first for a common word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('fakes_ship', 'id'))")
        following = cursor.fetchone()[0] // 251 * 251 + 250
        cursor.execute("SELECT setval(pg_get_serial_sequence('fakes_ship', 'id'), %s)", [following])
    return make_ship(**values)


def test_of_a_common_word_a_sample_is_shown_and_all_that_is_one_s_own(
    only_ships, make_user, make_ship, admin, monkeypatch
):
    """PERF-5: who sees all gets some of very many; a large team gets its own, wherever they are."""
    monkeypatch.setattr(finding, "MANY", 1)
    monkeypatch.setattr(visibility, "FEW", 0)
    user = make_user(rules={"ships": ("own", ["view"])})
    own = make_ship(name="A lovely harbour", crew=[user.pk])
    sampled = make_in_sample(make_ship, name="Another harbour")
    make_ship(name="One more harbour")
    assert [hit.id for hit in finding.search_records(admin, "harbour")] == [sampled.pk]
    assert [hit.id for hit in finding.search_records(user, "harbour")] == [own.pk]
    assert [hit.id for hit in finding.search_records(user, "a harb")] == [own.pk]


def test_a_few_letters_beside_a_word_narrow_its_hits(only_ships, make_ship, admin):
    """They are looked for in what the word finds, as beginnings of words like the word itself."""
    wanted = make_ship(name="Northern harbour of Bergen")
    make_ship(name="Southern harbour of Oslo")
    assert [hit.id for hit in finding.search_records(admin, "harbour be")] == [wanted.pk]
    assert not finding.search_records(admin, "harbour er")


def test_a_short_number_asks_for_that_very_number(only_ships, make_ship, admin):
    """Half of all entries have a number that begins so; their ids, above 250 here, are none of it."""
    ship = make_in_sample(make_ship, name="Pier 12 at noon")
    make_in_sample(make_ship, name="Pier 123 at noon")
    assert [hit.id for hit in finding.search_records(admin, "12")] == [ship.pk]


def test_a_misspelled_word_finds_one_s_own(only_ships, make_user, make_ship):
    """PERF-5: by the words that it may have meant, among one's own as well."""
    user = make_user(rules={"ships": ("own", ["view"])})
    own = make_ship(name="Skagerrak", crew=[user.pk])
    make_ship(name="Skagerrak too")
    assert [hit.id for hit in finding.search_records(user, "skagerak")] == [own.pk]
