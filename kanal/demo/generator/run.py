"""Generate a data set by a plan: prerequisites, table by table, indexes of custom fields, search, statistics."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import connection, transaction

from kanal.core import registry, subtotals
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import Change, Series
from kanal.core.query import indexes
from kanal.demo.generator import (
    commerce,
    constraints_off,
    customers,
    customfields,
    organization,
    sales,
    searching,
    work,
)
from kanal.demo.generator.loading import Load, Tell, first_free_id, load_rows, pieces, write_history
from kanal.demo.generator.parallel import Crew
from kanal.demo.generator.pools import World, table_ids
from kanal.demo.generator.sizes import Plan
from kanal.entities.activities import next_activity

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
HANDS = 2
WORTH_IT = 20_000


def generate(plan: Plan, *, seed: str, today: dt.date, tell: Tell) -> None:
    """Create the data set. The same plan, seed and day create the same rows in installations of the same state."""
    if not plan.opportunities and (plan.quotes or plan.contracts):
        raise LookupError("Quotes and contracts stand on opportunities: ask for some by --opportunities.")
    world = World(seed, today, plan.custom_fields)
    counts = counts_of(plan)
    large = [registry.get(key).model for key, count in counts.items() if count >= WORTH_IT]
    surround(world, plan, tell)
    with Crew(HANDS if large else 0) as crew:
        constraints_off.put_all_back(crew.do, crew.wait)
        if large:
            constraints_off.take_away([*constraints_off.table_names(large), searching.TABLE, Change._meta.db_table])
        load_all(world, plan, counts, crew, tell)
        crew.wait()
        tell("foreign keys, and what is left of indexes")
        searching.learn(world.words)
        constraints_off.put_all_back(crew.do, crew.wait)
        if counts.get("activities"):
            fill_next_activities()
        analyze([registry.get(key).model for key in counts], crew, tell)


def counts_of(plan: Plan) -> dict[str, int]:
    """Return the number of records of each type, in load order."""
    each = commerce.prices_each() if plan.prices else 1
    counts = {key: getattr(plan, key) for key, _columns, _rows in TABLES}
    counts |= {"products": -(-plan.prices // each), "prices": plan.prices}
    counts |= {key: min(getattr(plan, key), plan.opportunities) for key in ON_OPPORTUNITIES}
    return {key: count for key, count in counts.items() if count}


def load_all(world: World, plan: Plan, counts: dict[str, int], crew: Crew, tell: Tell) -> None:
    """Load table by table. Follow-up data of a table is created while the next one loads."""
    declared = {key: customfields.create_custom_fields(key, plan.custom_fields) for key, _columns, _rows in TABLES}
    for key, columns, rows in (*TABLES, *COMMERCE):
        if key not in counts:
            continue
        job = load_type(world, key, columns, rows, counts[key], tell)
        for first, last in pieces(job):
            crew.do(write_history, job.model, first, last)
        crew.do(searching.make_searchable, registry.get(key), world.words, tell)
        if subtotals.has_subtotals(registry.get(key)):
            crew.do(subtotals.rebuild, registry.get(key))
        constraints_off.put_back_indexes(job.model._meta.db_table, crew.do)
        if declared.get(key):
            index_custom(key, crew)


def surround(world: World, plan: Plan, tell: Tell) -> None:
    """Create or look up the prerequisites of the records."""
    from kanal.entities.people.models import User

    if plan.users:
        organization.people(world, plan.users, tell)
    else:
        world.users = world.sellers = table_ids(User, is_active=True, partner=None)
    if not world.sellers:
        raise LookupError("There are no users to own the records: ask for some by --users.")
    with transaction.atomic():
        organization.projects(world)
        organization.partners(world, min(50, max(plan.accounts // 500, 1)))
        organization.campaigns(world, min(60, max(plan.leads // 500, 1)))
    if not world.campaigns:
        raise LookupError("There are no campaigns for the leads.")
    tell(f"{len(world.users)} users, {len(world.projects)} projects, {len(world.partners)} partners")


def load_type(world: World, key: str, columns: tuple[str, ...], rows: Rows, count: int, tell: Tell) -> Load:
    """Load the records of a type."""
    model = registry.get(key).model
    first = first_free_id(model)
    world.remember(key, first, count)
    if key in SERIES:
        world.number = reserve(SERIES[key].format(year=world.today.year), count)
    job = Load(model, columns, rows(world, first, count), count, first)
    load_rows(job, tell)
    return job


def reserve(series: str, count: int) -> int:
    """Reserve the given number of sequence numbers and return the first."""
    with transaction.atomic():
        locked = Series.objects.select_for_update()
        row, _made = locked.get_or_create(name=series, defaults={"last": 0})  # direct write: a counter
        row.last += count
        row.save(update_fields=["last"])  # direct write: a counter
    return row.last - count + 1


def index_custom(key: str, crew: Crew) -> None:
    """Create the indexes of a type's filterable custom fields."""
    invalidate()
    entity = registry.get(key)
    for field in fields_of(entity).values():
        if field.is_custom and field.filterable:
            crew.do(partial(indexes.create_indexes, entity, field, concurrently=False))


def fill_next_activities() -> None:
    """Set the next activity of leads and opportunities: the triggers that maintain it are off while rows are loaded."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, parent in (("leads_lead", "lead_id"), ("opportunities_opportunity", "opportunity_id")):
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(next_activity.fill_all(table, parent))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def analyze(models: list[Any], crew: Crew, tell: Tell) -> None:
    """Update the planner's statistics, so that the first query is planned well.

    Also vacuums large tables to update the visibility map, which can't run within a transaction.
    """
    began, tables = time.monotonic(), [*constraints_off.table_names(models), searching.TABLE]
    for table in tables if crew.pool else ():
        crew.do(execute, f'VACUUM (ANALYZE, PARALLEL 0) "{table}"')
    crew.do(execute, "ANALYZE")
    crew.wait()
    tell(f"statistics are fresh after {time.monotonic() - began:.1f} s")


def execute(statement: str) -> None:
    """Execute a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
