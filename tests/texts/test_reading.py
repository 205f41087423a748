"""The reader of the pseudo-language finds what it is for."""

import pytest
from django.utils.translation import gettext, ngettext, override, pgettext

from kanal.kit.numbers import format_number
from tests.texts.data import Known, put_together
from tests.texts.pseudo import CODE, installed, pseudo
from tests.texts.visible import texts_of


def test_texts_are_translated_and_numbers_written_as_in_german():
    with installed(), override(CODE):
        assert gettext("New lead") == "«Ñéw léád ~~~»"
        assert pgettext("the user", "me") == "«mé ~~»"
        assert ngettext("%(n)s lead", "%(n)s leads", 2) % {"n": 2} == "«2 léáds ~~~~»"
        assert gettext("Done.").endswith(".»")
        assert format_number(1250, CODE) == "1.250"
    assert gettext("New lead") == "New lead"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("New lead", "New lead"),
        ("New «léád ~~»", "New"),
        ("«Ñéw léád ~~»", ""),
        ("«Édít “«Çíty ~~»” ~~»: Fjord AS", ""),
        ("Fjord AS · 1.250,00 NOK · 5. Mai 2026", ""),
        ("5 May 2026", "5 May 2026"),
        ("Fjord AS was deleted", "was deleted"),
    ],
)
def test_what_is_neither_translated_nor_data_is_found(text, rest):
    assert Known({"Fjord AS"}).rest(text) == rest


def test_sentences_of_parts_are_found():
    assert put_together("«Édít «léád ~~» ~~»")
    assert put_together("«Thé lást ~~» 30 «dáys ~~»")
    assert not put_together("«Édít “«Çíty ~~»” ~~»: «Thé énd ~~.» «Néxt ~~»")


def test_all_that_a_person_reads_is_found():
    page = (
        '<p title="Close">One <a>two</a> three</p><input type="submit" value="Save"><img alt="Logo">'
        '<code>no</code><b translate="no">no</b><template data-ok="OK now" data-url="/crm/"></template>'
    )
    texts = [text.strip() for _where, text in texts_of(page) if text.strip()]
    assert sorted(texts) == sorted(["Close", "One", "two", "three", "Save", "Logo", "OK now"])
    parts = [text.strip() for _where, text in texts_of(f"<p>{pseudo('Ask <a>us</a> now')}</p>") if text.strip()]
    assert all(text.startswith("«") and text.endswith("»") for text in parts)
