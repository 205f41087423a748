"""Quote documents: the text is read back from the file that was attached (DOC-1…4)."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from docx import Document

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.entities.accounts.tests.factories import make
from kanal.entities.quotes import documents
from kanal.entities.quotes.models import TemplateReport
from kanal.entities.quotes.tests.factories import quote, shop
from kanal.entities.quotes.tokens import context_of, explained, known_tokens, sample_context
from kanal.features.files.actions import attach
from kanal.kit.documents import default_template, render
from kanal.kit.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


def template_with(text):
    document = Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def text_of(version):
    document = Document(io.BytesIO(documents.content_of(version)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_document_names_customer_items_and_totals_and_the_second_one_is_its_next_version():
    of = shop()
    sales_quote = quote(of)
    attach(registry.get("price-books"), of.book.pk, "Offer.docx", default_template(), by=SYSTEM)
    template = documents.templates_for(sales_quote)[0]
    assert template.name == "Offer"
    made = documents.generate(sales_quote, template, by=SYSTEM)
    text = text_of(made)
    for part in ("Fjord AS", "CRM licence", "Starter", "Travel", sales_quote.number):
        assert part in text
    assert "{{" not in text
    again = documents.generate(sales_quote, template, by=SYSTEM)
    assert (again.file_id, again.number) == (made.file_id, 2)
    assert (made.file.entity, made.file.record_id) == ("opportunities", of.opportunity.pk)


def test_an_unknown_token_is_reported_with_the_nearest_and_no_document_is_made():
    of = shop()
    sales_quote = quote(of)
    content = template_with("For {{ acount.name }}")
    version = attach(registry.get("price-books"), of.book.pk, "Bad.docx", content, by=SYSTEM)
    report = documents.report_of(version)
    assert (report.unknown[0]["token"], report.unknown[0]["nearest"]) == ("acount.name", "account.name")
    with pytest.raises(Refused, match=r"account\.name"):
        documents.generate(sales_quote, documents.templates_for(sales_quote)[0], by=SYSTEM)


def test_a_harmful_or_wrong_file_is_refused_as_it_is_uploaded():
    template = writes.create(registry.get("templates"), {"name": "Mine"}, by=SYSTEM)
    for name, content in (("mine.txt", b"text"), ("mine.docx", b"no zip"), ("mine.docm", default_template()[:90])):
        with pytest.raises(Invalid):
            attach(registry.get("templates"), template.pk, name, content, by=SYSTEM)


def test_every_known_token_has_a_value():
    sales_quote = quote(shop())
    assert len(explained(sales_quote, None, "de")) == len(known_tokens())


@pytest.mark.parametrize("has_quotes", [True, False])
def test_a_mistake_that_only_a_document_shows_is_found_at_the_upload(has_quotes):
    """DOC-2: a trial document is made from a recent quote, from sample values where there is none."""
    of = shop()
    if has_quotes:
        quote(of)
    author = make(
        "users", username="author", last_name="Author", email="author@kanal.example", user_type="administrator"
    )
    content = template_with("{{ account.name|date }}")
    version = attach(
        registry.get("price-books"), of.book.pk, "Trial.docx", content, by=Actor(author, ChangeSource.FORM)
    )
    report = documents.report_of(version)
    assert not report.unknown
    assert len(report.errors) == 1
    assert "is not a date" in report.errors[0]


def test_sample_values_fill_in_the_first_template():
    assert render(default_template(), sample_context(), "de").startswith(b"PK")


def test_what_is_left_out_of_documents_stands_in_the_report():
    of = shop()
    version = attach(registry.get("price-books"), of.book.pk, "Plain.docx", template_with("Nothing"), by=SYSTEM)
    assert ["no token" in remark for remark in documents.report_of(version).remarks] == [True]


@pytest.mark.parametrize(
    ("language", "percent", "amount"), [("en", "12.5\xa0%", "€5.00"), ("de", "12,5\xa0%", "5,00\xa0€")]
)
def test_a_discount_carries_its_unit(language, percent, amount):
    """DOC-1: a percentage, or an amount with its currency, as the document's language writes it."""
    line = {"name": "Travel", "amount": 2, "unit_price": "50"}
    items = [{**line, "discount_percent": "12.5"}, {**line, "discount_amount": "5"}, line]
    context = context_of(quote(shop(), items), language=language)
    assert [row["discount"] for row in context["items"]] == [percent, amount, ""]
    numbers = [(row["discount_percent"], row["discount_amount"]) for row in context["items"]]
    assert numbers == [(Decimal("12.5"), Decimal("12.5")), (0, 5), (0, 0)]


def test_a_template_goes_with_the_reports_of_its_files():
    """DOC-1: a template is deleted with its files, their versions and what their check has found."""
    template = writes.create(registry.get("templates"), {"name": "House"}, by=SYSTEM)
    version = attach(registry.get("templates"), template.pk, "House.docx", default_template(), by=SYSTEM)
    assert documents.report_of(version).is_sound
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM quotes_documenttemplate WHERE id = %s", [template.pk])
    connection.check_constraints()
    assert not TemplateReport.objects.filter(pk=version.pk).exists()


def test_the_first_template_shows_sections_without_amounts_and_says_what_is_optional():
    """QUOTE-3: a section is a name alone; an optional item is shown as such."""
    items = [{"kind": "section", "name": "Services"}, {"name": "Travel", "amount": 2, "unit_price": "50"},
             {"name": "Training", "amount": 1, "unit_price": "9", "is_optional": True}]  # fmt: skip
    values = context_of(quote(shop(), items))
    document = Document(io.BytesIO(render(default_template(), values, "en")))
    totals_by_name = {row.cells[1].text: row.cells[-1].text for table in document.tables for row in table.rows}
    assert (totals_by_name["Services"], totals_by_name["Travel"]) == ("", "€100.00")
    assert "Training (optional)" in totals_by_name
