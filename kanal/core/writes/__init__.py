"""The only write path: form, inline edit, bulk, board, import, API and jobs all use it, in one transaction.

1. `checks.clean_values` cleans the values: permissions, field rules, types, required fields.
2. `single.lock_record` locks the record's row, `single.guard` runs the type's rules on whether the state allows it.
3. `single.assign` sets the values on the record, `single.derive_and_validate` computes and checks derived values.
4. `single.persist` saves the columns and links, sets the owners and updates the search index.
5. Rules run `after`, listeners inside the transaction are called.

Triggers write the history, with the actor set by `Actor.set_on_connection`. Event subscribers read it after the
commit. Many records take the same steps together: `bulk_create`, `bulk_update`, `system_fields`, and `sql` for the
statements.
"""

from kanal.core.writes.bulk_create import create_many
from kanal.core.writes.bulk_update import change_each, change_many, delete_many
from kanal.core.writes.carrying import carrying, copied_values
from kanal.core.writes.checks import clean_values
from kanal.core.writes.currency import currency_of, currency_of_new
from kanal.core.writes.presets import preset_of
from kanal.core.writes.result import BulkResult
from kanal.core.writes.sequences import next_number
from kanal.core.writes.single import change, create, delete, update_system_fields
from kanal.core.writes.system_fields import bulk_update_system_fields, update_system_links

__all__ = [
    "BulkResult",
    "bulk_update_system_fields",
    "carrying",
    "change",
    "change_each",
    "change_many",
    "clean_values",
    "copied_values",
    "create",
    "create_many",
    "currency_of",
    "currency_of_new",
    "delete",
    "delete_many",
    "next_number",
    "preset_of",
    "update_system_fields",
    "update_system_links",
]
