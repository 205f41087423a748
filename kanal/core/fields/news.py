"""The field for whether a record has changed since its reader looked at it: a list column and a filter (DET-7)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.entity import Entity
from kanal.core.fields.field import Field
from kanal.core.fields.types import BooleanType

NEWS = "has_news"


class NewsType(BooleanType):
    """Whether others have changed a record since its reader's last look: nothing is stored in the record."""

    key = "news"
    label: Any = ""
    model_fields = ()  # type: ignore[assignment]
    is_stored = False

    def __init__(self, entity: Entity | None = None) -> None:
        self.entity = entity

    def get(self, field: Field, record: Any) -> None:
        """Return None: a record alone doesn't tell its reader."""
        return

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Do nothing: the value follows from the history."""

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return no column: lists read the value for all their rows at once."""
        return ()

    def read(self, field: Field, row: dict) -> bool | None:
        """Return the value that the list has added to the row."""
        return row.get(NEWS)


def news_fields(user: Any, entity: Entity) -> dict[str, Field]:
    """Return the field by its key, nothing for the system and for types without history."""
    if user is None or not entity.has_history or entity.is_lookup:
        return {}
    label, about = _("Changed since you last looked"), _("Whether others have changed it since you opened it.")
    return {NEWS: Field(NEWS, label, NewsType(entity), NEWS, read_only=True, help=about)}
