"""A person is recognised however somebody wrote of them, and nobody else is (LEAD-8)."""

import re

import pytest

from kanal.kit.redaction import MARK, redactor_of

PERSON = redactor_of(
    emails=["jiri.brien@firma.example", "jz@müller.example", "https://www.linkedin.com/in/jiri-brien"],
    phones=["+420777123456", "+4790991122"],
    people=[("Jiří", "O'Brien-Müller")],
    values=["Vedoucí výroby"],
)


@pytest.mark.parametrize(
    "text",
    [
        "Jiří O’Brien-Müller", "JIRI O'BRIEN-MUELLER", "O&#39;Brien", "O&rsquo;Brien", "OBrien", "Mueller", "MÜLLER",
        "Mu\u0308ller", "Ji\u0301r\u030cí", "Jir\u030ci\u0301", "Brien", "vedouci vyroby", "O'Brien\u2011Müller",

        "00420 777 123 456", "(777) 123-456", "777123456", "777/123/456", "+420.777.123.456", "+420 777 12 34 56",
        "777\u202f123\u202f456", "777\u2011123\u2011456", "777\u200b123\u200b456", "777&nbsp;123&#160;456",
        "+420 (0) 777 123 456",
        "90 99 11 22", "0047 90991122",
        "JIRI.BRIEN@FIRMA.EXAMPLE", "jiri.brien+news@firma.example", "jiri.brien (at) firma.example",
        "jiri.brien at firma dot example", "jiri.brien[at]firma[dot]example", "mailto:jiri.brien%40firma.example",
        "jiri.brien&#64;firma.example", "jz@xn--mller-kva.example", "JZ@MÜLLER.example",
        "linkedin.com/in/jiri-brien", "http://linkedin.com/in/jiri-brien/",
    ],
)  # fmt: skip
def test_however_it_is_written(text):
    """Nothing is left but the mark, and what stands around stays."""
    redacted = PERSON.redact(f"Spoke to {text}, é &amp; 100 %.")
    assert redacted.startswith("Spoke to ")
    assert redacted.endswith(f"{MARK}, é &amp; 100 %.")
    assert not re.search("brien|777|456|müller|mueller|90 ?99", redacted, re.IGNORECASE)
    assert PERSON.finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Jiřina Brienová and Mr. Müllerová", "maria.jiri.brien@firma.example", "jiri.brien@firma.example-holding.com",
        "info@firma.example", "https://www.firma.example", "linkedin.com/in/jiri-brien-2", "+420 777 123 4567",
        "1777123456", "Vedoucí", "100 % of &amp; and \\u0041",
    ],
)  # fmt: skip
def test_nobody_else_is_touched(text):
    """Longer words, numbers and addresses are other ones."""
    assert PERSON.anywhere.redact(text) == text
    assert "@" in text or "/" in text or PERSON.redact(text) == text


@pytest.mark.parametrize("text", ["", "é", "a&b", "%", "%zz", "\\u12", "&unknown;", "\u200b", "a\u0301\u0302"])
def test_texts_that_tell_of_nobody_stay(text):
    """Marks of other alphabets and half escapes are no harm."""
    assert PERSON.redact(text) == text


def test_json_is_read_as_people_wrote_it():
    """Texts at any depth; keys and numbers as they are."""
    given = {"to": ["JIRI.brien@firma.example", 777123456], "at": {"text": "Mr. Brien"}, "brien": None}
    assert PERSON.redact_json(given) == {"to": [MARK, 777123456], "at": {"text": f"Mr. {MARK}"}, "brien": None}
