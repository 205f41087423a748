"""The generator: the numbers that were asked for, rows that hold together, the same each time."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from kanal.core import access, query, registry
from kanal.core.models import Change, CustomField
from kanal.demo.generator import constraints_off, run
from kanal.demo.generator.run import generate
from kanal.demo.generator.sizes import SIZES, Plan
from kanal.entities.accounts.models import Account
from kanal.entities.activities.models import Activity
from kanal.entities.contacts.models import Contact
from kanal.entities.contracts.models import Contract
from kanal.entities.leads.models import Lead
from kanal.entities.opportunities.models import Opportunity
from kanal.entities.people.models import User
from kanal.entities.pricebooks.models import Price
from kanal.entities.quotes.models import Quote
from kanal.features.search.models import SearchEntry

PLAN = Plan(
    users=24, accounts=60, contacts=40, leads=80, opportunities=70, activities=90, quotes=30, contracts=25, prices=48
)
DAY = dt.date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def make(plan: Plan = PLAN) -> None:
    generate(plan, seed="7", today=DAY, tell=lambda line: None)


def test_the_numbers_are_right_and_each_row_has_its_history():
    make()
    for model, count in (
        (Account, 60),
        (Contact, 40),
        (Lead, 80),
        (Opportunity, 70),
        (Activity, 90),
        (Quote, 30),
        (Contract, 25),
        (Price, 48),
    ):
        entity = registry.of(model)
        assert model.objects.count() == count
        assert Change.objects.filter(entity=entity.key, kind="c").count() == count
    assert CustomField.objects.filter(entity="leads").count() == 20
    assert CustomField.objects.filter(entity="leads", filterable=True).count() == 8
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'kanal_history%' AND tgenabled = 'D'")
        assert cursor.fetchone() == (0,)


def test_a_seller_sees_their_own_and_what_the_people_below_own():
    make()
    director, lead = User.objects.order_by("pk")[:2]
    entity = registry.get("opportunities")
    seller = User.objects.filter(supervisor=lead).first()
    own = access.visible_to(seller, entity)
    assert set(own) == set(Opportunity.objects.filter(owner_ids__contains=[seller.pk]))
    assert access.visible_to(director, entity).count() == 70
    assert access.visible_to(lead, entity).count() > own.count() > 0


def test_custom_values_are_found_by_filters():
    make()
    entity = registry.get("accounts")
    accounts = Account.objects.filter(
        query.condition(query.parse("custom.tier:is(gold)"), entity, query.FilterContext())
    )
    assert {account.custom["tier"] for account in accounts} == {"gold"}


def test_the_same_seed_gives_the_same_rows():
    pictures = []
    for _each in range(2):
        mark = transaction.savepoint()
        make(Plan(users=5, accounts=20, opportunities=20))
        pictures.append(list(Opportunity.objects.order_by("pk").values_list("name", "value", "custom", "updated_at")))
        transaction.savepoint_rollback(mark)
    assert pictures[0] == pictures[1]


def test_sizes_are_those_of_the_specification():
    large, huge = SIZES["large"], SIZES["huge"]
    assert (large.accounts, large.leads, large.activities) == (100_000, 200_000, 500_000)
    assert huge.opportunities == 1_000_000
    assert huge.users == large.users


def test_the_command_says_what_is_missing():
    with pytest.raises(CommandError, match="Say how much"):
        call_command("generate")
    with pytest.raises(CommandError, match="no users"):
        call_command("generate", accounts=5)


def test_what_was_set_aside_is_made_anew_even_by_the_next_run():
    """A run that was killed leaves its list of dropped indexes and keys behind; the next one begins with it."""
    table = Opportunity._meta.db_table
    before = standing(table)
    constraints_off.take_away([table])
    assert standing(table) < before
    make(Plan(users=2, accounts=3))
    assert standing(table) == before
    assert "kanal_set_aside" not in connection.introspection.table_names()


def standing(table: str) -> set[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname::text, indexdef FROM pg_indexes WHERE tablename = %s UNION ALL"
            " SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass",
            [table, table],
        )
        return set(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_several_hands_leave_the_same_as_one(monkeypatch):
    monkeypatch.setattr(run, "WORTH_IT", 10)
    before = standing(Opportunity._meta.db_table)
    make(Plan(users=5, accounts=20, opportunities=20, custom_fields=0))
    assert standing(Opportunity._meta.db_table) == before
    assert Change.objects.filter(entity="opportunities", kind="c").count() == 20
    assert SearchEntry.objects.filter(entity="accounts").count() == 20
