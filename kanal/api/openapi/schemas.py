"""JSON schemas of fields, records and actions, generated from the declarations."""

from collections.abc import Collection, Iterable
from typing import Any

from kanal.api.openapi.components import ID, or_null
from kanal.core import registry
from kanal.core.action import Action
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.code_tables import Currencies
from kanal.core.fields.numbers import LARGEST_WHOLE
from kanal.core.models import Category
from kanal.core.transitions import without_unreachable
from kanal.core.verbs import input_fields


def schema_of(field: Field) -> dict[str, Any]:
    """Return the schema of a field's value."""
    shape = {**field.type.schema}
    options = [option.key for option in field.options() if option.key not in field.not_offered]
    if field.type.key == "choice" and options:
        shape |= {"enum": options, "examples": options[:1]}
    elif field.type.key == "choices" and options:
        shape |= {"items": {"type": "string", "enum": options}, "examples": [options[:1]]}
    if field.day:
        del shape["format"]
        shape |= {"anyOf": [{"format": "date-time"}, {"format": "date"}], "description": "a time, or an all-day date"}
    if resource := learnt_from(field):
        shape["x-choices"] = resource
    if field.target:
        shape["description"] = f"id of one of {field.target}"
    if field.max_length and shape.get("type") == "string":
        shape["maxLength"] = field.max_length
        shape["examples"] = [str(example)[: field.max_length] for example in shape.get("examples", [])]
    if field.help:
        shape["description"] = str(field.help)
    return {"title": str(field.label), **{key: value for key, value in shape.items() if value != []}}


def learnt_from(field: Field) -> str:
    """Return the URL that lists the keys of a choice with their names, or an empty text for fixed choices."""
    if field.table is Category:
        return "/api/v1/categories"
    if field.table is Currencies:
        return "/api/v1/currencies"
    entity = registry.of(field.table) if field.has_rows else None
    return f"/api/v1/{entity.key}" if entity else "/api/v1/statuses" if field.has_rows else ""


def input_of(field: Field) -> dict[str, Any]:
    """Return the schema of a field's value in requests, with its limits."""
    shape = schema_of(field)
    if shape.get("type") == "integer" and field.type.key == "integer":
        shape["minimum"] = -LARGEST_WHOLE if field.minimum is None else field.minimum
        shape["maximum"] = LARGEST_WHOLE if field.maximum is None else field.maximum
        shape["examples"] = [min(max(3, shape["minimum"]), shape["maximum"])]
    if field.required and shape.get("type") == "string" and "enum" not in shape:
        shape["minLength"] = 1
    return shape if field.required else or_empty(shape)


def example_of(fields: Iterable[Field]) -> dict[str, Any]:
    """Return an example body with the required fields, or a few others."""
    fields = [field for field in fields if not field.is_custom and not field.read_only]
    shown = [field for field in fields if field.required] or fields[:2]
    shapes = {field.key: input_of(field) for field in shown}
    return {key: shape["examples"][0] for key, shape in shapes.items() if shape.get("examples")}


def or_empty(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with an empty text permitted, if the text has a format."""
    if shape.get("type") == "string" and "format" in shape and shape["format"] in ("email", "uri"):
        rest = {key: value for key, value in shape.items() if key != "format"}
        return {**rest, "anyOf": [{"format": shape["format"]}, {"const": ""}]}
    if shape.get("type") == "string" and "pattern" in shape:
        return {**shape, "pattern": f"^$|{shape['pattern']}"}
    return shape


def record_schema(entity: Entity, fields: Collection[Field]) -> dict[str, Any]:
    """Return the schema of a record in responses."""
    native = {field.key: or_null(or_empty(schema_of(field))) for field in fields if not field.is_custom}
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


def input_schema(
    entity: Entity, fields: Collection[Field], *, is_new: bool, preset: Collection[str] = ()
) -> dict[str, Any]:
    """Return the schema for creating or changing a record. `preset` are fields of a new one with initial values."""
    fields = [field for field in fields if not field.read_only]
    needed = [field for field in fields if field.required and not field.is_custom]
    required = [field.key for field in needed if field.default is None and field.key not in preset]
    if is_new:
        fields = [without_unreachable(entity, field) for field in fields]
    shapes = {field.key: input_of(field) for field in fields if not field.is_custom}
    never_null = {field.key for field in needed}
    custom = {field.name: or_null(input_of(field)) for field in fields if field.is_custom}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **{key: shape if key in never_null else or_null(shape) for key, shape in shapes.items()},
            "custom": {"type": "object", "properties": custom, "additionalProperties": False},
        },
        **({"required": required} if is_new and required else {}),
    }


def item_schema(change: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a bulk change's item: the record, its changes, and the revision that was read."""
    which = {"id": ID, "revision": {"type": "integer", "description": "412 if the record has changed."}}
    return {**change, "required": ["id"], "properties": {**which, **change["properties"]}}


def is_open(action: Action) -> bool:
    """Return whether an action is available in the API."""
    return action.run is not None and action.api and action.verb != "delete"


def action_example(entity: Entity, action: Action) -> dict[str, Any]:
    """Return an example of an action's input."""
    picked = {action.dialog.pick_as: 42} if action.dialog.pick else {}
    return {**picked, **example_of(input_fields(entity, action))}


def action_schema(entity: Entity, action: Action) -> dict[str, Any]:
    """Return the schema of an action's input."""
    fields = input_fields(entity, action)
    shapes = {field.key: input_of(field) if field.required else or_null(input_of(field)) for field in fields}
    required = [field.key for field in fields if field.required]
    if action.dialog.pick:
        shapes[action.dialog.pick_as] = {**ID, "description": f"id of one of {action.dialog.pick}"}
        required.append(action.dialog.pick_as)
    if action.button.page and not fields:
        return {"type": "object"}
    return {
        "type": "object",
        "properties": shapes,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }
