"""Fields, native and custom as one: what a record type holds, how a value is checked, stored and shown."""

from kanal.core.fields.field import CleanContext, Field, Option
from kanal.core.fields.registry import KINDS, field_of, fields_of, sections_of
from kanal.core.fields.types import Kind

__all__ = ["KINDS", "CleanContext", "Field", "Kind", "Option", "field_of", "fields_of", "sections_of"]
