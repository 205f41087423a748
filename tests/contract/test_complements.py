"""For every condition on every field of every type `count(x) + count(!x)` is the count of all (LIST-2)."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count

from kanal.core import access, listing, registry, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.aggregation import Aggregation, Dimension, aggregate
from kanal.core.cache import invalidate
from kanal.core.models import CustomField
from kanal.core.query import FilterContext, Not, QueryError, condition, parse
from kanal.kit.errors import KanalError
from tests.contract.test_filters import conditions_of

CUSTOM = ("text", "integer", "decimal", "money", "percent", "date", "datetime", "boolean", "user", "contact", "account")


@pytest.fixture
def sparse(world: Any) -> Any:
    """Make a second record of each type that has nothing but what it needs, and a custom field of each kind."""
    for entity in registry.all_entities():
        with suppress(KanalError), transaction.atomic():  # a type that asks for more has its full record alone
            if entity.is_creatable:
                writes.create(entity, world.values(entity, full=False), by=SYSTEM)
    for kind in CUSTOM:
        CustomField.objects.create(entity="leads", key=f"odd_{kind}", name=kind, kind=kind)
    invalidate()
    return world


def questions_of(entity: Any, reader: FilterContext) -> Iterator[str]:
    """Write a filter for each operator of each field, and of each field one relation away."""
    yield from conditions_of(entity)
    for key, field in reader.fields(entity).items():
        target = registry.find(field.target) if field.target and not field.is_custom else None
        if target is not None and key != "id" and field.type.category == "relation":
            yield from (f"{key}.{text}" for text in conditions_of(target) if ":is" in text or ":empty" in text)


def test_the_opposite_of_each_condition_is_the_rest(sparse: Any) -> None:
    """LIST-2: records without a value, without the related record, or with one that may not be seen, are the rest."""
    for entity in registry.all_entities():
        for name in ("administrator", "partner"):
            reader = FilterContext(sparse.users[name])
            check(entity, reader, access.visible_to(reader.user, entity))


def check(entity: Any, reader: FilterContext, records: Any) -> None:
    """Count each condition and its opposite, those of a field at once: joins of several fields multiply the rows."""
    asked = [text for text in questions_of(entity, reader) if can_be_asked(text, entity, reader)]
    assert asked or not reader.fields(entity)
    for _path, same in groupby(asked, lambda text: text.partition(":")[0]):
        some, sums = list(same), {"every": Count("pk", distinct=True)}
        for place, text in enumerate(some):
            node = parse(text)
            sums[f"yes_{place}"] = Count("pk", distinct=True, filter=condition(node, entity, reader))
            sums[f"no_{place}"] = Count("pk", distinct=True, filter=condition(Not(node), entity, reader))
        counts = records.order_by().aggregate(**sums)
        for place, text in enumerate(some):
            both = counts[f"yes_{place}"] + counts[f"no_{place}"]
            assert both == counts["every"], f"{entity.key}: {text}"


def can_be_asked(text: str, entity: Any, reader: FilterContext) -> bool:
    """Return whether a reader may filter so: not by a field that is hidden from them."""
    try:
        condition(parse(text), entity, reader)
    except QueryError:
        return False
    return True


@pytest.fixture
def secretive(sparse: Any) -> tuple[Any, Any, Any]:
    """Make a lead that points at a private account of the representative, by a column and by a custom field."""
    author = Actor(sparse.users["representative"])
    values = {**sparse.values(registry.get("accounts")), "is_private": True, "country": "PL"}
    account = writes.create(registry.get("accounts"), values, by=author)
    given = {**sparse.values(registry.get("leads")), "account": account.pk, "custom.odd_account": account.pk}
    lead = writes.create(registry.get("leads"), {**given, "company": "Zebra"}, by=author)
    assert account.private_to_id == author.user.pk
    return sparse, account, lead


def test_a_private_account_is_not_found_by_what_points_at_it(secretive: Any) -> None:
    """ACC-5: who may not see the account finds no link to it by any test, and every record among those without one."""
    world, account, lead = secretive
    leads = registry.get("leads")
    for name, is_seen in (("representative", True), ("administrator", False), ("director", False)):
        reader = FilterContext(world.users[name])
        for path in ("account", "custom.odd_account"):
            for test in (f"any({account.pk})", "set", f"is({account.pk})"):
                assert finds(leads, f"{path}:{test}", reader, lead) == is_seen, (name, path, test)
            for test in (f"none({account.pk})", "empty", f"not({account.pk})"):
                assert finds(leads, f"{path}:{test}", reader, lead) != is_seen, (name, path, test)
        assert finds(leads, "account.country:is(PL)", reader, lead) == is_seen
        assert finds(leads, "account.country:empty", reader, lead) != is_seen
        assert finds(leads, "account.country:not(PL)", reader, lead) != is_seen


def test_a_list_is_neither_grouped_nor_sorted_by_a_private_account(secretive: Any, browse: Any) -> None:
    """ACC-5: grouped by account, the lead stands among those without one; so do the counts."""
    world, account, _lead = secretive
    second = {**world.values(registry.get("leads")), "account": account.pk}
    writes.create(registry.get("leads"), second, by=Actor(world.users["representative"]))
    for name, is_seen in (("representative", True), ("administrator", False)):
        for key in ("account", "custom.odd_account", "account.country"):
            ask = listing.ListQuery(registry.get("leads"), world.users[name], columns=("company", key), group=key)
            values = [group.keys[0] for group in aggregate(Aggregation(ask, dimensions=(Dimension(key),))).groups]
            hidden = [value for value in values if str(value) in (str(account.pk), "PL")]
            assert bool(hidden) == is_seen, (name, key, values)
    page = browse().get("/crm/leads/data/?group=account&columns=company,account").content.decode()
    assert account.name not in page


def finds(entity: Any, text: str, reader: FilterContext, record: Any) -> bool:
    """Return whether a filter finds a record."""
    return entity.model._default_manager.filter(condition(parse(text), entity, reader), pk=record.pk).exists()
