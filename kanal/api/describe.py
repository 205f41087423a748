"""The JSON schema of fields, records and actions: what the OpenAPI document says follows from the declarations."""

from typing import Any

from kanal.core.entity import Action, Entity
from kanal.core.fields import Field, fields_of

MONEY = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1250.00"]},
        "currency": {"type": "string", "minLength": 3, "maxLength": 3, "examples": ["EUR"]},
    },
}
ID = {"type": "integer", "minimum": 1}
SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "long_text": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "phone": {"type": "string"},
    "link": {"type": "string", "format": "uri"},
    "colour": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "percent": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "money": MONEY,
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "choice": {"type": "string"},
    "choices": {"type": "array", "items": {"type": "string"}},
    "relation": ID,
    "relations": {"type": "array", "items": ID},
    "json": {},
}


def schema_of(field: Field) -> dict[str, Any]:
    """Describe one field's value."""
    shape = dict(SHAPES[field.kind.key])
    if field.kind.key == "choice" and field.choices:
        shape["enum"] = [option.key for option in field.choices]
    if field.target:
        shape["description"] = f"id of one of {field.target}"
    if field.max_length and shape.get("type") == "string":
        shape["maxLength"] = field.max_length
    if field.help:
        shape["description"] = str(field.help)
    return {"title": str(field.label), **shape}


def or_null(shape: dict[str, Any]) -> dict[str, Any]:
    """Let a value be absent too."""
    if "type" not in shape or isinstance(shape["type"], list):
        return shape
    changed = {**shape, "type": [shape["type"], "null"]}
    if "enum" in shape:
        changed["enum"] = [*shape["enum"], None]
    return changed


def record_schema(entity: Entity) -> dict[str, Any]:
    """Describe a record as it is given out."""
    fields = fields_of(entity).values()
    native = {field.key: or_null(schema_of(field)) for field in fields if not field.is_custom}
    custom = {field.name: or_null(schema_of(field)) for field in fields if field.is_custom}
    return {
        "type": "object",
        "title": entity.label,
        "required": ["id"],
        "properties": {
            "id": ID,
            **native,
            "revision": {"type": "integer", "readOnly": True},
            "custom": {"type": "object", "properties": custom},
        },
    }


def input_schema(entity: Entity, *, is_new: bool) -> dict[str, Any]:
    """Describe what is sent to make or change a record."""
    fields = [field for field in fields_of(entity).values() if not field.read_only]
    required = [field.key for field in fields if field.required and not field.is_custom and field.default is None]
    shapes = {field.key: schema_of(field) for field in fields if not field.is_custom}
    custom = {field.name: or_null(schema_of(field)) for field in fields if field.is_custom}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{key: shape if key in required else or_null(shape) for key, shape in shapes.items()},
            "custom": {"type": "object", "properties": custom, "additionalProperties": False},
        },
        **({"required": required} if is_new and required else {}),
    }


def action_schema(action: Action) -> dict[str, Any]:
    """Describe what an action asks for."""
    shapes = {field.key: schema_of(field) for field in action.inputs}
    required = [field.key for field in action.inputs if field.required]
    if action.pick:
        name = action.pick_as or action.pick
        shapes[name] = {**ID, "description": f"id of one of {action.pick}"}
        required.append(name)
    return {"type": "object", "properties": shapes, **({"required": required} if required else {})}


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "changes": {"type": "object"},
    },
}
