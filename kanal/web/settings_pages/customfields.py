"""Custom fields: list, create, change, deactivate, delete (CF-1, CF-2, CF-4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import administration, registry
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.fields.field import Option
from kanal.core.fields.registry import condition_fields
from kanal.core.fields.type_registry import custom_field_types
from kanal.core.keys import PROJECTS
from kanal.core.models import CustomField
from kanal.kit.errors import Invalid, NotFound
from kanal.kit.text import slugify_key
from kanal.web import forms
from kanal.web.form import dialog
from kanal.web.http import actor_of, go
from kanal.web.settings_pages.rows import clean, fields_from, language_fields, row_values

URL = "/settings/custom-fields/"
FIXED = ("entity", "kind")
COLUMNS = ("help", "position", "required", "minimum", "maximum", "pattern")
OWN_SECTION = "own_section"
ONLY = "only_"
SWITCHES = ("filterable", "searchable", "is_active")


def kinds() -> tuple[Option, ...]:
    """List the kinds of custom fields."""
    return tuple(Option(key, offered.label) for key, offered in custom_field_types().items())


def types() -> tuple[Option, ...]:
    """List the record types that can have custom fields."""
    entities = [
        entity for entity in registry.all_entities() if not entity.path.startswith("settings/") or entity.key == "users"
    ]
    return tuple(Option(entity.key, entity.plural) for entity in entities)


def custom_field_list(request: HttpRequest) -> HttpResponse:
    """Show the custom fields of all types."""
    administration.require_administrator(request.user)
    labels = {kind.key: str(kind.label) for kind in kinds()}
    rows = list(CustomField.objects.order_by("entity", "position", "id"))
    groups = [
        {
            "title": option.label,
            "new": f"{URL}new?entity={option.key}",
            "rows": [{"row": row, "kind": labels.get(row.kind, row.kind)} for row in rows if row.entity == option.key],
        }
        for option in types()
    ]
    return render(request, "pages/settings/custom_fields.html", {"title": _("Custom fields"), "groups": groups})


def section_fields(entity_key: str) -> list[Field]:
    """Return the two fields that place a custom field: in a section of the type, or in a section of its own."""
    entity = registry.find(entity_key)
    sections = entity.sections if entity is not None else ()
    return [
        Field(
            "section", _("Field group"), FIELD_TYPES["choice"], column="section",
            choices=tuple(Option(section.key, section.title) for section in sections),
        ),
        Field(
            OWN_SECTION, _("Own field group"), FIELD_TYPES["text"], max_length=80,
            help=_("The title of a new group, if none of the type's groups fits."),
        ),
    ]  # fmt: skip


def condition_inputs(entity_key: str) -> list[Field]:
    """Return the fields that limit a custom field to projects, kinds of records and statuses of its type (CF-2)."""
    entity = registry.find(entity_key)
    limiting = condition_fields(entity) if entity is not None else {}
    inputs = [
        Field(
            ONLY + name, field.label, FIELD_TYPES["choices"], choices=field.options(),
            help=_("Records with one of these have the field. Leave empty for all records."),
        )
        for name, field in limiting.items() if name != PROJECTS
    ]  # fmt: skip
    if PROJECTS in limiting:
        text = _("Records in these projects and their subprojects have the field. Leave empty for all records.")
        inputs.append(Field(ONLY + PROJECTS, _("Projects"), FIELD_TYPES["relations"], target=PROJECTS, help=text))
    return inputs


def fields_for(row: CustomField | None, entity_key: str) -> list[Field]:
    """Return the fields of the form. Type and kind can only be set once."""
    fixed = [
        Field("entity", _("Record type"), FIELD_TYPES["choice"], column="entity", required=True, choices=types()),
        Field("kind", _("Kind"), FIELD_TYPES["choice"], column="kind", required=True, choices=kinds()),
    ]
    help_text = _("One per line: a label, or key | label | #colour. For choice and multiple choice.")
    lines = Field("choices", _("Choices"), FIELD_TYPES["long_text"], help=help_text, max_length=None)
    start = fields_from(CustomField, ("name",))
    return [
        *start,
        *([] if row else fixed),
        *section_fields(entity_key),
        *fields_from(CustomField, COLUMNS),
        lines,
        *fields_from(CustomField, SWITCHES),
    ]


def edit_custom_field(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show and process the form of a custom field."""
    administration.require_administrator(request.user)
    row = CustomField.objects.filter(pk=pk).first() if pk else None
    if pk and row is None:
        raise NotFound
    entity_key = row.entity if row else request.POST.get("entity") or request.GET.get("entity", "")
    fields = fields_for(row, entity_key)
    values = row_values(row, [field for field in fields if field.key not in ("choices", OWN_SECTION)])
    values["choices"] = as_lines(row.choices) if row else ""
    if row is None:
        values |= {"entity": entity_key, "kind": "text"}
    elif all(row.section != section.key for section in registry.get(row.entity).sections):
        values |= {"section": "", OWN_SECTION: row.section}
    languages = language_fields()
    conditions = condition_inputs(entity_key)
    values |= {field.key: row.conditions.get(field.key.removeprefix(ONLY), []) for field in conditions if row}
    groups = [(_("Custom field"), fields), (_("Applies to"), conditions), (_("Translations"), languages)]
    form = forms.build_form(groups, {**values, **row_values(row, languages)}, request.user)
    if request.method == "POST":
        try:
            given = clean(form, request)
            given["choices"] = from_lines(given.get("choices") or "")
            own_section = given.pop(OWN_SECTION)
            given["section"] = given["section"] or own_section or ""
            chosen = {field.key.removeprefix(ONLY): given.pop(field.key) for field in conditions}
            given["conditions"] = {name: chosen_values for name, chosen_values in chosen.items() if chosen_values}
            administration.save_custom_field(row, given, by=actor_of(request))
            return go(request, URL)
        except Invalid as problem:
            form.refuse(problem)
    context: dict[str, Any] = {"title": str(row) if row else _("New custom field"), "form": form, "cancel": URL}
    return render(request, "pages/settings/form.html", context, status=422 if form.summary else 200)


def as_lines(choices: list[dict[str, Any]]) -> str:
    """Return choices as lines."""
    return "\n".join(
        f"{choice['key']} | {choice['label']} | {choice.get('colour', '')}".rstrip(" |") for choice in choices
    )


def from_lines(text: str) -> list[dict[str, Any]]:
    """Parse choices from lines. A line with a single part is a label from which the key is generated."""
    choices_by_key: dict[str, dict[str, Any]] = {}
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not parts[0]:
            continue
        key, label = (
            (parts[0], parts[1]) if len(parts) > 1 and parts[1] else (slugify_key(parts[0], "choice"), parts[0])
        )
        choices_by_key[key] = {"key": key, "label": label, "colour": parts[2] if len(parts) > 2 else ""}
    return list(choices_by_key.values())


def delete_custom_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation with the number of records that have a value, then delete a custom field."""
    administration.require_administrator(request.user)
    row = CustomField.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound
    if request.method == "POST":
        administration.delete_custom_field(row, by=actor_of(request))
        return go(request, URL)
    count = administration.holders(row)
    text = _("Delete “%(name)s”? The values of %(count)s records are deleted with it.") % {"name": row, "count": count}
    return dialog(request, "pages/confirm.html", {"text": text, "url": request.path})
