"""Look-up of records and options named in cells: by id, name, e-mail address, or label in any language."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.core import access, registry
from kanal.core.fields import CleanContext, Field
from kanal.core.fields.code_tables import Countries
from kanal.core.query.expressions import Fold
from kanal.features.importing.profiles import profile_of
from kanal.kit.errors import Invalid
from kanal.kit.letters import fold
from kanal.kit.reading.choices import Known, essence, known_by, read_choice
from kanal.kit.reading.countries import read_country
from kanal.kit.reading.ids import id_of

WITH_ID = re.compile(r"(?:.*\()?#(\d{1,18})\)?", re.DOTALL)


def is_id(text: str) -> bool:
    """Return whether a cell names a record by id."""
    return id_of(text) is not None or WITH_ID.fullmatch(text) is not None


def id_in(text: str) -> int:
    """Return the id that a cell names, in the format of exports."""
    match = WITH_ID.fullmatch(text)
    return int(match[1] if match else text)


def look_up(field: Field, texts: Iterable[str], user: Any, context: CleanContext) -> None:
    """Look up the records that texts name with one query, and cache them in `context`."""
    asked = {fold(text): text for text in texts if text and not is_id(text)}
    asked = {folded: text for folded, text in asked.items() if (field.target, folded) not in record_names(context)}
    if not asked:
        return
    target = registry.get(field.target)
    wanted = Q(folded__in=list(asked))
    also = profile_of(target.key).also_named_by
    folds = {f"folded_{column}": Fold(F(column)) for column in also}
    for name in folds:
        wanted |= Q(**{f"{name}__in": list(asked)})
    hits: dict[str, set[tuple[int, str]]] = {folded: set() for folded in asked}
    rows = access.visible_to(user, target).annotate(folded=Fold(F(target.title)), **folds).filter(wanted)
    for pk, title, *others in rows.values_list("pk", target.title, *also):
        for name in (title, *others):
            if fold(name) in hits:
                hits[fold(name)].add((pk, title))
    record_names(context).update({(field.target, folded): pks for folded, pks in hits.items()})


def record_names(context: CleanContext) -> dict[tuple[str, str], set[tuple[int, str]]]:
    """Return the cached names of records: (type, folded name) -> {(id, name)}."""
    records_by_name: dict = context.once("named records", dict)
    return records_by_name


def record_of(field: Field, text: str, user: Any, context: CleanContext) -> int:
    """Return the id of the record that a cell names. Raise Invalid for none or several."""
    if is_id(text):
        return id_in(text)
    look_up(field, [text], user, context)
    hits = record_names(context)[field.target, fold(text)]
    exact = {pk for pk, title in hits if title == text}
    ids = exact if len(exact) == 1 else {pk for pk, _title in hits}
    if len(ids) == 1:
        return ids.pop()
    reason = _("There is no “%(name)s”.") if not ids else _("There are several records named “%(name)s”: enter the id.")
    raise Invalid(reason % {"name": text[:80]})


def unknown(
    field: Field, texts: Iterable[str], user: Any, context: CleanContext, known: Mapping[str, Any]
) -> list[str]:
    """Return the texts that name neither a record nor an option and have no choice by the user."""
    texts = [text for text in texts if essence(text) not in known]
    is_record = field.type.category in ("relation", "relations")
    if is_record:
        look_up(field, texts, user, context)
        return [text for text in texts if not is_id(text) and not record_names(context)[field.target, fold(text)]]
    missing = []
    for text in texts:
        try:
            option_of(field, text, context)
        except Invalid:
            missing.append(text)
    return missing


def option_of(field: Field, text: str, context: CleanContext) -> str:
    """Return the key of the option that a cell names by key or label. Raise Invalid for none or several."""
    if field.table is Countries:
        return read_country(text)
    known: Known = context.once(("labels", field.key), lambda: known_by(option_labels(field)))
    return read_choice(text, known) if known else text


def option_labels(field: Field) -> dict[str, list[str]]:
    """Return the labels of the options in each language, by key."""
    labels_by_key: dict[str, list[str]] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for option in field.options():
                labels = labels_by_key.setdefault(option.key, [])
                if (label := str(option.label)) not in labels:
                    labels.append(label)
    return labels_by_key
