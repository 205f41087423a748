"""LibreOffice missing or failing: the document is there, and both are told (REL-4)."""

import pytest

from kanal.core import registry
from kanal.core.actor import SYSTEM
from kanal.entities.leads.tests.factories import make_user
from kanal.entities.people.models import UserType
from kanal.entities.quotes import documents, jobs
from kanal.entities.quotes.tests.factories import quote, shop
from kanal.features.files.actions import attach
from kanal.features.files.models import File
from kanal.kit.documents import default_template, pdf
from kanal.kit.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_quote():
    """Return a quote with a template."""
    of = shop()
    made = quote(of)
    attach(registry.get("price-books"), of.book.pk, "Offer.docx", default_template(), by=SYSTEM)
    return made


def files():
    return sorted(File.objects.filter(entity="opportunities").values_list("name", flat=True))


def test_without_libreoffice_the_document_is_made_and_the_page_says_that_no_pdf_comes(client, sent_quote, monkeypatch):
    monkeypatch.setattr(pdf, "office", lambda: None)
    admin = make_user(user_type=UserType.ADMINISTRATOR)
    client.force_login(admin)
    key = documents.templates_for(sent_quote)[0].key
    page = client.post(f"/crm/quotes/{sent_quote.pk}/generate", {"template": key}, follow=True)
    assert "No PDF: LibreOffice is not installed" in page.content.decode()
    assert [name for name in files() if name.endswith(".docx")]


def test_a_pdf_that_fails_is_a_failed_job_with_a_sentence(sent_quote, monkeypatch):
    version = documents.generate(sent_quote, documents.templates_for(sent_quote)[0], by=SYSTEM)
    monkeypatch.setattr(pdf, "office", lambda: "/bin/false")
    with pytest.raises(Refused, match="LibreOffice could not make a PDF"):
        jobs.make_pdf(version_id=version.pk, user_id=None)
    assert not [name for name in files() if name.endswith(".pdf")]


def test_without_libreoffice_the_job_has_nothing_to_do(sent_quote, monkeypatch):
    version = documents.generate(sent_quote, documents.templates_for(sent_quote)[0], by=SYSTEM)
    monkeypatch.setattr(pdf, "office", lambda: None)
    jobs.make_pdf(version_id=version.pk, user_id=None)
    assert not [name for name in files() if name.endswith(".pdf")]
