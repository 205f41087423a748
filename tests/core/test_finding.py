"""Search among common words: what a user sees is found behind any number of records that they do not see (ACC-7)."""

import pytest

from kanal.core import registry
from kanal.features.search import asking, finding


@pytest.mark.parametrize("reach", [0, 15_000])
def test_own_records_are_found_behind_many_others_with_the_same_word(make_user, make_ship, admin, monkeypatch, reach):
    """PERF-5: by looking through all hits, or through the user's own records; nothing else comes along."""
    monkeypatch.setattr(asking, "CANDIDATES", 3)
    monkeypatch.setattr(finding, "REACH", reach)
    monkeypatch.setattr(finding, "searched_types", lambda: [registry.get("ships")])
    user = make_user(rules={"ships": ("own", ["view"])})
    for number in range(8):
        make_ship(name=f"Common harbour {number}")
    own = make_ship(name="A common place", crew=[user.pk])
    rows = asking.ask_all([asking.by_words([registry.get("ships")], [["common"]], "common", 50)])
    assert len(rows) == 3
    assert [hit.id for hit in finding.find(user, "common")] == [own.pk]
    assert len(finding.find(admin, "common")) == finding.PER_TYPE
