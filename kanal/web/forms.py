"""Forms made from fields: what each control shows, and how what was typed is read; the pages stand in form.py."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kanal.core import access, currencies, registry
from kanal.core.fields import Field
from kanal.core.fields.numbers import NoAmount
from kanal.kit.errors import Invalid
from kanal.kit.reading.ids import id_of
from kanal.web.widgets_io import as_text, is_given, raw_of

CONTROLS = {
    "long_text": "textarea", "integer": "number", "decimal": "number", "percent": "percent", "money": "money",
    "date": "date", "datetime": "datetime", "boolean": "checkbox", "link": "url", "email": "email", "phone": "tel",
    "colour": "colour", "choice": "select", "choices": "several", "relation": "picker", "relations": "pickers",
    "json": "json",
}  # fmt: skip


@dataclass
class Entry:
    """One field of a form: the text in its control, its options, what is wrong with it."""

    field: Field
    text: str = ""
    texts: list[str] = dataclasses.field(default_factory=list)
    currency: str = ""
    options: list[tuple[str, Any]] = dataclasses.field(default_factory=list)
    items: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    errors: list[str] = dataclasses.field(default_factory=list)
    note: str = ""
    is_marked: bool = False
    prefix: str = "f-"
    moment: dt.datetime | None = None

    @property
    def name(self) -> str:
        """Return the control's name."""
        return self.field.key

    @property
    def id(self) -> str:
        """Return the control's id."""
        return self.prefix + self.field.key.replace(".", "-").replace("_", "-")

    @property
    def control(self) -> str:
        """Name the control that the template draws."""
        return CONTROLS.get(self.field.type.key, "text")

    @property
    def label(self) -> str:
        """Return the label as people read it."""
        return str(self.field.label)

    @property
    def has_notes(self) -> bool:
        """Return whether errors, a note or help stand below the control."""
        return bool(self.errors or self.note or self.field.help)

    @property
    def attributes(self) -> SafeString:
        """Return what every control carries: id, name, and what tells assistive programs of errors and help."""
        parts = [format_html('id="{}" name="{}"', self.id, self.name)]
        if self.field.required:
            parts.append(mark_safe("required"))
        if self.errors:
            parts.append(mark_safe('aria-invalid="true"'))
        if self.has_notes:
            parts.append(format_html('aria-describedby="{}-note"', self.id))
        return mark_safe(" ".join(parts))

    @property
    def is_wide(self) -> bool:
        """Return whether the control takes the whole width."""
        return self.control in ("textarea", "json", "pickers", "several")

    @property
    def url(self) -> str:
        """Return the address where a picker searches."""
        return f"/pick/{self.field.target}"

    @property
    def currencies(self) -> list[str]:
        """List the currencies to choose from."""
        return list(dict.fromkeys([*currencies.in_use(), self.currency]))


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


def make(sections: Iterable[tuple[str, Iterable[Field]]], values: Mapping[str, Any], user: Any) -> Form:
    """Make a form of groups of fields that shows typed values: {key: value}."""
    groups = [
        Group(
            str(title), [entry_of(field, values.get(field.key)) for field in fields if has_choice(field, values, user)]
        )
        for title, fields in sections
    ]
    form = Form([group for group in groups if group.entries])
    fill_titles(form.entries, user)
    return form


def values_of(record: Any, fields: Iterable[Field]) -> dict[str, Any]:
    """Return what fields of a record hold; money without an amount keeps the record's currency."""
    values: dict[str, Any] = {}
    for field in fields:
        values[field.key] = value = field.get(record)
        if value is None and field.type.category == "money":
            values[field.key] = NoAmount(getattr(record, field.currency or "currency", ""))
    return values


def has_choice(field: Field, values: Mapping[str, Any], user: Any) -> bool:
    """Return whether a control is of use: not a picker of a type of which the user may choose no record."""
    target = registry.find(field.target) if field.target else None
    if target is None or field.required or values.get(field.key) or user is None:
        return True
    return access.may_choose(user, target)


def entry_of(field: Field, value: Any) -> Entry:
    """Make the entry of a field that shows a value."""
    entry = Entry(field)
    show(entry, value)
    return entry


def show(entry: Entry, value: Any) -> None:
    """Have an entry show a value."""
    field = entry.field
    category = field.type.category
    if category == "money":
        entry.currency = getattr(value, "currency", "") or entry.currency or currencies.main()
        entry.text = as_text(field, value.amount) if value else ""
    elif category in ("choices", "relations"):
        entry.texts = [str(each) for each in value or ()]
    else:
        entry.text = as_text(field, value)
    entry.moment = value if isinstance(value, dt.datetime) else None
    if category in ("choice", "choices"):
        entry.options = options_of(entry)


def options_of(entry: Entry) -> list[tuple[str, Any]]:
    """List the options that can be chosen: active ones, and what is chosen already."""
    chosen = {entry.text, *entry.texts}
    return [
        (option.key, option.label)
        for option in entry.field.options()
        if option.key in chosen or (option.active and option.key not in entry.field.not_offered)
    ]


def fill_titles(entries: Iterable[Entry], user: Any) -> None:
    """Name the chosen records of pickers, one query per type; what may not be seen shows no name.

    Those that are named already are left as they are.
    """
    pickers = [(entry, picked_ids(entry)) for entry in entries if entry.control in ("picker", "pickers")]
    unnamed = [(entry, ids) for entry, ids in pickers if ids != [item["id"] for item in entry.items]]
    names = access.names_by_type(user, ((entry.field.target, map(int, ids)) for entry, ids in unnamed))
    for entry, ids in unnamed:
        known = names.get(entry.field.target, {})
        entry.items = [{"id": pk, "label": known.get(int(pk)) or _("(not visible to you)")} for pk in ids]


def picked_ids(entry: Entry) -> list[str]:
    """Return the ids of the records that are chosen in a picker, as its control holds them."""
    return [text for text in (entry.text, *entry.texts) if id_of(text)]


def read(form: Form, posted: QueryDict) -> dict[str, Any]:
    """Read what was typed into raw values and keep it in the form; errors are shown at their fields.

    A number that can't be read is left out of the values and named beside its field.
    """
    values: dict[str, Any] = {}
    for entry in form.entries:
        shown, text = entry.currency, entry.text
        keep(entry, posted)
        if entry.moment and entry.text == text:  # its control holds no seconds, nor which hour when the clock goes back
            values[entry.name] = entry.moment
            continue
        try:
            values[entry.name] = chosen(raw_of(entry.field, posted, entry.name), shown)
        except Invalid as problem:
            entry.errors = [str(message) for message in problem.messages()]
    return values


def chosen(raw: Any, shown: str) -> Any:
    """Return a raw value; no amount in the currency that the form showed of itself is no choice of a currency."""
    is_nothing = isinstance(raw, dict) and raw.get("amount", "") is None and raw.get("currency") == shown
    return None if is_nothing else raw


def keep(entry: Entry, posted: QueryDict) -> None:
    """Show again what was typed, right or wrong: nothing typed is lost."""
    category = entry.field.type.category
    if category in ("choices", "relations"):
        entry.texts = [text for text in posted.getlist(entry.name) if text]
    elif category == "boolean":
        entry.text = "true" if is_given(posted.get(entry.name)) else ""
    else:
        entry.text = posted.get(entry.name, "")
    if category == "money":
        entry.currency = posted.get(f"{entry.name}_currency", "") or entry.currency
    if category in ("choice", "choices"):
        entry.options = options_of(entry)


def prefill(form: Form, query: QueryDict) -> None:
    """Fill in what an address says (`?account=7`), so that a record begun from another one's page is linked (NAV-3)."""
    for entry in form.entries:
        if entry.name in query:
            keep(entry, query)
