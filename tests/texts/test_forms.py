"""Forms, dialogs and what they answer, in the pseudo-language."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from tests.texts.conftest import Reader

WRONG = {"number": "x", "money": "x", "date": "x", "datetime": "x", "choice": "x", "relation": "x", "text": "x" * 2000}


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end of the block what was done in it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    invalidate()


def test_forms_that_are_refused(reader: Reader, world):
    """Empty ones, and ones in which every value is wrong: the messages name fields and say what to do."""
    for entity in registry.all_entities():
        wrong = {key: WRONG.get(field.type.category, "x") for key, field in fields_of(entity).items()}
        record = world.records[entity.key]
        urls = [f"/{entity.path}/new"] if entity.is_creatable else []
        for url in [*urls, f"{entity.url(record.pk)}edit"]:
            for data in ({}, wrong):
                with undone():
                    reader.post(url, data)
    reader.refuse()


def test_the_dialogs_of_actions(reader: Reader, world):
    """Their questions, what they answer to nothing, and what is said once they are done."""
    for entity in registry.all_entities():
        record = world.records[entity.key]
        for verb in [action.verb for action in registry.actions(entity)] + ["delete"]:
            url = f"{entity.url(record.pk)}{verb}"
            reader.get(url)
            with undone():
                reader.post(url)
    reader.refuse()


def test_bulk_changes(reader: Reader, world):
    entity, record = registry.get("leads"), world.records["leads"]
    for verb, data in (("bulk-edit", {"field": "city", "value": "x"}), ("bulk-delete", {}), ("bulk-edit", {})):
        url = f"{entity.list_url}{verb}?ids={record.pk}"
        reader.get(url)
        with undone():
            reader.post(url, {"ids": record.pk, **data})
    reader.refuse()
