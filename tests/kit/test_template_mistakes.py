"""What a template's author is told: mistakes in words, tokens of other systems, what was meant perhaps (DOC-2)."""

import re

import pytest

from kanal.kit.documents import QUOTE_TOKENS, check_template, render
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
        ("x{% endif %}", "{% endif %}” stands without its “{% if … %}"),
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
    ],
)
def test_mistakes_are_told_in_words(text, words):
    report = check_template(word("fine", text), [*KNOWN, "today", "price", "a", "b"])
    assert any(words in error and "paragraph 2" in error for error in report.errors), report
    assert not re.search(r"\bat \d{3,}|unexpected char|Error\b", " ".join(report.errors))


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
    assert [one.nearest for one in report.unknown] == [meant]
