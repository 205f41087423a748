"""Checks of records: an up-to-date search index, valid saved filters."""

from collections.abc import Iterator

from kanal.config import env
from kanal.config.diagnosis.finding import Finding
from kanal.config.diagnosis.server import query_value

MOST = 1000
LACKING = """
SELECT count(*) FROM (SELECT 1 FROM {table} record WHERE NOT EXISTS
  (SELECT 1 FROM search_searchentry entry WHERE entry.entity = %s AND entry.record_id = record.id) LIMIT %s) lacking
"""
LEFT = """
SELECT count(*) FROM (SELECT 1 FROM search_searchentry entry WHERE entry.entity = %s AND NOT EXISTS
  (SELECT 1 FROM {table} record WHERE record.id = entry.record_id) LIMIT %s) left_over
"""
BESIDE = """
SELECT count(*) FROM (SELECT 1 FROM {beside} beside WHERE beside.entity = %s AND NOT EXISTS
  (SELECT 1 FROM {table} record WHERE record.id = beside.record_id) LIMIT %s) left_over
"""
UNSEEN = """
SELECT count(*) FROM (SELECT 1 FROM search_searchentry entry JOIN {table} record ON record.id = entry.record_id
  WHERE entry.entity = %s AND entry.scope = '' AND record.owner_ids <> '{{}}' LIMIT %s) unseen
"""


def search(environment: env.Env) -> Iterator[Finding]:
    """Check for records missing from search or indexed with the wrong owners, and for entries without a record."""
    from kanal.features.search.indexing import searched_types

    wrong = []
    for entity in searched_types():
        if entity.is_lookup:
            continue  # options that others select are created outside the write path, and aren't searched for
        table = entity.model._meta.db_table
        looks = (LACKING, LEFT, UNSEEN) if hasattr(entity.model, "owner_ids") else (LACKING, LEFT)
        lacking, left, *unseen = (query_value(sql.format(table=table), [entity.key, MOST]) for sql in looks)
        if lacking or left or any(unseen):
            wrong.append(f"{entity.key} ({lacking} lacking, {left} too many, {sum(unseen)} without their owners)")
    text = f"out of step: {', '.join(wrong)}; run `kanal manage rebuild_search`" if wrong else "in step"
    yield Finding("Search", text, well=not wrong, vital=False)


def beside(environment: env.Env) -> Iterator[Finding]:
    """Check for comments and files of deleted records."""
    from kanal.core import companions, registry

    wrong = []
    for table in companions.tables():
        if table == "search_searchentry":
            continue
        for entity in registry.all_entities():
            left = query_value(BESIDE.format(beside=table, table=entity.model._meta.db_table), [entity.key, MOST])
            if left:
                wrong.append(f"{left} of {entity.key} in {table}")
    text = f"left over: {', '.join(wrong)}" if wrong else "all entries have their record"
    yield Finding("Comments and files", text, well=not wrong, vital=False)


def filters(environment: env.Env) -> Iterator[Finding]:
    """Check for saved filters that use something that no longer exists (LIST-3a)."""
    from kanal.core import registry
    from kanal.core.models import SavedFilter
    from kanal.web.savedfilters.offer import problem_of

    wrong = []
    for saved in SavedFilter.objects.order_by("id").iterator():
        entity = registry.find(saved.entity)
        if entity is None or problem_of(saved, entity):
            wrong.append(f"#{saved.pk}")
    shown = ", ".join(wrong[:10]) + (" …" if len(wrong) > 10 else "")
    text = f"{len(wrong)} no longer work ({shown}): open them to see why" if wrong else "all work"
    yield Finding("Saved filters", text, well=not wrong, vital=False)


LOOKS = (search, beside, filters)
