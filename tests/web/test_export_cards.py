"""Contacts and accounts as vCards: they go in again as they came out (IMP-3)."""

import pytest

from kanal.core import registry
from kanal.core.listing import ListQuery
from kanal.entities.accounts.tests.factories import make_account
from kanal.entities.contacts.tests.factories import make_contact
from kanal.entities.leads.tests.factories import make_user
from kanal.features.exporting.cards import cards
from kanal.features.exporting.rows import ExportRows
from kanal.features.importing import reading
from kanal.kit.contentlines import folded

pytestmark = pytest.mark.django_db
NOTE = "One; two, three\nå long line " + "ø" * 80 + " \\ end"


def test_cards_are_read_back_as_they_were_written(client):
    admin = make_user(user_type="administrator")
    account = make_account(organization="Søn, Far & Co; AS", country="NO")
    person = {"first_name": "Åse Anna", "last_name": "Ødegård", "title": "Dr.", "email": "ase@card.example"}
    place = {"street": "Storgata 1\n2. etasje", "city": "Bodø", "postcode": "8000", "country": "NO"}
    make_contact(account=account.pk, mobile="+47 99 88 77 66", description=NOTE, **person, **place)
    client.force_login(admin)
    content = b"".join(client.get("/crm/contacts/data/export.vcf?q=card.example").streaming_content)
    table = reading.read_table(content, "contacts.vcf")
    ((_line, cells),) = table.rows
    row = dict(zip(table.heads, cells, strict=True))
    assert (row["First name"], row["Last name"], row["Title"]) == ("Åse Anna", "Ødegård", "Dr.")
    assert (row["Company"], row["Comment"], row["Country"]) == ("Søn, Far & Co; AS", NOTE, "Norway")
    assert (row["City"], row["Mobile"], row["E-mail"]) == ("Bodø", "+4799887766", "ase@card.example")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_company_is_no_person():
    make_account(organization="Nord AS", email="post@nord.example")
    text = "".join(cards(ExportRows(ListQuery(entity=registry.get("accounts")), [])))
    table = reading.read_table(text.encode(), "accounts.vcf")
    rows = [dict(zip(table.heads, cells, strict=True)) for _line, cells in table.rows]
    assert [(row["Company"], row["First name"], row["Full name"]) for row in rows] == [("Nord AS", "", "")]


def test_lines_are_folded_between_letters():
    assert [len(piece.encode()) <= 75 for piece in folded("NOTE:" + "ø" * 100).split("\r\n")] == [True] * 3
