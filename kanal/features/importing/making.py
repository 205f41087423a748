"""Creation of missing options of lists, and of records that only need a name."""

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
from kanal.features.importing.profiles import profile_of
from kanal.features.importing.survey import Survey
from kanal.features.importing.values import REST
from kanal.kit.reading.choices import essence


def can_make(user: Any, field: Field) -> bool:
    """Return whether the user may create what a cell names: an option of a list, or a record by its name."""
    if field.type.category in ("relation", "relations"):
        target = registry.get(field.target)
        return bool(profile_of(field.target).name_field) and access.has_permission(user, target, "add")
    return field.table is Category and access.permissions_of(user).is_admin


@transaction.atomic
def make_missing(run: Import) -> None:
    """Create the chosen options and records once. Their names refer to them from then on."""
    fields = access.FieldContext(run.user, registry.get(run.entity)).writable
    unknown = {key: dict(words) for key, words in run.unknown.items()}
    made: list[list[Any]] = []
    for key, words in unknown.items():
        field = fields.get(key)
        if field is not None and can_make(run.user, field) and (texts := wanted(run, field, words)):
            words |= create_choices(field, texts, run, made)
    if unknown != run.unknown:
        run.unknown = unknown
        run.save(update_fields=["unknown"])  # direct write: not a record
        if made:
            Batch.objects.create(run=run, made=made)  # direct write: not a record


def wanted(run: Import, field: Field, words: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the texts of a column to create: chosen ones, or all unknown ones."""
    texts = [chosen["text"] for chosen in words.values() if chosen.get("do") == "make" and chosen.get("text")]
    if words.get(REST, {}).get("do") != "make" or not run.survey:
        return texts
    context = access.clean_context(run.user)
    stated = [text for text, _count in Survey.of(run.survey).words.get(field.key, ())]
    return list(dict.fromkeys(texts + naming.unknown(field, stated, run.user, context, words)))


def create_choices(field: Field, texts: list[str], run: Import, made: list[list[Any]]) -> dict[str, dict[str, Any]]:
    """Create options or records by name, once for equal spellings. Return the choice for each text."""
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
    """Add an option to a list and return its key."""
    option = Category(group=field.group, name=text[:120], position=999)
    keep_key(option, set())
    option.save()  # direct write: an option of a list
    invalidate()
    return option.key


def values_for(target: Entity, text: str, run: Import) -> dict[str, Any]:
    """Return the values of a new record of which only the name is known."""
    profile = profile_of(target.key)
    return {profile.name_field: text, **profile.initial(run.user, run.fixed)}
