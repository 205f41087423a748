"""Structures with their own form, otherwise edited as JSON."""

import json
from typing import Any

from kanal.core.fields import Field
from kanal.core.fields.types import JsonType
from kanal.core.listing import Column, Page
from kanal.web.fieldtypes.presenter import Presenter, Write, presents


@presents(JsonType)
class JsonPresenter(Presenter):
    """A structure of arrays and objects."""

    control = "json"
    is_wide = True
    is_bulky = True
    has_inline_form = False

    def typed(self, field: Field, value: Any) -> str:
        """Return the structure as JSON."""
        return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the structure unchanged."""
        return str
