"""Names of other alphabets are found like Latin ones (SRCH-1, INTAKE-4): the database knows their letters."""

import pytest

from kanal.config.diagnosis import language, server
from kanal.entities.accounts.tests.factories import make_account
from kanal.entities.intake.matching import identify_many, match_keys

NAMES = {
    "Кирилица Трейд": ["Кирилица", "кирилица", "Трейд"],
    "Ελλάδα Εμπορική": ["Ελλάδα", "ελλαδα", "Εμπορικη"],
    "Işıl Yapı": ["Işıl", "Isil", "Yapı", "yapi"],
}


@pytest.fixture
def accounts(db):
    """Return an account of each name."""
    return {name: make_account(organization=name) for name in NAMES}


@pytest.mark.parametrize(("name", "typed"), [(name, typed) for name, all_typed in NAMES.items() for typed in all_typed])
def test_search_finds_names_of_all_alphabets(client, admin, accounts, name, typed):
    """SRCH-1: typo-tolerant, accent-insensitive, in every alphabet."""
    client.force_login(admin)
    assert name in client.get("/search", {"q": typed}).content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_similar_name_is_suggested(accounts, name):
    """INTAKE-4: who writes a company's name a little otherwise is offered the account."""
    [identified] = identify_many([match_keys({"company": f"{name[:-1]}"})])
    assert accounts[name].pk in {suggestion["id"] for suggestion in identified.suggestions} | {identified.account}
    assert not {accounts[other].pk for other in NAMES if other != name} & {
        suggestion["id"] for suggestion in identified.suggestions
    }


def test_the_check_tells_of_a_database_that_knows_latin_letters_alone(db, monkeypatch):
    """A foreign server is looked at, and what to do is said."""
    assert [(finding.level, finding.subject) for finding in language.letters(None)] == [("ok", "Letters")]
    monkeypatch.setattr(language, "rows", lambda *given: [([],), (["abc"],)])
    [warning] = language.letters(None)
    assert warning.level == "warning"
    assert "C.UTF-8" in warning.text


def test_the_check_names_zones_of_other_rules(db, admin, monkeypatch):
    """One set of zones: where the server's differ, they are named."""
    assert "America/Vancouver" not in language.differing(["America/Vancouver", "Europe/Oslo"])
    real = server.rows

    def older(sql, values=None):
        rows = real(sql, values)
        if sql != language.OFFSETS:
            return rows
        hour = language.dt.timedelta(hours=1)
        return [(name, at, offset - hour if "Vancouver" in name else offset) for name, at, offset in rows]

    monkeypatch.setattr(language, "rows", older)
    [finding] = language.time_zones(None)
    assert (finding.level, "America/Vancouver" in finding.text, "Oslo" in finding.text) == ("warning", True, False)
    admin.time_zone = "America/Vancouver"
    admin.save()
    assert language.differing_in_use() == ["America/Vancouver"]
