"""Forms of small tables that aren't record types: fields from columns, names by language, cleaned values."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kanal.core.access import clean_context
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.fields.from_model import model_field
from kanal.kit.errors import Invalid
from kanal.web import forms

PREFIX = "name_"


def fields_from(model: Any, names: Iterable[str]) -> list[Field]:
    """Return fields for columns."""
    return [model_field(model, name) for name in names]


def language_fields() -> list[Field]:
    """Return a field for the name in each language other than English."""
    return [
        Field(PREFIX + code, _("Name (%(language)s)") % {"language": name}, FIELD_TYPES["text"], max_length=120)
        for code, name in settings.LANGUAGES
        if code != "en"
    ]


def row_values(row: Any, fields: Iterable[Field]) -> dict[str, Any]:
    """Return the values for a row's form. A new row has the columns' defaults."""
    values = {}
    for field in fields:
        if field.key.startswith(PREFIX):
            values[field.key] = row.translations.get(field.key.removeprefix(PREFIX), "") if row else ""
        elif row is not None:
            values[field.key] = field.get(row)
        else:
            values[field.key] = field.default() if callable(field.default) else field.default
    return values


def clean(form: forms.Form, request: HttpRequest) -> dict[str, Any]:
    """Clean the submitted values, with names in other languages under `translations`. Raise Invalid for errors."""
    typed = forms.read_form(form, request.POST)
    errors = {entry.name: list(entry.errors) for entry in form.entries if entry.errors}
    values: dict[str, Any] = {}
    translations = {}
    for entry in form.entries:
        if entry.name in errors:
            continue
        try:
            value = entry.field.clean(typed.get(entry.name), clean_context(request.user))
        except ValueError as problem:
            errors[entry.name] = [str(problem)]
            continue
        if entry.name.startswith(PREFIX):
            translations[entry.name.removeprefix(PREFIX)] = value or ""
        else:
            values[entry.name] = value
    if errors:
        raise Invalid(errors)
    if translations:
        values["translations"] = {code: name for code, name in translations.items() if name}
    return values
