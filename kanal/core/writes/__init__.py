"""The pen: everything that changes a record ends here; checks, save, history, search and events in one transaction."""

from kanal.core.writes.bulk import change_each, change_many, delete_many
from kanal.core.writes.carrying import carrying
from kanal.core.writes.checks import check
from kanal.core.writes.currency import currency_of, currency_of_new
from kanal.core.writes.making import create_many
from kanal.core.writes.numbers import next_number
from kanal.core.writes.outcome import Outcome
from kanal.core.writes.pen import change, create, delete, touch
from kanal.core.writes.presets import preset_of
from kanal.core.writes.touching import touch_many

__all__ = [
    "Outcome", "carrying", "change", "change_each", "change_many", "check", "create", "create_many", "currency_of",
    "currency_of_new", "delete", "delete_many", "next_number", "preset_of", "touch", "touch_many",
]  # fmt: skip
