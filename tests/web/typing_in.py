"""Records to try pages on, and how a test fills in a form: the texts of its controls as a browser posts them."""

from typing import Any

from kanal.core import registry
from kanal.core.access import visible_to
from kanal.web.forms import Form


def record_of(world: Any, key: str) -> Any:
    """Return the world's record of a type."""
    record = world.find(key)
    assert record is not None, f"no record of {key} can be made"
    return record


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
