"""Documents from templates: filled in, checked, opened by LibreOffice, and fast enough."""

import shutil
import statistics
import subprocess
import time
from datetime import date, datetime
from decimal import Decimal

import pytest

from kanal.kit.documents import QUOTE_TOKENS, DocumentRefused, check_template, default_template, render, to_pdf
from kanal.kit.documents.tokens import is_known
from tests.kit.documents import part_of, quote_values, text_of, word


def filled(*paragraphs, language="en", **values):
    return text_of(render(word(*paragraphs), values, language))


def test_the_first_template_is_sound_and_fills_in():
    template = default_template()
    report = check_template(template, QUOTE_TOKENS)
    assert report.is_sound, report
    assert "items[].unit_price" in report.tokens
    document = render(template, quote_values(), "de")
    text = text_of(document)
    for words in (
        "Fjord & Co <AS>",
        "Müller GmbH",
        "1. März 2026",
        "1.234,50\u00a0€",
        "556.715,00\u00a0€",
        "{{ 7 * 7 }}",
    ):
        assert words in text
    assert text.count("Licence <b>") == 3
    assert "Per month" not in text
    assert "Q-2026-0042" in part_of(document, "docProps/core.xml")
    assert "{{ 7 * 7 }} &amp; more" in part_of(document, "docProps/core.xml")


def test_every_quote_token_has_a_value_in_the_example():
    given = []

    def gather(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                gather(inner, f"{path}.{key}" if path else key)
        elif isinstance(value, list):
            gather(value[0], f"{path}[]")
        else:
            given.append(path)

    gather(quote_values(), "")
    assert all(is_known(token, given) for token in QUOTE_TOKENS)


@pytest.mark.parametrize(
    ("token", "language", "text"),
    [
        ("{{ n }}", "de", "1.234,5"),
        ("{{ n|number(2) }}", "fr", "1\u202f234,50"),
        ("{{ n|money('JPY') }}", "en", "¥1,234"),
        ("{{ n|money }}", "en", "1,234.50"),
        ("{{ (n * 2 + 1)|money('USD') }}", "en", "$2,470.00"),
        ("{{ d }}", "en", "Mar 1, 2026"),
        ("{{ d|date('full') }}", "nb", "søndag 1. mars 2026"),
        ("{{ m|datetime('short') }}", "de", "01.03.26, 14:30"),
        ("{{ m|time }}", "de", "14:30"),
        ("{{ t|upper }} {{ t|title }}", "en", "ÆRØ & CO Ærø & Co"),
        ("{{ empty|default('none') }}", "en", "none"),
        ("[{{ empty }}{{ empty|money('EUR') }}{{ empty|date }}]", "en", "[]"),
        ("{{ l|join(' + ') }} ({{ l|length }})", "en", "a + b (2)"),
        ("{% if n > 1000 and not empty %}big{% else %}small{% endif %}", "en", "big"),
        ("{% for x in l %}{{ loop.index }}{{ x }}{{ ';' if not loop.last }}{% endfor %}", "en", "1a;2b"),
        ("{% set y = g.in %}{{ y.deep }}", "en", "down"),
        ("{{ p|percent }}", "de", "12,5\u00a0%"),
        ("{{ 'x' in l }}{{ 'a' ~ t }}", "de", "–aærø & co"),
    ],
)
def test_values_are_written_by_the_language(token, language, text):
    values = {
        "n": Decimal("1234.50"),
        "d": date(2026, 3, 1),
        "m": datetime(2026, 3, 1, 14, 30),
        "t": "ærø & co",
        "empty": None,
        "l": ["a", "b"],
        "g": {"in": {"deep": "down"}},
        "p": Decimal("12.5"),
    }
    assert filled(token, language=language, **values) == text


def test_rows_repeat_and_conditions_drop_whole_rows():
    rows = ["{%tr for i in items %}", "{{ i.name }}", "{%tr endfor %}", "{%tr if shown %}", "secret", "{%tr endif %}"]
    template = word("before", rows=rows)
    values = {"items": [{"name": "one"}, {"name": "two"}], "shown": False}
    assert text_of(render(template, values, "en")).split("\n") == ["before", "one", "two"]
    assert text_of(render(template, {"items": [], "shown": False}, "en")) == "before"


def test_headers_and_properties_go_through_the_same_sandbox():
    document = render(word("x", header="{{ who }}", title="{{ who }}"), {"who": "A & B"}, "en")
    assert "A &amp; B" in part_of(document, "word/header1.xml")
    assert "A &amp; B" in part_of(document, "docProps/core.xml")
    for template in (word("x", header="{{ who.__class__ }}"), word("x", title="{{ cycler }}")):
        with pytest.raises(DocumentRefused):
            render(template, {"who": "A"}, "en")


def test_values_are_never_evaluated_nor_markup():
    nasty = "{{ 7*7 }}</w:t><w:t>{% raw %}]]>&lt;\x00\x07\x0b"
    assert filled("{{ v }}", v=nasty) == "{{ 7*7 }}</w:t><w:t>{% raw %}]]>&lt;"
    assert filled("{{ v }}", v="a\nb") == "a\nb"


@pytest.mark.parametrize("token", ["{{ nowhere }}", "{{ q.nmae }}", "{{ q.nmae|upper }}", "{{ q.nmae|default('x') }}"])
def test_a_document_with_an_unresolved_token_is_never_made(token):
    with pytest.raises(DocumentRefused) as refused:
        filled("fine {{ q.name }}", token, q={"name": "x"})
    assert refused.value.code == "unresolved"
    assert token.strip("{} ").split("|")[0] in str(refused.value)


def test_unknown_tokens_are_reported_with_place_and_nearest():
    rows = ["{%tr for line in items %}", "{{ line.unit_prise }}", "{%tr endfor %}"]
    template = word("Dear {{ contact.nmae }},", "{{ quote.number }} {{ zzz }}", rows=rows, header="{{ company.nam }}")
    report = check_template(template, QUOTE_TOKENS)
    unknown_tokens = {item.token: item for item in report.unknown}
    assert set(unknown_tokens) == {"contact.nmae", "zzz", "line.unit_prise", "company.nam"}
    assert unknown_tokens["contact.nmae"].nearest == "contact.name"
    assert unknown_tokens["line.unit_prise"].nearest == "line.unit_price"
    assert unknown_tokens["zzz"].nearest == ""
    assert "Dear {{ contact.nmae }}," in unknown_tokens["contact.nmae"].place
    assert unknown_tokens["company.nam"].place.startswith("header")
    assert not report.is_sound


@pytest.mark.parametrize(
    "text", ["{% if a %}", "{{ a", "{{ a b }}", "{% endfor %}", "{{ a|nonsense }}", "{% nonsense %}"]
)
def test_mistakes_are_reported(text):
    template = word("Hello", text)
    assert check_template(template, ["a"]).errors
    if text != "{{ a":
        with pytest.raises(DocumentRefused):
            render(template, {"a": "x"}, "en")


def test_models_are_not_values():
    with pytest.raises(TypeError):
        render(word("{{ x }}"), {"x": object()}, "en")


def test_fifty_items_are_quick_once_warm():
    template, values = default_template(), quote_values(50)
    render(template, values, "en")
    times = []
    for _round in range(7):
        start = time.perf_counter()
        render(template, values, "en")
        times.append(time.perf_counter() - start)
    # PERF-11 asks for 100 ms; a busy machine gets some air here, the benchmark none.
    assert statistics.median(times) < 0.4


@pytest.mark.slow
def test_libreoffice_reads_what_was_made():
    pdf = to_pdf(render(default_template(), quote_values(), "de"))
    assert pdf is not None
    assert pdf.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=20)
        text = run.stdout.decode()
        for words in ("Fjord & Co <AS>", "Müller GmbH", "Q-2026-0042", "556.715,00", "Delivery in 30 days."):
            assert words in text


def test_a_pdf_that_takes_too_long_is_given_up():
    assert to_pdf(default_template(), timeout=0.05) is None
