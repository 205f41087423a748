"""Forms built from fields: content and parsing of controls. The pages are in form.py."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from markupsafe import Markup

from kanal.core import access, registry
from kanal.core.fields import Field
from kanal.core.fields.m2m import linked_ids
from kanal.kit.errors import Invalid
from kanal.web import jinja
from kanal.web.fieldtypes import Entry, presenter_of


@dataclass
class Group:
    """A group of fields under a title. Folded groups are shown under “More fields”."""

    title: str
    entries: list[Entry]
    is_folded: bool = False


BLANK = ["", ""]


def entry_texts(entry: Entry) -> list[str]:
    """Return the content of an entry, to determine later whether the user changed it."""
    return [entry.text, entry.currency if entry.text else "", *entry.texts]


@dataclass
class Form:
    """The fields of a form in groups, and errors of the whole form.

    `initial` is the content of folded entries before anything was entered; those without one were blank.
    """

    groups: list[Group]
    problems: list[str] = dataclasses.field(default_factory=list)
    initial: dict[str, list[str]] = dataclasses.field(default_factory=dict)

    @property
    def entries(self) -> list[Entry]:
        """List all fields."""
        return [entry for group in self.groups for entry in group.entries]

    @property
    def html(self) -> Markup:
        """Render all fields in cards."""
        return jinja.render("form.jinja", form=self)

    @property
    def folded(self) -> list[Entry]:
        """List the fields under “More fields”."""
        return [entry for group in self.groups if group.is_folded for entry in group.entries]

    @property
    def is_unfolded(self) -> bool:
        """Return whether “More fields” is open: something was entered there, is wrong, or was changed by others."""
        return any(
            entry.errors or entry.is_marked or entry_texts(entry) != self.initial.get(entry.name, BLANK)
            for entry in self.folded
        )

    def fold(self, main: Sequence[str]) -> None:
        """Move these and the required fields to the first group and fold the others, if there are any."""
        entries = {entry.name: entry for entry in self.entries}
        required = (name for name, entry in entries.items() if entry.field.required)
        first = [name for name in dict.fromkeys([*main, *required]) if name in entries]
        if len(first) == len(entries):
            return
        others = (
            Group(group.title, [entry for entry in group.entries if entry.name not in first], is_folded=True)
            for group in self.groups
        )
        self.groups = [Group("", [entries[name] for name in first]), *(group for group in others if group.entries)]

    @property
    def summary(self) -> list[dict[str, str]]:
        """List the errors, with links to the fields (FORM-1)."""
        whole = [{"label": "", "id": "", "text": text} for text in self.problems]
        return whole + [
            {"label": entry.label, "id": entry.id, "text": text} for entry in self.entries for text in entry.errors
        ]

    def refuse(self, problem: Invalid) -> None:
        """Add errors to their fields. Errors without a field are shown at the top."""
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
    """Build a form from groups of fields and their values: {key: value}.

    Unless `is_named` is set, records in pickers have no names until `fill_titles` loads them.
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
    """Return the values of a record's fields. Money without an amount keeps the record's currency."""
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
    """Return whether a control is useful. A picker isn't if the user may choose no record of its type."""
    target = registry.find(field.target) if field.target else None
    if target is None or field.required or values.get(field.key) or user is None:
        return True
    return access.may_choose(user, target)


def build_entry(field: Field, value: Any) -> Entry:
    """Build a field's entry with a value."""
    entry = Entry(field, applies=choices_for(field))
    entry.presenter.show(entry, value)
    return entry


def choices_for(field: Field) -> str:
    """Return the values of other fields under which a field is shown, by key, as JSON, or "" if it's always shown."""
    if field.applies is None:
        return ""
    return json.dumps({limiting.key: sorted(values) for limiting, values in field.applies.conditions})


def fill_titles(entries: Iterable[Entry], user: Any) -> None:
    """Load the names of records in pickers, one query per type. Hidden records get no name.

    Named records are left unchanged.
    """
    pickers = [(entry, entry.picked) for entry in entries if entry.presenter.points_at_records]
    unnamed = [(entry, ids) for entry, ids in pickers if ids != [item["id"] for item in entry.items]]
    names = access.names_by_type(user, ((entry.field.target, map(int, ids)) for entry, ids in unnamed))
    for entry, ids in unnamed:
        known = names.get(entry.field.target, {})
        entry.items = [{"id": pk, "label": known.get(int(pk)) or _("(not visible to you)")} for pk in ids]


def read_form(form: Form, posted: QueryDict) -> dict[str, Any]:
    """Return the submitted raw values and keep them in the form. Errors are shown at their fields.

    A number that can't be parsed is omitted and reported beside its field.
    """
    values: dict[str, Any] = {}
    for entry in form.entries:
        shown, text = entry.currency, entry.text
        entry.presenter.keep(entry, posted)
        if entry.moment and entry.text == text:  # the control has neither seconds nor the fold when clocks go back
            values[entry.name] = entry.moment
            continue
        try:
            values[entry.name] = chosen(entry.presenter.parse(entry.field, posted, entry.name), shown)
        except Invalid as problem:
            entry.errors = [str(message) for message in problem.messages()]
    return values


def chosen(raw: Any, shown: str) -> Any:
    """Return a raw value, or None for an empty amount in the currency that the form showed by default."""
    is_nothing = isinstance(raw, dict) and raw.get("amount", "") is None and raw.get("currency") == shown
    return None if is_nothing else raw


def prefill(form: Form, query: QueryDict) -> None:
    """Prefill fields from the URL (`?account=7`), so that a record created from another's page is linked (NAV-3)."""
    for entry in form.entries:
        if entry.name in query:
            entry.presenter.keep(entry, query)
