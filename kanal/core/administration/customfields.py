"""Creation, change and deletion of custom fields. A job maintains their indexes (CF-1…4)."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import events, registry
from kanal.core.actor import Actor
from kanal.core.administration.permissions import require_administrator
from kanal.core.cache import invalidate
from kanal.core.fields.registry import custom_field, section_key
from kanal.core.fields.type_registry import custom_field_types
from kanal.core.jobs import job
from kanal.core.models import CustomField
from kanal.core.query import indexes
from kanal.kit.errors import Invalid
from kanal.kit.text import slugify_key

FIXED = ("entity", "key", "kind")


@transaction.atomic
def save_custom_field(row: CustomField | None, values: Mapping[str, Any], *, by: Actor) -> CustomField:
    """Store a custom field. Type, key and kind can't change after creation. Raise Invalid."""
    require_administrator(by.user)
    by.set_on_connection()
    row = row or CustomField()
    before = row.searchable and row.is_active
    for name, value in values.items():
        if row.pk is None or name not in FIXED:
            setattr(row, name, value)
    row.key = row.key or slugify_key(row.name, "field")
    check_custom_field(row)
    row.section = section_key(registry.get(row.entity), row.section)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid.on("key", _("Another field already has this key.")) from None
    invalidate()
    index_custom_field.defer(pk=row.pk)
    if before or row.searchable:
        search_anew(row)
    return row


@job("core.index_custom_field", label=gettext_lazy("Index of a custom field"))
def index_custom_field(pk: int) -> None:
    """Create the indexes of a filterable custom field, or drop those of one that is no longer filterable (CF-3)."""
    row = CustomField.objects.filter(pk=pk).first()
    entity = registry.find(row.entity) if row else None
    if row is None or entity is None:
        return
    if row.filterable and row.is_active:
        indexes.create_indexes(entity, custom_field(row))
    else:
        indexes.drop(entity, custom_field(row))


def search_anew(row: CustomField) -> None:
    """Rebuild a type's search entries, so that a deleted or no longer searchable field isn't found."""
    if entity := registry.find(row.entity):
        events.dispatch("fields.limited", entity=entity)


def check_custom_field(row: CustomField) -> None:
    """Raise Invalid if the definition is inconsistent."""
    errors: dict[str, list[Any]] = {}
    if registry.find(row.entity) is None:
        errors["entity"] = [_("Choose a record type.")]
    if row.kind not in custom_field_types():
        errors["kind"] = [_("Choose a kind.")]
    if row.kind in ("choice", "choices") and not row.choices:
        errors["choices"] = [_("List at least one choice.")]
    if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
        errors["maximum"] = [_("The maximum is below the minimum.")]
    if errors:
        raise Invalid(errors)


def holders(row: CustomField) -> int:
    """Count the records with a value of a field."""
    entity = registry.find(row.entity)
    return entity.model._default_manager.filter(custom__has_key=row.key).count() if entity else 0


@transaction.atomic
def delete_custom_field(row: CustomField, *, by: Actor) -> None:
    """Delete a field with its values. The history retains them."""
    require_administrator(by.user)
    by.set_on_connection()
    entity = registry.find(row.entity)
    if entity is not None:
        table = connection.ops.quote_name(entity.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET custom = custom - %s::text WHERE custom ? %s", [row.key, row.key])
    row.delete()
    invalidate()
    search_anew(row)
