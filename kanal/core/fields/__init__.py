"""Fields, native and custom alike: declaration, validation, storage and display of values."""

from kanal.core.fields.field import CleanContext, Field, Option
from kanal.core.fields.registry import field_of, fields_of, sections_of
from kanal.core.fields.type_registry import FIELD_TYPES
from kanal.core.fields.types import FieldType

__all__ = ["FIELD_TYPES", "CleanContext", "Field", "FieldType", "Option", "field_of", "fields_of", "sections_of"]
