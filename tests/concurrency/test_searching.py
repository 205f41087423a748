"""The entries of search while they are made anew: whoever writes a record meanwhile has the last word (REL-2, SRCH)."""

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.features.search.indexing import rebuild
from kanal.features.search.models import SearchEntry


def spoilt(ship):
    """Let the entry of a ship be wrong, so that it has to be written anew."""
    entry = SearchEntry.objects.filter(entity="ships", record_id=ship.pk)
    entry.update(title="Wrong", words="wrong", scope="")
    return entry


def test_a_record_is_renamed_and_handed_over_while_entries_are_made_anew(collide, make_ship, make_user):
    """The entry says what the record says, whichever of the two waited for the other."""
    ship, user = make_ship(name="Old"), make_user()
    entry, entity = spoilt(ship), registry.get("ships")
    new = {"name": "New", "assignee": user.pk}
    outcomes = collide(ship, lambda: writes.change(ship, new, by=SYSTEM), lambda: rebuild(entity))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    search_entry = entry.get()
    assert (search_entry.title, search_entry.scope) == ("New", f"owner{user.pk}")
    assert "new" in search_entry.words.split()


def test_a_record_is_deleted_while_entries_are_made_anew(collide, make_ship):
    """No entry is left behind."""
    ship = make_ship(name="Gone")
    entry, entity = spoilt(ship), registry.get("ships")
    outcomes = collide(ship, lambda: writes.delete(ship, by=SYSTEM), lambda: rebuild(entity))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert not entry.exists()
