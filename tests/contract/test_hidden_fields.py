"""Each field of a deal's family is hidden in turn, and its value is looked for wherever rooms show it (ACC-6)."""

import datetime as dt
import json
import re
from decimal import Decimal

import pytest
from django.test import Client

from kanal.core import access, registry, tokens, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.checks import undeclared
from kanal.core.fields import fields_of
from kanal.core.models import FieldRule, FieldVisibility
from kanal.entities.accounts.tests.factories import make, make_user
from kanal.entities.pricebooks.models import Price
from kanal.entities.quotes.tests.factories import quote, shop
from kanal.entities.quotes.tokens import context_of
from kanal.kit.money import Money
from kanal.kit.writing import written_day

pytestmark = pytest.mark.django_db
EVERY = ["view", "add", "edit", "delete", "export", "qualify", "sold", "unlock", "generate", "new_quote", "add_items"]
TYPES = ("quotes", "quote-items", "contracts", "opportunities", "leads", "activities", "accounts")
# What a record is called is seen by all; what names it is part of that.
CALLED = {"leads": {"name", "subject", "company", "first_name", "last_name"}, "activities": {"subject"},
          "accounts": {"organization"}, "quote-items": {"name"}, "contracts": {"name"}, "quotes": {"name"},
          "opportunities": {"name"}}  # fmt: skip
LEAST = 1000
THIS_DECADE = 2029


@pytest.fixture
def user():
    """Return somebody of the company who may do everything and sees everything."""
    keys = [entity.key for entity in registry.all_entities()]
    return make_user("all", EVERY, keys)


@pytest.fixture
def family(user):
    """Return a lead, its deal, a quote with items, a contract and an activity, with values of their own."""
    store = shop()
    writes.change(
        store.account, {"city": "Zqcity", "email": "zqaccount@kanal.example", "street": "Zqstreet 1"}, by=SYSTEM
    )
    deal = store.opportunity
    values = {
        "need": "Zqneed",
        "description": "Zqdescription",
        "competitor": "Zqrival",
        "expected_close_date": "2031-03-17",
    }
    writes.change(deal, values, by=SYSTEM)
    items = [{"name": "Travel", "amount": 3, "unit_price": "7391.37", "description": "Zqitem", "discount_percent": "3"},
             {"product": store.licence.pk, "amount": 1234}]  # fmt: skip
    offer = quote(store, items, note="Zqnote", valid_until="2032-04-19")
    writes.change(offer, {"terms": "Zqterms", "payment_terms": "Zqpay"}, by=SYSTEM)
    contract = make(
        "contracts", account=store.account.pk, opportunity=deal.pk, project=store.project.pk, type="software",
        amount="4321", price={"amount": "8642.11", "currency": "EUR"},
        value={"amount": "97531.13", "currency": "EUR"}, name="Contract", start="2033-05-21", end="2034-06-23",
    )  # fmt: skip
    lead = make("leads", project=store.project.pk, company="Fjord AS", first_name="Zqfirst", last_name="Zqlast",
                email="zqlead@kanal.example", street="Zqroad 5", description="Zqwish",
                account=store.account.pk)  # fmt: skip
    call = make("activities", subject="Call", category="call", text="Zqtext", outcome="Zqoutcome", next_step="Zqnext",
                place="Zqplace", opportunity=deal.pk)  # fmt: skip
    item = offer.items.get(name="Travel")
    return {"quotes": offer, "quote-items": item, "contracts": contract, "opportunities": deal, "leads": lead,
            "activities": call, "accounts": store.account}  # fmt: skip


def places(family, user):
    """Return what is shown to a user, by place: pages with their blocks and tabs, documents, answers of the API."""
    deal, offer = family["opportunities"], family["quotes"]
    pages = [f"/crm/opportunities/{deal.pk}/?items={offer.pk}", f"/crm/quotes/{offer.pk}/",
             f"/crm/quotes/{offer.pk}/?tab=tokens", f"/crm/opportunities/{deal.pk}/sold",
             f"/crm/leads/{family['leads'].pk}/qualify", f"/crm/accounts/{family['accounts'].pk}/?tab=relations",
             f"/crm/opportunities/{deal.pk}/?kind=activities", f"/crm/quotes/{offer.pk}/save-items"]  # fmt: skip
    client, token = Client(), {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}
    client.force_login(user)
    for key, record in family.items():
        entity = registry.get(key)
        pages += [entity.url(record.pk), f"{entity.url(record.pk)}?tab=history", entity.list_url]
        for url in (f"/api/v1/{key}/{record.pk}", f"/api/v1/{key}/{record.pk}/history", f"/api/v1/{key}"):
            yield url, client.get(url, headers=token).content.decode()
    for url in pages:
        yield url, client.get(url).content.decode()
    yield "document", str(context_of(offer, user=user))


def spellings(value):
    """Return how a value may be written; none for one that is not distinctive."""
    if isinstance(value, Money):
        value = value.amount
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = Decimal(value)
        return {f"{number:,.2f}", f"{number:.2f}", f"{number.normalize():f}"} if number >= LEAST else set()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value.year > THIS_DECADE:
        return {value.isoformat(), written_day(value, "en")}
    text = json.dumps(value) if isinstance(value, dict) else value
    return {text} if isinstance(text, str) and "zq" in text.lower() else set()


def distinctive(key, record):
    """Return the fields of a record with a value that can be told again: {field: spellings}."""
    called = CALLED[key] | {"id"}
    fields = {name: field for name, field in fields_of(registry.get(key)).items() if name not in called}
    values = {name: spellings(field.get(record)) for name, field in fields.items() if field.type.category != "relation"}
    return {name: texts for name, texts in values.items() if texts}


@pytest.mark.parametrize("key", TYPES)
def test_a_hidden_field_is_found_nowhere(key, family, user):
    """ACC-6: blocks, tabs, figures, tokens, documents, pages of rooms, prefilled forms and the API ask one place."""
    record = type(family[key]).objects.get(pk=family[key].pk)
    texts_by_field = distinctive(key, record)
    others = set()
    for name, relative in family.items():
        if name != key:
            others |= set().union(*distinctive(name, type(relative).objects.get(pk=relative.pk)).values())
    for item in family["quotes"].items.all() if key == "quotes" else ():
        others |= set().union(*distinctive("quote-items", item).values())
    before = dict(places(family, user))
    checked = 0
    for field, texts in texts_by_field.items():
        same = {text for name, each in texts_by_field.items() if name != field for text in each}
        wanted = texts - others - same
        if not any(text in shown for text in wanted for shown in before.values()):
            continue
        checked += 1
        row = FieldVisibility.objects.create(entity=key, field=field, user_types=["administrator"])
        invalidate()
        leaks = [(place, text) for place, shown in places(family, user) for text in wanted if text in shown]
        assert not leaks, f"{key}.{field}: {leaks}"
        row.delete()
        invalidate()
    assert checked >= 2, texts_by_field


@pytest.mark.parametrize("field", ["unit_price", "list_price"])
def test_where_a_price_came_from_goes_with_the_price(field, family, user):
    """ACC-6: `price_origin` repeats the price."""
    FieldVisibility.objects.create(entity="quote-items", field=field, user_types=["administrator"])
    invalidate()
    assert "price_origin" not in access.FieldContext(user, registry.get("quote-items")).readable


def test_an_items_table_with_hidden_fields_only_shows(family, user):
    """What is not shown would be stored as empty: such a table can't be typed in."""
    offer = family["quotes"]
    client = Client()
    client.force_login(user)
    assert b'name="unit_price-' in client.get(f"/crm/quotes/{offer.pk}/save-items").content
    FieldVisibility.objects.create(entity="quote-items", field="unit_price", user_types=["administrator"])
    invalidate()
    assert b'name="unit_price-' not in client.get(f"/crm/quotes/{offer.pk}/save-items").content


def test_every_part_of_a_page_says_of_which_fields_it_tells():
    """A tab, block or figure without that is an error at the start."""
    assert [error for entity in registry.all_entities() for error in undeclared(entity)] == []


def offered(client, offer):
    """Return what the steps "choose" and "review" show of what a quote's book offers."""
    url = f"/crm/quotes/{offer.pk}/add-items"
    first = client.get(url).content.decode()
    picks = re.findall(r'name="pick" value="(\w+)"', first)
    assert picks
    return first + client.post(url, {"do": "next", "pick": picks}).content.decode()


@pytest.mark.parametrize("hidden", ["prices.price", "quote-items.unit_price"])
def test_what_can_be_added_to_a_quote_shows_no_hidden_price(hidden, family, user):
    """ACC-6, QUOTE-1: the steps of choosing products ask what the reader may see, as their price book's page does."""
    client, offer = Client(), family["quotes"]
    client.force_login(user)
    price = Price.objects.filter(price_book=offer.price_book, product__isnull=False).order_by("amount").first()
    writes.change(price, {"price": {"amount": "8642.97", "currency": price.currency}}, by=SYSTEM)
    assert "8,642.97" in offered(client, offer)
    key, _dot, field = hidden.partition(".")
    FieldVisibility.objects.create(entity=key, field=field, user_types=["administrator"])
    invalidate()
    assert "642.97" not in offered(client, offer)


def test_codes_that_are_hidden_are_not_searched(family, user):
    """LIST-3a: a hidden field can't be probed by the search for products either."""
    client, offer = Client(), family["quotes"]
    client.force_login(user)
    product = Price.objects.filter(price_book=offer.price_book, product__isnull=False).first().product
    writes.change(product, {"code": "ZQCODE"}, by=SYSTEM)
    url = f"/crm/quotes/{offer.pk}/add-items"
    assert product.name in client.post(url, {"q": "zqcod"}).content.decode()
    FieldVisibility.objects.create(entity="products", field="code", user_types=["administrator"])
    invalidate()
    assert product.name not in client.post(url, {"q": "zqcod"}).content.decode()


def test_rows_of_a_quote_take_nothing_for_closed_fields(family, user):
    """ACC-6, FORM-2: `add-items`, `new-quote` and `save-items` write no field that is hidden or read-only, by API."""
    offer, item, client = family["quotes"], family["quote-items"], Client()
    token = {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}

    def send(path, items, **more):
        return client.post(path, {"items": items, **more}, content_type="application/json", headers=token)

    add, save = f"/api/v1/quotes/{offer.pk}/add-items", f"/api/v1/quotes/{offer.pk}/save-items"
    rows = [{"id": offer_item.pk, "name": offer_item.name} for offer_item in offer.items.all()]
    FieldVisibility.objects.create(entity="quote-items", field="unit_price", user_types=["administrator"])
    FieldRule.objects.create(entity="quote-items", field="discount_percent", mode=FieldRule.Mode.READ_ONLY)
    invalidate()
    new = f"/api/v1/opportunities/{offer.opportunity_id}/new-quote"
    for path in (add, new):
        refused = send(path, [{"name": "Mine", "unit_price": "1"}], **({"name": "Other"} if path == new else {}))
        assert refused.status_code == 422, refused.content
        assert refused.json()["errors"][0]["field"] == "items.0.unit_price"
    assert send(add, [{"name": "Mine", "discount_percent": "50"}]).status_code == 422
    for change in ({"unit_price": "1"}, {"discount": "50"}, {"total": "5"}):
        given = [{**row, **(change if row["id"] == item.pk else {})} for row in rows]
        assert send(save, given).status_code == 422, change
        item.refresh_from_db()
        assert (item.unit_price, item.discount_percent) == (Decimal("7391.37"), Decimal(3))
    assert send(save, rows).status_code == 200
    assert send(add, [{"name": "Mine"}]).status_code == 200
