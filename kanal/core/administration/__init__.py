"""Administration beside records: options of choices, custom fields, roles. No HTML, no REST."""

from kanal.core.administration.choices import delete_option, lists_of_choices, save_option
from kanal.core.administration.customfields import delete_custom_field, holders, save_custom_field
from kanal.core.administration.permissions import may_administer, require_administrator
from kanal.core.administration.roles import assign, members_of, save_rules, withdraw

__all__ = [
    "assign",
    "delete_custom_field",
    "delete_option",
    "holders",
    "lists_of_choices",
    "may_administer",
    "members_of",
    "require_administrator",
    "save_custom_field",
    "save_option",
    "save_rules",
    "withdraw",
]
