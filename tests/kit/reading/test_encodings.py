"""The encoding of a text: declared, marked, or told by its letters (IMP-1a)."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.errors import Invalid
from kanal.kit.reading.encodings import decode

TEXTS = [
    ("cp1250", "Jméno;Město\nJiří Křížová;Plzeň\nŠárka;Ústí nad Labem"),
    ("cp1250", "Petr Pařez;Praha"), ("cp1250", "Dvořák"),
    ("iso8859-2", "Jiří Růžička;Česko\nŠárka;Žďár"), ("cp1250", "Łukasz Wiśniewski;Łódź;Gdańsk"),
    ("iso8859-2", "Łukasz Wiśniewski;Łódź;Gdańsk"), ("cp1250", "Gyűjtő;Őrség;Győr"), ("cp852", "Jiří Růžička;Plzeň"),
    ("cp1252", "Bjørn Sørensen"), ("cp1252", "Åse Ødegård;Ålesund;Tromsø"), ("cp1252", "Åge Grønbæk"),
    ("cp1252", "Jörg Mäßig;Köln"), ("cp1252", "François Lefèvre;Hélène;Noël"), ("cp1252", "João Simões;São Paulo"),
    ("cp1252", "Pris 5 € – “billig”"), ("cp1252", "Íñigo Muñoz;Málaga"), ("cp850", "Jürgen Müller;Straße"),
    ("cp1251", "Иван Петров;Наталья"), ("koi8-r", "Иван Петров;Наталья"), ("cp1253", "Γιώργος Παπαδόπουλος"),
    ("cp1254", "Ayşe Yılmaz;İstanbul;Çağrı"), ("cp1254", "Işık;Kadıköy;Muğla"), ("cp1252", "Þórður;Guðrún;Ísafjörður"),
    ("cp850", "Åse Ødegård;Bodø;Værøy"), ("cp850", "François Lefèvre;Orléans;Noël"),
    ("cp850", "José Muñoz;Cádiz;Íñigo"),
    ("cp1252", "Hélène Beauséjour;Benoît;Île-de-France"), ("iso8859-5", "Иван Петров;Новосибирск;Юрий"),
    ("koi8-u", "Київ;Олексій Шевченко;Львів"), ("cp1255", "דוד כהן;ירושלים;חיפה"), ("cp1256", "أحمد علي;القاهرة;شركة"),
    ("cp932", "東京都;鈴木花子;ヤマダ電機"), ("gb18030", "王小明;上海市;有限公司;深圳"),
    ("euc-kr", "서울;김철수;주식회사"),
    ("big5", "王小明;上海市;有限公司;臺北"), ("cp1252", "Çelik & Sohn;Größe;Müller"),
    ("mac-roman", "Jürgen Müller;Köln;Straße;Größe"), ("cp1257", "Šarūnas;Žalgirio;Ąžuolas"),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_letters_tell_the_encoding(encoding, text):
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert not decoded.is_certain


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_certain(encoding):
    decoded = decode("Navn;By\nÅse;Tromsø".encode(encoding))
    assert decoded.text == "Navn;By\nÅse;Tromsø"
    assert decoded.is_certain


def test_a_declaration_counts():
    assert decode("Jürgen".encode("latin-1"), "ISO-8859-1").text == "Jürgen"
    assert decode("5 €".encode("cp1252"), "iso-8859-1").text == "5 €"
    assert decode("Jiří".encode("cp1250"), " Windows-1250 ").text == "Jiří"
    for wrong in ("utf-8", "no-such", "base64", "unicode_escape"):
        with pytest.raises(Invalid):
            decode("Jürgen".encode("latin-1"), wrong)


def test_lost_letters_are_noticed():
    assert decode("J\ufffdrgen".encode()).is_damaged
    assert not decode(b"J\xfcrgen").is_damaged


@given(st.text(max_size=60))
def test_utf_8_is_never_taken_for_another(text):
    content = text.encode("utf-8", "ignore")
    if b"\x00" not in content and not content.startswith((b"\xff", b"\xfe", b"\xef\xbb\xbf")):
        assert decode(content).text == content.decode()


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content):
    with suppress(Invalid):
        decode(content)
