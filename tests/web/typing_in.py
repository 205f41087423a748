"""Records to try pages on, and how a test fills in a form: the texts of its controls as a browser posts them."""

from typing import Any

import pytest

from kanal.core import registry
from kanal.core.access import visible_to
from kanal.web.forms import Form


def record_of(world: Any, key: str) -> Any:
    """Return the world's record of a type; skip where none can be made, which a test of the contract names."""
    try:
        record = world.find(key)
    except Exception as problem:
        raise AssertionError(f"no record can be made: {problem}") from problem
    return record if record is not None else pytest.skip("no record can be made")


def hidden_from(world: Any, name: str, key: str, record: Any) -> bool:
    """Return whether a user may not see a record; a test of access says who may."""
    return not visible_to(world.users[name], registry.get(key)).filter(pk=record.pk).exists()


def posted(form: Form) -> dict[str, Any]:
    """Return what a browser posts for a form as it is shown."""
    data: dict[str, Any] = {}
    for entry in form.entries:
        category = entry.field.type.category
        if category in ("choices", "relations"):
            data[entry.name] = entry.texts
        elif category != "boolean" or entry.text:
            data[entry.name] = entry.text
        if category == "money":
            data[f"{entry.name}_currency"] = entry.currency
    return data
