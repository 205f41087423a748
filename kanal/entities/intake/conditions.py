"""Posts that become leads: the conditions of a source and of known senders, and lists of several leads (INTAKE-1)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.intake.paths import dig, opened, resolve_path
from kanal.entities.intake.senders import sender_of
from kanal.kit.letters import fold

CONDITIONS: dict[str, Callable[[str, str], bool]] = {
    "is": lambda text, wanted: text == wanted,
    "not": lambda text, wanted: text != wanted,
    "contains": lambda text, wanted: wanted in text,
    "empty": lambda text, _wanted: not text,
    "set": lambda text, _wanted: bool(text),
}

# Not a lead regardless of the sender: tests and unsubscribes.
NEVER = (
    *({"field": name, "value": value} for name in ("is_test", "testLead", "test_lead")
      for value in ("true", "1", "yes")),
    *({"field": name, "value": value} for name in ("event", "event_type", "type", "action") for value in (
        "unsubscribe", "unsubscribed", "contact.unsubscribed", "subscriber.unsubscribed", "contact_unsubscribed")),
)  # fmt: skip


def why_ignored(mapping: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Return why a post is ignored by the conditions of its source, or ""."""
    if not any(value not in (None, "", [], {}) for value in data.values()):
        return _("The post is empty.")
    sender = sender_of(mapping, data)
    ignored = [*NEVER, *mapping.get("ignore_if", ()), *(sender.ignore_if if sender else ())]
    wanted = [*mapping.get("only_if", ()), *(sender.only_if if sender else ())]
    for condition in ignored:
        if meets(condition, data):
            return _("Ignored, as %(condition)s.") % {"condition": format_condition(condition)}
    for condition in wanted:
        if not meets(condition, data):
            return _("Ignored, because this condition is not met: %(condition)s.") % {
                "condition": format_condition(condition)
            }
    return ""


def meets(condition: Mapping[str, str], data: Mapping[str, Any]) -> bool:
    """Return whether a post meets a condition."""
    value = dig(data, condition["field"])
    texts = [compared(item) for item in (value if isinstance(value, list) else [value])]
    op, wanted = CONDITIONS[condition.get("op", "is")], compared(condition.get("value", ""))
    every = all if condition.get("op") in ("not", "empty") else any
    return every(op(text, wanted) for text in texts)


def compared(value: Any) -> str:
    """Return a value in normalized form for comparison."""
    if isinstance(value, dict):
        return "…" if value else ""
    return "" if value is None else fold(str(value)).strip()


def format_condition(condition: Mapping[str, str]) -> str:
    """Return a condition as text."""
    words = {"is": _("is"), "not": _("is not"), "contains": _("contains"), "empty": _("is empty"), "set": _("is given")}
    op = condition.get("op", "is")
    value = f" “{condition.get('value', '')}”" if op in ("is", "not", "contains") else ""
    return f"“{condition['field']}” {words[op]}{value}"


def lead_entries(mapping: Mapping[str, Any], data: Any) -> list[Any] | None:
    """Return the leads of a list under a key, or None if the post is a single lead."""
    sender = sender_of(mapping, data) if isinstance(data, dict) else None
    path = mapping.get("list") or (sender.list_at if sender else "")
    entries = opened(resolve_path(data, path)) if path else None
    if not isinstance(entries, list) or not any(isinstance(entry, dict) for entry in entries):
        return None
    around = {key: value for key, value in data.items() if not isinstance(opened(value), list | dict)}
    return [{**around, **entry} if isinstance(entry, dict) else entry for entry in entries]
