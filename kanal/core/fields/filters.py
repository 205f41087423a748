"""The field type of filters: conditions on the records of a type, stored as JSON."""

from kanal.core.fields.columns import FilterColumn
from kanal.core.fields.types import JsonType


class FilterType(JsonType):
    """Conditions on the records of the type named by the field's `over`. The record type checks them."""

    key = "filter"
    model_fields = (FilterColumn,)
