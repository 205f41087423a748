"""Access to records and fields. Pages, the API, search, exports and jobs all use it."""

from kanal.core.access.choosing import choosable, clean_context, may_choose, may_open
from kanal.core.access.field_context import FieldContext
from kanal.core.access.fields import fields_on, hidden_fields, reads_all
from kanal.core.access.permissions import UserPermissions, forget_permissions, from_partners, permissions_of
from kanal.core.access.queryset import authors_in_reach, has_feature_permission, has_permission, may_add_to, visible_to
from kanal.core.access.readable import ReadableRecord, readable
from kanal.core.access.renewal import refresh_user
from kanal.core.access.shortcuts import (
    display_names,
    get_for,
    names_by_type,
    permitted_actions,
    related_records,
    require,
)

__all__ = [
    "FieldContext",
    "ReadableRecord",
    "UserPermissions",
    "authors_in_reach",
    "choosable",
    "clean_context",
    "display_names",
    "fields_on",
    "forget_permissions",
    "from_partners",
    "get_for",
    "has_feature_permission",
    "has_permission",
    "hidden_fields",
    "may_add_to",
    "may_choose",
    "may_open",
    "names_by_type",
    "permissions_of",
    "permitted_actions",
    "readable",
    "reads_all",
    "refresh_user",
    "related_records",
    "require",
    "visible_to",
]
