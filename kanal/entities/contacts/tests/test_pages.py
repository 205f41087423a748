"""The pages of personal contacts (OP-CONT, OP-ACC-05, OP-PART-04)."""

import pytest

from kanal.entities.accounts.tests.factories import make_account, make_partner, make_user
from kanal.entities.contacts.models import Contact, ContactType

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(client):
    client.force_login(make_user("", user_type="administrator"))
    return client


@pytest.mark.parametrize(("parent", "make", "kind"), [
    ("account", make_account, "employee"), ("partner", make_partner, "consultant"),
])  # fmt: skip
def test_op_acc_05_a_person_is_begun_on_an_account_or_a_partner(pages, parent, make, kind):
    record = make()
    url = f"/crm/contacts/new?{parent}={record.pk}"
    assert pages.get(url).status_code == 200
    answer = pages.post(url, {"last_name": "Berg", parent: record.pk})
    assert answer.status_code == 302, answer.content.decode()
    contact = Contact.objects.get()
    assert (getattr(contact, parent), contact.type.key) == (record, kind)


def test_cont_3_no_person_is_begun_alone(pages):
    assert pages.get("/crm/contacts/new").status_code == 404
    assert 'href="/crm/contacts/new"' not in pages.get("/crm/contacts/data/").content.decode()


def test_op_cont_01_a_new_type_of_contact(pages):
    assert "Personal contact types" in pages.get("/crm/contacts/").content.decode()
    assert "New personal contact type" in pages.get("/crm/contact-types/").content.decode()
    assert (
        pages.post("/crm/contact-types/new", {"name": "Board member", "position": 3, "is_active": "on"}).status_code
        == 302
    )
    assert ContactType.by_key("board_member").name == "Board member"
