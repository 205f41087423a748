"""What each kind of operation says of itself in the OpenAPI document: parameters, bodies, every answer it can give."""

from typing import Any

MEANING = {
    400: "The body is not JSON.",
    401: "No valid token.",
    403: "Not permitted.",
    404: "No such record, or none that may be seen.",
    409: "The record's state forbids this.",
    412: "Somebody else changed the record meanwhile.",
    413: "Too large.",
    415: "The body is not JSON.",
    422: "The data are not valid; `errors` names the fields.",
    429: "Too many requests.",
}
READING = (401, 403, 404, 422, 429)
WRITING = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429)


def reference(name: str) -> dict[str, str]:
    """Point at a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def answers(good: dict[int, tuple[str, dict | None]], bad: tuple[int, ...]) -> dict[str, Any]:
    """Describe the answers of an operation: good ones with a schema, bad ones as problem documents."""
    found: dict[str, Any] = {}
    for status, (text, schema) in good.items():
        found[str(status)] = {"description": text}
        if schema is not None:
            found[str(status)]["content"] = {"application/json": {"schema": schema}}
    for status in bad:
        content = {"application/problem+json": {"schema": reference("Problem")}}
        found[str(status)] = {"description": MEANING[status], "content": content}
    return found


def body(schema: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    """Describe a JSON body."""
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def parameter(name: str, text: str, schema: dict[str, Any], *, where: str = "query") -> dict[str, Any]:
    """Describe one parameter."""
    return {"name": name, "in": where, "required": where == "path", "description": text, "schema": schema}


TEXT = {"type": "string"}
IF_MATCH = parameter("If-Match", "The ETag that was read: 412 if it is no longer so.", TEXT, where="header")
LIST = [
    parameter("filter", "A filter in its text form, such as status:any(new);value:gt(1000,EUR).", TEXT),
    parameter("sort", "Fields to sort by, such as -value,name.", TEXT),
    parameter("fields", "Only these fields, separated by commas.", TEXT),
    parameter("include", "Relations whose records are added under `included`.", TEXT),
    parameter("cursor", "Where to go on: `next` of the page before.", TEXT),
    parameter("limit", "How many, 50 unless said, at most 500.", {"type": "integer", "minimum": 1, "maximum": 500}),
]
LISTED = {
    "type": "object",
    "required": ["items", "next", "count", "count_is_estimate"],
    "properties": {
        "next": {"type": ["string", "null"]},
        "count": {"type": "integer"},
        "count_is_estimate": {"type": "boolean"},
    },
}
PAGE: dict[str, dict[str, Any]] = {
    "bulk": {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "object"}}}},
    "history": {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "object"}}}},
}
HISTORY = [parameter("before", "The id of an entry: what is older.", {"type": "integer", "minimum": 1})]


def page_of(name: str) -> dict[str, Any]:
    """Describe a page of records of one type."""
    properties: Any = LISTED["properties"]
    return {**LISTED, "properties": {"items": {"type": "array", "items": reference(name)}, **properties}}


def bulk_body(item: dict[str, Any]) -> dict[str, Any]:
    """Describe the body of a bulk operation."""
    properties = {
        "mode": {"enum": ["all", "each"], "default": "all"},
        "items": {"type": "array", "maxItems": 1000, "items": item},
    }
    return body({"type": "object", "required": ["items"], "properties": properties})


COMMENT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string"}, "is_private": {"type": "boolean"}},
}
FILE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}
