"""What is not known yet and is to be made: options of lists, and records that need nothing but a name."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kanal.core import access, registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.models.choices import Category, keep_key
from kanal.features.importing import naming
from kanal.features.importing.models import Batch, Import
from kanal.features.importing.survey import Survey
from kanal.features.importing.values import REST
from kanal.kit.reading.choices import essence

# The values of a new record that cells name: its name stands under the key given here.
_MADE = {"accounts": "organization", "account-groups": "name", "projects": "name"}


def can_make(user: Any, field: Field) -> bool:
    """Return whether the user may make what a cell names: an option of a list, or a record by its name."""
    if field.type.category in ("relation", "relations"):
        target = registry.get(field.target)
        return field.target in _MADE and access.has_permission(user, target, "add")
    return field.table is Category and access.permissions_of(user).is_admin


@transaction.atomic
def make_missing(run: Import) -> None:
    """Make what was chosen to be made, once; from then on the words stand for what was made."""
    fields = access.FieldContext(run.user, registry.get(run.entity)).writable
    unknown = {key: dict(words) for key, words in run.unknown.items()}
    made: list[list[Any]] = []
    for key, words in unknown.items():
        field = fields.get(key)
        if field is not None and can_make(run.user, field) and (texts := wanted(run, field, words)):
            words |= make(field, texts, run, made)
    if unknown != run.unknown:
        run.unknown = unknown
        run.save(update_fields=["unknown"])  # direct write: no record
        if made:
            Batch.objects.create(run=run, made=made)  # direct write: no record


def wanted(run: Import, field: Field, words: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the texts of a column whose records or options are to be made: named ones, or all that are not known."""
    texts = [chosen["text"] for chosen in words.values() if chosen.get("do") == "make" and chosen.get("text")]
    if words.get(REST, {}).get("do") != "make" or not run.survey:
        return texts
    context = access.clean_context(run.user)
    stated = [text for text, _count in Survey.of(run.survey).words.get(field.key, ())]
    return list(dict.fromkeys(texts + naming.unknown(field, stated, run.user, context, words)))


def make(field: Field, texts: list[str], run: Import, made: list[list[Any]]) -> dict[str, dict[str, Any]]:
    """Make options or records by their names, those that are spelled alike once; return what the words stand for."""
    names = {essence(text): text.strip() for text in reversed(texts)}
    if field.type.category in ("choice", "choices"):
        return {word: {"do": "use", "value": add_option(field, text)} for word, text in names.items()}
    target = registry.get(field.target)
    items = [values_for(target, text, run) for text in names.values()]
    outcome = writes.create_many(target, items, by=Actor(run.user, ChangeSource.IMPORT), strict=False)
    made += [[target.key, record.pk, record.revision] for record in outcome.records]
    return {
        word: {"do": "use", "value": outcome.made[place].pk}
        for place, word in enumerate(names)
        if place in outcome.made
    }


def add_option(field: Field, text: str) -> str:
    """Add an option to a list; return its key."""
    option = Category(group=field.group, name=text[:120], position=999)
    keep_key(option, set())
    option.save()  # direct write: an option of a list
    invalidate()
    return option.key


def values_for(target: Entity, text: str, run: Import) -> dict[str, Any]:
    """Return the values of a new record that is known by its name alone."""
    values: dict[str, Any] = {_MADE[target.key]: text}
    if target.key != "accounts":
        return values
    kinds = access.FieldContext(run.user, target).writable["type"].options()
    values["type"] = kinds[0].key
    if run.fixed.get("project"):
        values["projects"] = [run.fixed["project"]]
    return values
