"""E-mail addresses made to be taken for another's: they identify nobody, and nothing breaks (INTAKE-4, SEC-3)."""

import pytest

from kanal.core.cache import invalidate
from kanal.entities.intake.tests.test_actions import handled, make_source
from kanal.entities.intake.tests.test_matching import make_contact
from kanal.entities.leads.tests.factories import make_account

pytestmark = pytest.mark.django_db
TRICKS = {
    "a Cyrillic a": "\u0430nna.kim@nordlys.example",
    "a Cyrillic domain": "anna.kim@nordl\u0443s.example",
    "no width": "anna\u200b.kim@nordlys.example",
    "a soft hyphen": "anna.\u00adkim@nordlys.example",
    "a dotted capital I": "anna.k\u0130m@nordlys.example",
    "a dotless i": "anna.k\u0131m@nordlys.example",
    "wide letters": "\uff41nna.kim@nordlys.example",
    "a wide at": "anna.kim\uff20nordlys.example",
    "an accent": "\u00e1nna.kim@nordlys.example",
    "an accent of its own": "a\u0301nna.kim@nordlys.example",
    "right to left": "\u202eanna.kim@nordlys.example",
    "two addresses": "anna.kim@nordlys.example,other@evil.example",
    "a comment": "anna.kim(x)@nordlys.example",
    "a second at": "anna.kim@nordlys.example@evil.example",
    "a line of a header": "anna.kim@nordlys.example\r\nBcc: x@evil.example",
}


@pytest.fixture(autouse=True)
def _nothing_cached():
    invalidate()
    yield
    invalidate()


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_is_nobody(name):
    """The contact and the account of the real address are not found by it; the post is kept whatever it holds."""
    account = make_account(organization="Somebody", email="anna.kim@nordlys.example")
    contact = make_contact(account=account.pk, first_name="Anna", last_name="Kim", email="anna.kim@nordlys.example")
    row = handled(make_source(), {"last_name": "Other", "email": TRICKS[name]})
    assert (row.state, row.lead is None) in {("done", False), ("attention", True)}
    assert not any(contact.pk == fact.get("contact") for fact in row.steps)
    if row.lead is not None:
        assert (row.lead.contact, row.lead.email == contact.email) == (None, False)


@pytest.mark.parametrize("email", ["anna.kim\u0000@nordlys.example", "anna\ud800@nordlys.example", "@", "x" * 100_000])
def test_what_is_no_text_breaks_nothing(email):
    """The post is kept, and a lead is made of the rest or a person asked."""
    assert handled(make_source(), {"last_name": "Other", "email": email}).state in ("done", "attention")


@pytest.mark.parametrize(
    ("email", "place"),
    [("ANNA.KIM@Nordlys.example", 0), ("\u00c1NNA.kim@nordlys.example", 1), ("A\u0301nna.kim@nordlys.example", 1)],
)
def test_the_same_address_is_somebody(email, place):
    """In capitals too; one with an accent is known by itself, and is not the one without."""
    account = make_account(organization="Somebody").pk
    known = [
        make_contact(account=account, email=address)
        for address in ("anna.kim@nordlys.example", "\u00e1nna.kim@nordlys.example")
    ]
    assert handled(make_source(), {"last_name": "Kim", "email": email}).lead.contact == known[place]


def test_an_account_is_not_known_by_an_address_that_only_looks_alike():
    """The index is asked by letters without accents; what is found must be the same address."""
    accented = make_account(organization="Other", email="\u00e1nna@gmail.com")
    assert handled(make_source(), {"last_name": "Kim", "email": "anna@gmail.com"}).lead.account_id != accented.pk
    assert handled(make_source(), {"last_name": "Kim", "email": "\u00e1nna@gmail.com"}).lead.account_id == accented.pk
