"""Quote documents: the text is read back from the file that was attached (DOC-1…4)."""

import io

import pytest
from docx import Document

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.quotes import documents
from kanal.entities.quotes.tests.factories import quote, shop
from kanal.entities.quotes.tokens import explained, known_tokens
from kanal.features.files.actions import attach
from kanal.kit.documents import default_template
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
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_document_names_customer_items_and_totals_and_the_second_one_is_its_next_version():
    of = shop()
    found = quote(of)
    attach(registry.get("price-books"), of.book.pk, "Offer.docx", default_template(), by=SYSTEM)
    template = documents.templates_for(found)[0]
    assert template.name == "Offer"
    made = documents.generate(found, template, by=SYSTEM)
    text = text_of(made)
    for part in ("Fjord AS", "CRM licence", "Starter", "Travel", found.number):
        assert part in text
    assert "{{" not in text
    again = documents.generate(found, template, by=SYSTEM)
    assert (again.file_id, again.number) == (made.file_id, 2)
    assert (made.file.entity, made.file.record_id) == ("opportunities", of.opportunity.pk)


def test_an_unknown_token_is_reported_with_the_nearest_and_no_document_is_made():
    of = shop()
    found = quote(of)
    content = template_with("For {{ acount.name }}")
    version = attach(registry.get("price-books"), of.book.pk, "Bad.docx", content, by=SYSTEM)
    report = documents.report_of(version)
    assert (report.unknown[0]["token"], report.unknown[0]["nearest"]) == ("acount.name", "account.name")
    with pytest.raises(Refused, match=r"account\.name"):
        documents.generate(found, documents.templates_for(found)[0], by=SYSTEM)


def test_a_harmful_or_wrong_file_is_refused_as_it_is_uploaded():
    template = writes.create(registry.get("templates"), {"name": "Mine"}, by=SYSTEM)
    for name, content in (("mine.txt", b"text"), ("mine.docx", b"no zip"), ("mine.docm", default_template()[:90])):
        with pytest.raises(Invalid):
            attach(registry.get("templates"), template.pk, name, content, by=SYSTEM)


def test_every_known_token_has_a_value():
    found = quote(shop())
    assert len(explained(found, None, "de")) == len(known_tokens())
