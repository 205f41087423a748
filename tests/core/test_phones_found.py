"""Phone numbers are found in any spelling, by quick search, filter and search (SRCH-1, LIST-2)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kanal.core import registry
from kanal.core.listing.query import search_node
from kanal.core.query import FilterContext, condition, parse
from kanal.entities.contacts.models import Contact
from kanal.entities.leads.tests.factories import make, make_account
from kanal.features.search.words import asked_words, index_words

pytestmark = pytest.mark.django_db
NUMBERS = {
    "NO": "+4722334455",
    "DK": "+4533123456",
    "GB": "+442079460958",
    "IT": "+390669812345",
    "CZ": "+420601123456",
}
SPELLINGS = [
    *(("NO", text) for text in ("22 33 44 55", "22334455", "+47 22 33 44 55", "0047 22334455", "(+47) 22-33-44-55")),
    *(("DK", text) for text in ("33 12 34 56", "+45 33123456")),
    *(("GB", text) for text in ("020 7946 0958", "+44 (0)20 7946 0958", "0044 20 79460958", "+44 20 7946-0958")),
    *(("IT", text) for text in ("06 6981 2345", "+39 06 69812345")),
    *(("CZ", text) for text in ("601 123 456", "+420 601 123 456")),
]


@pytest.fixture
def people():
    account = make_account(organization="Nordlys")
    return {
        country: make("contacts", last_name=country, account=account.pk, mobile=number, country=country)
        for country, number in NUMBERS.items()
    }


def found_by(node):
    entity = registry.get("contacts")
    return set(Contact.objects.filter(condition(node, entity, FilterContext())).values_list("pk", flat=True))


@pytest.mark.parametrize(("country", "text"), SPELLINGS)
def test_a_number_is_found_in_any_spelling(people, country, text):
    wanted = {people[country].pk}
    entity = registry.get("contacts")
    for op in ("is", "starts", "contains"):
        assert found_by(parse(f"mobile:{op}({text.replace('(', '%28').replace(')', '%29')})")) == wanted, op
    assert found_by(search_node(entity, text, FilterContext())) == wanted
    (word,) = asked_words(text)
    assert any(indexed_word.startswith(word) for indexed_word in index_words([], [NUMBERS[country]]).split())


def test_the_opposite_is_all_the_rest(people):
    everybody = {person.pk for person in people.values()}
    for text in ("22 33 44 55", "+47 22334455", "unknown"):
        filtered = found_by(parse(f"mobile:is({text})"))
        assert filtered | found_by(parse(f"!mobile:is({text})")) == everybody
        assert not filtered & found_by(parse(f"mobile:not({text})"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.from_regex(r"[+#]?[0-9 ]{1,20}", fullmatch=True))
def test_any_text_can_be_searched_for(text):
    """Also ten to fifteen digits, which are no id."""
    for key in ("contacts", "leads", "accounts", "opportunities"):
        entity = registry.get(key)
        if (node := search_node(entity, text, FilterContext())) is not None:
            list(entity.model._default_manager.filter(condition(node, entity, FilterContext()))[:1])


def test_addresses_are_found_as_they_are_typed():
    """LIST-2: a web site without its scheme, an e-mail address in capitals, alone and among others."""
    site = make_account(organization="Nordlys", website="https://nordlys.example", email="post@nordlys.example")
    other = make_account(organization="Solvind", website="https://solvind.example")
    entity = registry.get("accounts")

    def found(text):
        rows = entity.model.objects.filter(condition(parse(text), entity, FilterContext()))
        return set(rows.values_list("pk", flat=True)) & {site.pk, other.pk}

    for text in ("website:is(nordlys.example)", "website:any(Nordlys.example)", "website:starts(nord)"):
        assert found(text) == {site.pk}, text
    assert found("website:is(https://nordlys.example)") == {site.pk}
    assert found("email:is(POST@Nordlys.example)") == {site.pk}
    assert found("!website:is(nordlys.example)") == found("website:not(nordlys.example)") == {other.pk}
