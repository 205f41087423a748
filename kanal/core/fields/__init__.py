"""Fields, native and custom as one: what a record type holds, how a value is checked, stored and shown."""

from kanal.core.fields.catalogue import KINDS, field_of, fields_of, sections_of
from kanal.core.fields.field import Cleaning, Field, Option
from kanal.core.fields.kinds import Kind

__all__ = ["KINDS", "Cleaning", "Field", "Kind", "Option", "field_of", "fields_of", "sections_of"]
