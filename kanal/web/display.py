"""Display of field values outside lists: as text, and as facts of a record's page."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.fields import Field
from kanal.core.fields.field import is_hidden_on
from kanal.core.fields.m2m import linked_ids
from kanal.core.history.reading import as_ids
from kanal.web.fieldtypes import Fact, Link, presenter_of


def format_value(field: Field, value: Any) -> str:
    """Return a value (or its JSON form) as text in the reader's language. Records are shown by id."""
    return "" if value is None or value == "" or value == [] else presenter_of(field).text(field, value)


def titles_for(user: Any, pairs: Iterable[tuple[Field, Any]]) -> dict[tuple[str, int], str]:
    """Return the names of records referenced by history values, by one query per type: {(type, id): name}."""
    names = access.names_by_type(user, ((field.target, as_ids(value)) for field, value in pairs if field.target))
    return {(target, pk): name for target, by_id in names.items() for pk, name in by_id.items()}


def format_history_value(field: Field, value: Any, titles: dict[tuple[str, int], str]) -> str:
    """Return a history value as text, with the names of records that the reader may see."""
    if not field.target:
        return format_value(field, value)
    return ", ".join(titles.get((field.target, pk), f"#{pk}") for pk in as_ids(value))


def facts_of(user: Any, record: Any, fields: Iterable[Field]) -> dict[str, Fact]:
    """Return the facts of a record by key. Related records are named by one query per type."""
    fields = [field for field in fields if not is_hidden_on(field, record)]
    facts, pointed, links = {}, [], linked_ids(record, fields)
    for field in fields:
        value = links[field.key] if field.key in links else field.get(record)
        facts[field.key] = build_fact(field, value, pointed)
    name_links(user, pointed)
    return facts


def build_fact(field: Field, value: Any, pointed: list[tuple[Fact, list[int]]]) -> Fact:
    """Return a field's fact. If it points at records, add it to `pointed` with their ids, for `name_links`."""
    fact = Fact(field)
    if presenter_of(field).points_at_records:
        pointed.append((fact, value if isinstance(value, list) else [value] if value else []))
    else:
        fill(fact, value)
    return fact


def fill(fact: Fact, value: Any) -> None:
    """Set the value of a fact and its links. No value leaves it empty."""
    if value is not None and value != "" and value != []:
        presenter_of(fact.field).fill(fact, value)


def name_links(user: Any, pointed: list[tuple[Fact, list[int]]]) -> None:
    """Set the names of related records that the user may see (ACC-5)."""
    titles = access.names_by_type(user, ((fact.field.target, ids) for fact, ids in pointed))
    for fact, ids in pointed:
        entity = registry.find(fact.field.target)
        names = titles.get(fact.field.target, {})
        has_page = entity is not None and access.may_open(user, entity)
        for pk in ids:
            if entity and pk in names:
                fact.links.append(Link(names[pk], entity.url(pk) if has_page else ""))
            else:
                fact.links.append(Link(_("(not visible to you)"), is_named=False))
