"""What a template's author is told: mistakes in words, tokens of other systems, what was meant perhaps (DOC-2)."""

import re

import pytest

from kanal.kit.documents import QUOTE_TOKENS, DocumentRefused, check_template, render
from tests.kit.documents import quote_values, text_of, word

KNOWN = ["name", "city", "paid", "items[].name", "items[].price"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("${account.name}", "account.name"), ("«Account_Name»", "account.name"), ("[[quote.number]]", "quote.number"),
        ("{Contact.FirstName}", "contact.first_name"), ("{!Account.Name}", "account.name"),
        ("<<account.city>>", "account.city"), ("%quote_number%", "quote.number"), ("[Client.Name]", "account.name"),
    ],
)  # fmt: skip
def test_tokens_of_other_systems_are_told(text, meant):
    remarks = check_template(word(f"Dear {text}, 50 % off for 100 % of you"), QUOTE_TOKENS).remarks
    assert any(text in remark and "{{ " + meant + " }}" in remark for remark in remarks), remarks
    assert any("no token" in remark for remark in remarks)
    assert len(remarks) == 2, remarks


def test_a_sound_template_has_no_remarks():
    report = check_template(word("{{ name }} {{ items[0].name }} {50} [1] 5 % of 10 %"), KNOWN)
    assert (report.errors, report.unknown, report.remarks) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% if paid %}x", "{% if … %}” has no “{% endif %}"),
        ("x{% endif %}", "{% endif %}” has no matching “{% if … %}"),
        ("{% for i in items %}{% if paid %}x{% endfor %}", "{% if … %}” has no “{% endif %}"),
        ("{{ name", "not closed"),
        ("{{ name }", "not closed"),
        ("{{ name|uper }}", "Did you mean “upper”?"),
        ("{{ name|nonsense }}", "the filters are"),
        ("{{ today|date('DD.MM.YYYY') }}", "dd.MM.yyyy"),
        ("{{ today|date('HH:mm') }}", "dd.MM.yyyy"),
        ("{{ price|number(99) }}", "from 0 to 12"),
        ("{{ price|money('Euro') }}", "three letters"),
        ("{% include 'x' %}", "not permitted"),
        ("{{ a b }}", "can't be read"),
        ("{% if name && city %}x{% endif %}", "“and”, “or” and “not”"),
        ("{% if name = 'x' %}x{% endif %}", "Write “==”"),
        ("{% if name %}{{ city|uper }}{% endif %}", "Did you mean “upper”?"),
        ("{% if name is empty %}x{% endif %}", "“is empty” is not known"),
        ("{% if name %}a{% elseif city %}b{% endif %}", "Did you mean “{% elif … %}”?"),
        ("{% if name %}a{% else if city %}b{% endif %}", "Did you mean “{% elif … %}”?"),
        ("{% foreach i in items %}x{% endforeach %}", "Did you mean “{% for … %}”?"),
        ("{% if name %}x{% end if %}", "Did you mean “{% endif … %}”?"),
        ("{% for items %}x{% endfor %}", "{% for item in items %}"),
        ("{% for i in name %}x{% endfor %}", "“name” is not a list"),
        ("{{ items }}", "{% for item in items %}{{ item.name }}{% endfor %}"),
        ("{% for i in items %}{{ i }}{% endfor %}", "such as {{ i.name }}"),
        ("{{ name, city }}", "a token of its own"),
        ("{{ name|default('x }}", "in quotation marks is not closed"),
        ("{{ price|money('XQX') }}", "“XQX” is not a currency"),
        ("{{ name() }}", "is not permitted"),
        ("{{ }}", "is empty"),
        ("{{#each items}}", "“#” is not allowed in a token"),
    ],
)
def test_mistakes_are_told_in_words(text, words):
    report = check_template(word("fine", text), [*KNOWN, "today", "price", "a", "b"])
    assert any(words in error and "paragraph 2" in error for error in report.errors), report
    assert not re.search(r"\bat \d{3,}|unexpected char|expected token|Error\b", " ".join(report.errors))


def test_every_mistake_is_told_where_it_stands():
    text = [
        "fine",
        "{{ a b }}",
        "fine",
        "{% for item in items %}",
        "{{ item.nmae }} {{ city|uper }}",
        "{{ nam }}",
        "fine",
    ]
    report = check_template(word(*text), KNOWN)
    assert [re.search(r"paragraph (\d+)", error)[1] for error in report.errors] == ["2", "4", "5"]
    report = check_template(word(*text, "{% endfor %}"), KNOWN)
    assert [re.search(r"paragraph (\d+)", error)[1] for error in report.errors] == ["2", "5"]
    assert [(token.nearest, re.search(r"paragraph (\d+)", token.place)[1]) for token in report.unknown] == [
        ("item.name", "5"), ("name", "6"),
    ]  # fmt: skip


def test_a_loop_over_what_is_unknown_is_told_once():
    report = check_template(word("{% for item in itmes %}{{ item.name }}{% endfor %}"), KNOWN)
    assert [(token.token, token.nearest) for token in report.unknown] == [("itmes", "items")]


def test_a_document_that_fails_says_where():
    with pytest.raises(DocumentRefused, match=r"text, paragraph 2: .*“Ada” is not a number"):
        render(word("fine", "{{ name|money('EUR') }}"), {"name": "Ada"}, "en")
    with pytest.raises(DocumentRefused, match="no entry number 6"):
        render(word("{{ items[5].name }}"), {"items": [{"name": "a"}]}, "en")


@pytest.mark.parametrize(
    "name", ["money", "money('EUR')", "number", "number(2)", "percent", "date", "datetime", "time", "upper"]
)
@pytest.mark.parametrize("value", ["", None, " "])
def test_nothing_is_written_as_nothing(name, value):
    assert text_of(render(word("[{{ x|" + name + " }}]"), {"x": value}, "en")).strip("[] ") == ""
    assert text_of(render(word("{{ x|" + name + "|default('none') }}"), {"x": value}, "en")) == "none"


def test_an_amount_is_in_the_currency_of_the_quote_where_none_is_named():
    values = quote_values()
    template = word("{{ totals.grand_total|money }} {{ totals.grand_total|money('JPY') }}")
    assert text_of(render(template, values, "en")) == "€556,715.00 ¥556,715"


def test_a_smaller_sign_is_no_beginning_of_a_tag():
    template = word("{% if price < 5 and city %}cheap{% endif %}")
    assert check_template(template, [*KNOWN, "price"]).errors == ()
    assert text_of(render(template, {"price": 4, "city": "x"}, "en")) == "cheap"


def test_an_old_word_document_is_not_said_to_have_a_password():
    old = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "WordDocument".encode("utf-16-le")
    with pytest.raises(DocumentRefused, match="old Word"):
        check_template(old, [])


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("dd.MM.yyyy", "01.03.2026"), ("d. MMMM y", "1. March 2026"), ("%d.%m.%Y", "01.03.2026"),
        ("yyyy-MM-dd", "2026-03-01"),
        ("EEEE d MMM", "Sunday 1 Mar"), ("d 'de' MMMM 'de' y", "1 de March de 2026"), ("%d de %B", "01 de March"),
    ],
)  # fmt: skip
def test_dates_follow_a_pattern_of_ones_own(pattern, written):
    quote = "'" if "'" not in pattern else '"'
    template = word(f"{{{{ today|date({quote}{pattern}{quote}) }}}}")
    assert check_template(template, ["today"]).is_sound
    assert text_of(render(template, quote_values(), "en")) == written


@pytest.mark.parametrize(
    ("token", "meant"),
    [
        ("quote.total", "totals.grand_total"), ("customer.name", "account.name"),
        ("contact.fistname", "contact.first_name"), ("deal.name", "opportunity.name"), ("sender.email", "seller.email"),
        ("offer.number", "quote.number"),
        ("item.name", "{% for item in items %}{{ item.name }}{% endfor %}"),
        ("products.total", "{% for item in items %}{{ item.total }}{% endfor %}"), ("zzz.qqq", ""),
    ],
)  # fmt: skip
def test_suggestions_mean_what_was_meant(token, meant):
    report = check_template(word(f"{{{{ {token} }}}}"), QUOTE_TOKENS)
    assert [unknown_token.nearest for unknown_token in report.unknown] == [meant]
