"""Search gives exactly the hits that access shows, by whichever way it looks for them (ACC-7, SRCH-2, PERF-5)."""

from importlib import import_module

import pytest

from kanal.core import access, registry
from kanal.core.cache import invalidate
from kanal.features.search import finding, sql, visibility
from kanal.features.search.acl_tokens import scope_columns
from kanal.features.search.finding import search_records
from kanal.features.search.indexing import rebuild, searched_types
from kanal.features.search.models import SearchEntry
from tests.access.world import LETTERS

MANY = 10**6
migration = import_module("kanal.features.search.migrations.0002_scope")


@pytest.fixture
def settled(world):
    """Return a world whose records have gone to other people since their entries were made anew."""
    world.settle()
    invalidate()
    return world


@pytest.fixture(params=[0, MANY], ids=["far", "near"])
def thorough(request, monkeypatch):
    """Let search look everywhere and leave nothing out; what few people see is looked for among the rest, or alone."""
    monkeypatch.setattr(visibility, "FEW", request.param)
    for name in ("CANDIDATES", "NEAR"):
        monkeypatch.setattr(sql, name, MANY)
    for module in (finding, visibility):
        monkeypatch.setattr(module, "FEW_OF_EACH", sql.Breadth(MANY, MANY))
    monkeypatch.setattr(visibility, "MANY_OF_EACH", sql.Breadth(MANY, MANY))
    for name in ("PER_TYPE", "TOO_FEW", "ENOUGH", "MANY"):
        monkeypatch.setattr(finding, name, MANY)
    monkeypatch.setattr(finding, "meant", lambda words: {})


def entries() -> list[tuple]:
    """List all entries."""
    return list(
        SearchEntry.objects.order_by("entity", "record_id").values_list("entity", "record_id", "words", "scope")
    )


def test_entries_are_as_if_they_were_made_anew(settled):
    """Whoever gets a record, loses it, or has it to themselves: the words of its entry follow in the same moment."""
    before = entries()
    for entity in searched_types():
        rebuild(entity)
    assert before == entries()
    assert any(scope for *_entry, scope in before)


def test_the_migration_writes_the_same_words(settled):
    """What an installation of today has is what the migration gives to one of yesterday."""
    assert set(migration.COLUMNS) == {
        searched_type.key for searched_type in searched_types() if scope_columns(searched_type)
    } - {"ships"}
    SearchEntry.objects.filter(entity="ships").delete()
    before = entries()
    SearchEntry.objects.update(scope="")
    migration.fill(None, None)
    assert before == entries()


def test_everybody_finds_what_they_see_and_nothing_else(settled, thorough):
    """Of all records with a word that begins so, a user finds those that the access layer shows."""
    wrong, hits = [], 0
    for user in settled.users:
        visible = {
            (entity.key, pk)
            for entity in searched_types()
            if access.has_permission(user, entity, "view")
            for pk in access.visible_to(user, entity).values_list("pk", flat=True)
        }
        for beginning in (f"zq{letter}" for letter in LETTERS):
            like = SearchEntry.objects.filter(words__regex=rf"(^| ){beginning}").values_list("entity", "record_id")
            hit_keys = {(hit.entity.key, hit.id) for hit in search_records(user, beginning, limit=MANY)}
            hits += len(hit_keys)
            if hit_keys != visible & set(like):
                wrong.append(f"{user.username} {beginning}: {hit_keys ^ (visible & set(like))}")
    assert hits > 100
    assert not wrong, "\n".join(wrong)


def test_a_record_that_is_gone_is_not_found(world):
    """An entry that was left behind leads nowhere."""
    partner, types = world.records["partners"][0], [registry.get("partners")]
    admin = next(user for user in world.users if user.is_administrator)
    assert partner.pk in {hit.id for hit in search_records(admin, partner.name, types)}
    SearchEntry.objects.filter(entity="partners", record_id=partner.pk).update(record_id=10**9)
    assert not search_records(admin, partner.name, types)
