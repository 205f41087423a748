"""Descriptions of operations in the OpenAPI document: parameters, bodies, and all possible responses."""

from typing import Any

MEANING = {
    400: "The request or its body can't be parsed.",
    401: "The token is missing or invalid.",
    403: "Not permitted.",
    404: "The record doesn't exist, or you can't see it.",
    409: "The record's state doesn't allow this, or the first request with this Idempotency-Key is in progress.",
    412: "Somebody else has changed the record; `changes` lists their changes.",
    413: "Too large.",
    415: "The content type of the body is not JSON.",
    422: "Validation failed; `errors` lists the invalid fields or parameters.",
    429: "Too many requests; `Retry-After` gives the seconds to wait.",
}
EVERY = (400, 401, 403, 429)
LISTING = (*EVERY, 422)
READING = (*EVERY, 404, 422)
REMOVING = (*READING, 409, 412)
MAKING = (*READING, 409, 413, 415)
WRITING = (*MAKING, 412)


def reference(name: str) -> dict[str, str]:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def answers(good: dict[int, tuple[str, Any]], bad: tuple[int, ...]) -> dict[str, Any]:
    """Return the descriptions of an operation's responses: successes with a schema, errors as problem documents."""
    responses: dict[str, Any] = {}
    for status, (text, schema) in good.items():
        responses[str(status)] = {"description": text}
        if schema is not None:
            kind = "*/*" if schema == BYTES else "application/json"
            responses[str(status)]["content"] = {kind: {"schema": schema}}
    return responses | {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(bad)}


def refusals() -> dict[str, Any]:
    """Return the descriptions of all error responses, for operations to reference."""
    responses = {}
    for status, meaning in MEANING.items():
        shown = {"type": "about:blank", "title": meaning.split(",")[0].rstrip("."), "status": status}
        content = {"application/problem+json": {"schema": reference("Problem"), "example": shown}}
        responses[str(status)] = {"description": meaning, "content": content, **HEADERS.get(status, {})}
    return responses


def body(schema: dict[str, Any], *, required: bool = True, example: Any = None) -> dict[str, Any]:
    """Return the description of a JSON body. The document adds an example to references of record or action schemas."""
    shown = {} if example is None else {"example": example}
    return {"required": required, "content": {"application/json": {"schema": schema, **shown}}}


def parameter(name: str, text: str, schema: dict[str, Any], *, where: str = "query") -> dict[str, Any]:
    """Return the description of a parameter."""
    return {"name": name, "in": where, "required": where == "path", "description": text, "schema": schema}


TEXT = {"type": "string"}
BYTES = {"type": "string", "format": "binary"}
IF_MATCH = parameter("If-Match", "The ETag that you read; 412 if the record has changed.", TEXT, where="header")
IF_NONE_MATCH = parameter(
    "If-None-Match", "The ETag that you read; 304 if the record hasn't changed.", TEXT, where="header"
)
KEY = parameter(
    "Idempotency-Key",
    "A key of your choice, kept for 24 hours. A repeat with the same key and content is not run again: it gets the "
    "first answer and `Idempotent-Replayed: true`. Other content with the same key is answered with 422.",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[!-~]([ -~]*[!-~])?$"},
    where="header",
)
HEADERS: dict[int, dict[str, Any]] = {
    401: {"headers": {"WWW-Authenticate": {"schema": TEXT}}},
    429: {"headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}},
}
LIST = [
    parameter(
        "filter",
        "A filter, such as status:any(new);value:gt(1000,EUR). Without it, archived records are excluded, as in lists "
        "on pages; an empty filter includes all records.",
        TEXT,
    ),
    parameter("q", "A quick search.", TEXT),
    parameter("sort", "Fields to sort by, such as -value,name.", TEXT),
    parameter("fields", "The fields to return, separated by commas.", TEXT),
    parameter("include", "The relations whose records to add in `included`.", TEXT),
    parameter("cursor", "`next` of the previous page.", TEXT),
    parameter("limit", "The page size: 50 by default, at most 500.", {"type": "integer", "minimum": 1, "maximum": 500}),
]
TABLE = [
    parameter("cursor", "`next` of the previous page.", TEXT),
    parameter("limit", "The page size, at most 2,000.", {"type": "integer", "minimum": 1, "maximum": 2000}),
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
SELECTING = [entry for entry in LIST if entry["name"] in ("fields", "include")]
HISTORY = [
    parameter("before", "The id of an entry; returns older entries.", {"type": "integer", "minimum": 1}),
    parameter(
        "news", "`true`: only what others changed since you last looked at the record, or in the last 30 days.",
        {"type": "boolean"},
    ),
]  # fmt: skip


def page_of(item: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a page of a list."""
    properties: Any = LISTED["properties"]
    return {**LISTED, "properties": {"items": {"type": "array", "items": item}, **properties}}


def bulk_body(item: dict[str, Any]) -> dict[str, Any]:
    """Return the description of a bulk operation's body."""
    properties = {
        "mode": {"type": "string", "enum": ["all", "each"], "default": "all"},
        "items": {"type": "array", "maxItems": 1000, "items": item},
    }
    return body({"type": "object", "required": ["items"], "additionalProperties": False, "properties": properties})


COMMENT = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 50_000}, "is_private": {"type": "boolean"}},
}
COMMENT_BODY = body(COMMENT, example={"text": "Called; wants an offer by Friday.", "is_private": False})
FILE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "is_internal": {"type": "boolean", "description": "Not for partner users."},
                },
            }
        }
    },
}
FILE_CHANGE = body(
    {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string"},
            "description": {"type": "string"},
            "is_internal": {"type": "boolean", "description": "Not for partner users."},
        },
    },
    example={"is_internal": True},
)
