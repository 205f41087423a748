"""Generates a data set by a plan: surroundings, table after table, indexes of custom fields, search, statistics."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection, transaction

from kanal.core import registry
from kanal.core.fields import fields_of
from kanal.core.models import Series
from kanal.core.query import indexes
from kanal.core.remembered import forget
from kanal.demo.generator import commerce, customers, customfields, sales, surroundings, work
from kanal.demo.generator.loading import BLOCK, WORTH_IT, Load, Tell, aside, first_free_id, load
from kanal.demo.generator.sizes import Plan
from kanal.demo.generator.world import World, ids_of
from kanal.features.search import indexing

Rows = Callable[[World, int, int], Iterator[tuple[str, ...]]]
TABLES: tuple[tuple[str, tuple[str, ...], Rows], ...] = (
    ("accounts", customers.ACCOUNT, customers.accounts),
    ("contacts", customers.CONTACT, customers.contacts),
    ("leads", sales.LEAD, sales.leads),
    ("opportunities", sales.OPPORTUNITY, sales.opportunities),
    ("activities", work.ACTIVITY, work.activities),
)
COMMERCE: tuple[tuple[str, tuple[str, ...], Rows], ...] = (
    ("products", commerce.PRODUCT, commerce.products),
    ("prices", commerce.PRICE, commerce.prices),
    ("quotes", commerce.QUOTE, commerce.quotes),
    ("contracts", commerce.CONTRACT, commerce.contracts),
)
SERIES = {"opportunities": "opportunities", "quotes": "quotes-{year}", "contracts": "contracts"}
ON_OPPORTUNITIES = ("quotes", "contracts")


def generate(plan: Plan, *, seed: str, today: dt.date, tell: Tell) -> None:
    """Make the data set; the same plan, seed and day in an installation of the same state give the same rows."""
    if not plan.opportunities and (plan.quotes or plan.contracts):
        raise LookupError("Quotes and contracts stand on opportunities: ask for some by --opportunities.")
    world = World(seed, today, plan.custom_fields)
    surround(world, plan, tell)
    declared = {key: customfields.declare(key, plan.custom_fields) for key, _columns, _rows in TABLES}
    for key, columns, rows in TABLES:
        count = getattr(plan, key)
        if count:
            load_type(world, key, columns, rows, count, tell)
    counts = {"products": -(-plan.prices // commerce.prices_each()), "prices": plan.prices}
    for key, columns, rows in COMMERCE:
        count = counts[key] if key in counts else min(getattr(plan, key), plan.opportunities)
        if count:
            load_type(world, key, columns, rows, count, tell)
    for key, fields in declared.items():
        if getattr(plan, key) and fields:
            index_custom(key, tell)
    made = [key for key in (*declared, *ON_OPPORTUNITIES) if getattr(plan, key)]
    make_searchable([*made, *(["products"] if plan.prices else [])], tell)
    analyze(tell)


def surround(world: World, plan: Plan, tell: Tell) -> None:
    """Make or find what the records stand on."""
    from kanal.entities.people.models import User

    if plan.users:
        surroundings.people(world, plan.users, tell)
    else:
        world.users = world.sellers = ids_of(User, is_active=True, partner=None)
    if not world.sellers:
        raise LookupError("There are no users to own the records: ask for some by --users.")
    with transaction.atomic():
        surroundings.projects(world)
        surroundings.partners(world, min(50, max(plan.accounts // 500, 1)))
        surroundings.campaigns(world, min(60, max(plan.leads // 500, 1)))
    if not world.campaigns:
        raise LookupError("There are no campaigns for the leads.")
    tell(f"{len(world.users)} users, {len(world.projects)} projects, {len(world.partners)} partners")


def load_type(world: World, key: str, columns: tuple[str, ...], rows: Rows, count: int, tell: Tell) -> None:
    """Load the records of one type."""
    model = registry.get(key).model
    first = first_free_id(model)
    world.remember(key, first, count)
    if key in SERIES:
        world.number = reserve(SERIES[key].format(year=world.today.year), count)
    made = rows(world, first, count)
    load(Load(model, columns, made, count, first), tell)


def reserve(series: str, count: int) -> int:
    """Take so many running numbers at once; give the first."""
    with transaction.atomic():
        found = Series.objects.select_for_update()
        row, _made = found.get_or_create(name=series, defaults={"last": 0})  # pen: a counter
        row.last += count
        row.save(update_fields=["last"])  # pen: a counter
    return row.last - count + 1


def index_custom(key: str, tell: Tell) -> None:
    """Make the indexes of a type's filterable custom fields."""
    forget()
    entity = registry.get(key)
    made = [field for field in fields_of(entity).values() if field.is_custom and field.filterable]
    for field in made:
        indexes.make(entity, field, concurrently=False)
    tell(f"{key}: indexes of {len(made)} custom fields")


def make_searchable(keys: list[str], tell: Tell) -> None:
    """Write the entries by which search finds the records of some types, those anew that are there."""
    entities = [registry.get(key) for key in keys if indexing.is_searched(registry.get(key))]
    count = sum(entity.model._default_manager.count() for entity in entities)
    table, began, done = indexing.SearchEntry._meta.db_table, time.monotonic(), 0
    with transaction.atomic(), connection.cursor() as cursor, aside(cursor, table, count >= WORTH_IT):
        cursor.execute(f'DELETE FROM "{table}" WHERE entity = ANY(%s)', [keys])  # noqa: S608 - a table's name
        for entity in entities:
            entries = indexing.entries(entity)
            while block := list(islice(entries, BLOCK)):
                indexing.copy(block)
                done += len(block)
            tell(f"  {entity.key}: {done:,} of {count:,} entries of search")
    tell(f"{done:,} entries of search in {time.monotonic() - began:.1f} s")


def analyze(tell: Tell) -> None:
    """Have the planner count anew, so that the first query is planned as well as the thousandth."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    tell("statistics are fresh")
