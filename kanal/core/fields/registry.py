"""The fields of a record type: the columns of its sections and its custom fields, as one list."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.core.fields.field import Applicability, Field, Option
from kanal.core.fields.from_model import field_from
from kanal.core.fields.marks import attention_field
from kanal.core.fields.type_registry import custom_field_types

STANDARD = ("id", "created_at", "updated_at", "created_by")


@cache
def native_fields(entity: Entity) -> tuple[Field, ...]:
    """Return the fields of a type's columns in the order of its sections, its marks, then the standard fields."""
    from kanal.core.models import Choice

    meta = entity.model._meta
    keys = [key for section in entity.sections for key in section.fields]
    names = {column.name for column in meta.get_fields()}
    named = ("key",) if issubclass(entity.model, Choice) else ()  # the key by which others name an option (API-1a)
    standard = [key for key in (entity.title, *named, *STANDARD) if key not in keys and key in names]
    fields = [field_from(meta.get_field(key)) for key in keys]
    fields += [attention_field(entity.marks)] if entity.marks else []
    fields += [field_from(meta.get_field(key)).but(read_only=True, required=False) for key in standard]
    return tuple(field.but(searchable=field.key in entity.listing.search) for field in fields)


@cached
def custom_rows(entity_key: str) -> list:
    """Return the active custom fields of a type."""
    from kanal.core.models import CustomField

    return list(CustomField.objects.filter(entity=entity_key, is_active=True))


def custom_field(row) -> Field:  # type: ignore[no-untyped-def]
    """Convert a stored custom field to a field. User, contact and account are relations to those types."""
    options = tuple(Option(option["key"], option["label"], option["colour"]) for option in row.get_options())
    chosen = custom_field_types()[row.kind]
    field_type = chosen.type
    return Field(
        key=f"custom.{row.key}",
        label=row.label,
        type=field_type,
        column="custom",
        required=row.required,
        help=row.help,
        minimum=row.minimum if field_type.category in ("number", "money") else None,
        maximum=row.maximum if field_type.category in ("number", "money") else None,
        max_length=None if row.kind == "long_text" else 500,
        pattern=row.pattern,
        choices=options,
        target=chosen.target,
        default=row.default,
        custom=row.pk,
        filterable=row.filterable,
        searchable=row.searchable,
        group=row.section,
    )


def condition_fields(entity: Entity) -> dict[str, Field]:
    """Return the fields that can limit a custom field of a type, by the name of the condition (CF-2)."""
    names = {
        "projects": entity.scope.project.removesuffix("_id"),
        "subtypes": entity.subtype,
        "statuses": entity.listing.status,
    }
    fields = {field.key: field for field in native_fields(entity)}
    return {name: fields[key] for name, key in names.items() if key in fields}


def applicability_of(entity: Entity, conditions: Mapping[str, list[Any]]) -> Applicability | None:
    """Return the records to which a custom field applies, or None for all. Projects include their subprojects.

    `conditions` contains ids of `projects`, and keys of `subtypes` and `statuses`. An empty list isn't a condition.
    """
    fields, pairs = condition_fields(entity), []
    for name, values in conditions.items():
        if values and name in fields:
            pairs.append((fields[name], subprojects_of(values) if name == "projects" else frozenset(values)))
    return Applicability(tuple(pairs)) if pairs else None


def subprojects_of(ids: list[int]) -> frozenset[int]:
    """Return projects with all their subprojects."""
    from kanal.core.models import ProjectPath

    return frozenset(ProjectPath.objects.filter(ancestor_id__in=ids).values_list("descendant_id", flat=True))


@cached
def custom_fields(entity: Entity, language: str) -> tuple[Field, ...]:
    """Return a type's custom fields with labels in a language."""
    return tuple(
        custom_field(row).but(applies=applicability_of(entity, row.conditions)) for row in custom_rows(entity.key)
    )


@cached
def all_fields(entity: Entity, language: str) -> dict[str, Field]:
    """Return a type's fields by key, native first."""
    fields = (*native_fields(entity), *custom_fields(entity, language))
    return {field.key: field for field in fields}


def fields_of(entity: Entity) -> dict[str, Field]:
    """Return all fields of a type by key, native and custom alike."""
    return all_fields(entity, get_language() or "en")


def field_of(entity: Entity, key: str) -> Field | None:
    """Return one field of a type, or None."""
    return fields_of(entity).get(key)


def sections_of(entity: Entity) -> list[tuple[str, list[Field]]]:
    """Return a type's fields in sections, as used by form and detail: (title, fields)."""
    fields = fields_of(entity)
    groups = {section.key: [fields[key] for key in section.fields] for section in entity.sections}
    for field in fields.values():
        if field.is_custom:
            groups.setdefault(field.group, []).append(field)
    return [(section_title(entity, key), group) for key, group in groups.items()]


def section_title(entity: Entity, key: str) -> str:
    """Return the title of a declared section. For a section created by an administrator it is the key."""
    titles = {section.key: section.title for section in entity.sections}
    return str(titles.get(key) or key or _("Custom fields"))


def section_key(entity: Entity, text: str) -> str:
    """Return the key of the declared section with this title. Other text, a key or a custom title, is unchanged."""
    titles = {str(section.title).casefold(): section.key for section in entity.sections}
    return titles.get(text.strip().casefold(), text.strip())
