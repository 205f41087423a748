"""Forms made from fields: what each control shows, and how what was typed is read; the pages stand in form.py."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.fields import Field
from kanal.core.fields.m2m import linked_ids
from kanal.kit.errors import Invalid
from kanal.web.fieldtypes import Entry, presenter_of


@dataclass
class Group:
    """Fields that stand together under a title."""

    title: str
    entries: list[Entry]


@dataclass
class Form:
    """The fields of a form in their groups, and what is wrong with the whole."""

    groups: list[Group]
    problems: list[str] = dataclasses.field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """List all fields."""
        return [entry for group in self.groups for entry in group.entries]

    @property
    def summary(self) -> list[dict[str, str]]:
        """List what is wrong, with links to the fields (FORM-1)."""
        whole = [{"label": "", "id": "", "text": text} for text in self.problems]
        return whole + [
            {"label": entry.label, "id": entry.id, "text": text} for entry in self.entries for text in entry.errors
        ]

    def refuse(self, problem: Invalid) -> None:
        """Put the errors of a refusal beside their fields; what belongs to none stands on top."""
        known = {entry.name: entry for entry in self.entries}
        for key, messages in problem.errors.items():
            texts = [str(message) for message in messages]
            if key in known:
                known[key].errors = texts
            else:
                self.problems += texts


def build_form(
    sections: Iterable[tuple[str, Iterable[Field]]], values: Mapping[str, Any], user: Any, *, is_named: bool = True
) -> Form:
    """Make a form of groups of fields that shows typed values: {key: value}.

    Where it is not `is_named` the records that pickers hold have no names until `fill_titles` reads them.
    """
    groups = [
        Group(
            str(title),
            [build_entry(field, values.get(field.key)) for field in fields if has_choice(field, values, user)],
        )
        for title, fields in sections
    ]
    form = Form([group for group in groups if group.entries])
    if is_named:
        fill_titles(form.entries, user)
    return form


def record_values(record: Any, fields: Iterable[Field]) -> dict[str, Any]:
    """Return what fields of a record hold; money without an amount keeps the record's currency."""
    fields = list(fields)
    values: dict[str, Any] = linked_ids(record, fields)
    for field in fields:
        if field.links is not None:
            continue
        values[field.key] = value = field.get(record)
        if value is None:
            values[field.key] = presenter_of(field).blank(getattr(record, field.currency or "currency", ""))
    return values


def has_choice(field: Field, values: Mapping[str, Any], user: Any) -> bool:
    """Return whether a control is of use: not a picker of a type of which the user may choose no record."""
    target = registry.find(field.target) if field.target else None
    if target is None or field.required or values.get(field.key) or user is None:
        return True
    return access.may_choose(user, target)


def build_entry(field: Field, value: Any) -> Entry:
    """Make the entry of a field that shows a value."""
    entry = Entry(field, applies=choices_for(field))
    entry.presenter.show(entry, value)
    return entry


def choices_for(field: Field) -> str:
    """Return as JSON what other fields of the form hold where a field is there, by key; nothing where it always is."""
    if field.applies is None:
        return ""
    return json.dumps({limiting.key: sorted(values) for limiting, values in field.applies.conditions})


def fill_titles(entries: Iterable[Entry], user: Any) -> None:
    """Name the chosen records of pickers, one query per type; what may not be seen shows no name.

    Those that are named already are left as they are.
    """
    pickers = [(entry, entry.picked) for entry in entries if entry.presenter.points_at_records]
    unnamed = [(entry, ids) for entry, ids in pickers if ids != [item["id"] for item in entry.items]]
    names = access.names_by_type(user, ((entry.field.target, map(int, ids)) for entry, ids in unnamed))
    for entry, ids in unnamed:
        known = names.get(entry.field.target, {})
        entry.items = [{"id": pk, "label": known.get(int(pk)) or _("(not visible to you)")} for pk in ids]


def read_form(form: Form, posted: QueryDict) -> dict[str, Any]:
    """Read what was typed into raw values and keep it in the form; errors are shown at their fields.

    A number that can't be read is left out of the values and named beside its field.
    """
    values: dict[str, Any] = {}
    for entry in form.entries:
        shown, text = entry.currency, entry.text
        entry.presenter.keep(entry, posted)
        if entry.moment and entry.text == text:  # its control holds no seconds, nor which hour when the clock goes back
            values[entry.name] = entry.moment
            continue
        try:
            values[entry.name] = chosen(entry.presenter.parse(entry.field, posted, entry.name), shown)
        except Invalid as problem:
            entry.errors = [str(message) for message in problem.messages()]
    return values


def chosen(raw: Any, shown: str) -> Any:
    """Return a raw value; no amount in the currency that the form showed of itself is no choice of a currency."""
    is_nothing = isinstance(raw, dict) and raw.get("amount", "") is None and raw.get("currency") == shown
    return None if is_nothing else raw


def prefill(form: Form, query: QueryDict) -> None:
    """Fill in what an address says (`?account=7`), so that a record begun from another one's page is linked (NAV-3)."""
    for entry in form.entries:
        if entry.name in query:
            entry.presenter.keep(entry, query)
