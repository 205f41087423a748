"""JSON schemas beyond records: files, comments, history, bulk results, small tables, `me`, problems."""

from typing import Any

from kanal.core.fields.choices import RECORD_ID

ID = RECORD_ID
TEXT = {"type": "string"}
YES = {"type": "boolean"}
NUMBER = {"type": "integer"}
MOMENT = {"type": "string", "format": "date-time", "examples": ["2026-03-31T09:30:00Z"]}
ANY_ID = {"type": ["integer", "null"]}


def some(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object with all its properties required."""
    return {"type": "object", "required": list(properties), "properties": properties}


def listed(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of `{"items": […]}`."""
    return some(items={"type": "array", "items": item})


def or_null(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with null permitted."""
    if "type" not in shape or isinstance(shape["type"], list):
        return shape
    changed = {**shape, "type": [shape["type"], "null"]}
    if "enum" in shape:
        changed["enum"] = [*shape["enum"], None]
    return changed


ERROR = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "field": {**TEXT, "description": "Empty for the whole."},
        "message": TEXT,
        "action": {"type": "object"},
    },
}
ACTION = {
    "type": "object",
    "description": "The action that sets the status; `url` is null if the record doesn't exist yet.",
    "required": ["verb", "label", "method", "url"],
    "properties": {"verb": TEXT, "label": TEXT, "method": TEXT, "url": {"type": ["string", "null"]}},
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457; `errors` lists the invalid fields, `changes` the changes of others.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": NUMBER,
        "detail": TEXT,
        "request_id": TEXT,
        "errors": {"type": "array", "items": ERROR},
        "changes": {"type": "object"},
        "action": ACTION,
    },
}
FILE = some(
    id=ID, name=TEXT, description=TEXT, version=NUMBER, kind=TEXT, size=NUMBER, author=ANY_ID, created_at=MOMENT,
    is_internal=YES, content={**TEXT, "description": "The URL of the content."},
)  # fmt: skip
COMMENT = some(
    id=ID, text={**TEXT, "description": "Sanitized HTML."}, is_private=YES, author=ANY_ID, created_at=MOMENT,
    edited_at=or_null(MOMENT),
)  # fmt: skip
ENTRY = some(
    id=ID,
    at=MOMENT,
    kind={"type": "string", "enum": ["created", "changed", "deleted"]},
    by={"type": ["object", "null"], "properties": {"id": ANY_ID, "name": TEXT}},
    means=TEXT,
    verb=TEXT,
    chain={
        "type": "array",
        "items": TEXT,
        "description": "What caused the change, the first cause first, each as `key:id`. Empty for changes by people "
        "and for external readers.",
    },
    changes={"type": "array", "items": some(field=TEXT, label=TEXT, old={}, new={}, old_label=TEXT, new_label=TEXT)},
)
DONE = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": {"description": "The id of the record; for a rejected item, the id that it contained, if any."},
        "status": {"type": "integer", "description": "The status that this item would get in a request of its own."},
        "errors": {"type": "array", "items": ERROR},
    },
}
ME = some(
    id=ID, username=TEXT, name=TEXT, email=TEXT, user_type=TEXT, language=TEXT, time_zone=TEXT, partner=ANY_ID,
    is_administrator=YES,
    permissions={"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
)  # fmt: skip
SCHEMAS = {
    "Problem": PROBLEM,
    "File": FILE,
    "Comment": COMMENT,
    "Entry": ENTRY,
    "Done": DONE,
    "Me": ME,
}
