"""What each kind of operation says of itself in the OpenAPI document: parameters, bodies, every answer it can give."""

from typing import Any

MEANING = {
    400: "The request or its body can't be read.",
    401: "No valid token.",
    403: "Not permitted.",
    404: "No such record, or none that may be seen.",
    409: "The record's state doesn't allow this, or the first request with this Idempotency-Key is still going on.",
    412: "Somebody else changed the record meanwhile; `changes` says what.",
    413: "Too large.",
    415: "The body is sent as something else than JSON.",
    422: "Validation failed; `errors` names the fields or parameters.",
    429: "Too many requests; Retry-After says when to go on.",
}
EVERY = (400, 401, 403, 429)
LISTING = (*EVERY, 422)
READING = (*EVERY, 404, 422)
REMOVING = (*READING, 409, 412)
MAKING = (*READING, 409, 413, 415)
WRITING = (*MAKING, 412)


def reference(name: str) -> dict[str, str]:
    """Point at a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def answers(good: dict[int, tuple[str, Any]], bad: tuple[int, ...]) -> dict[str, Any]:
    """Describe the answers of an operation: good ones with a schema, bad ones as problem documents."""
    found: dict[str, Any] = {}
    for status, (text, schema) in good.items():
        found[str(status)] = {"description": text}
        if schema is not None:
            kind = "*/*" if schema == BYTES else "application/json"
            found[str(status)]["content"] = {kind: {"schema": schema}}
    return found | {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(bad)}


def refusals() -> dict[str, Any]:
    """Describe every refusal, for operations to point at."""
    found = {}
    for status, meaning in MEANING.items():
        shown = {"type": "about:blank", "title": meaning.split(",")[0].rstrip("."), "status": status}
        content = {"application/problem+json": {"schema": reference("Problem"), "example": shown}}
        found[str(status)] = {"description": meaning, "content": content, **HEADERS.get(status, {})}
    return found


def body(schema: dict[str, Any], *, required: bool = True, example: Any = None) -> dict[str, Any]:
    """Describe a JSON body; the document adds an example to one that points at a schema of records or verbs."""
    shown = {} if example is None else {"example": example}
    return {"required": required, "content": {"application/json": {"schema": schema, **shown}}}


def parameter(name: str, text: str, schema: dict[str, Any], *, where: str = "query") -> dict[str, Any]:
    """Describe one parameter."""
    return {"name": name, "in": where, "required": where == "path", "description": text, "schema": schema}


TEXT = {"type": "string"}
BYTES = {"type": "string", "format": "binary"}
IF_MATCH = parameter("If-Match", "The ETag that was read: 412 if it is no longer so.", TEXT, where="header")
IF_NONE_MATCH = parameter("If-None-Match", "The ETag that was read: 304 if it is still so.", TEXT, where="header")
KEY = parameter(
    "Idempotency-Key",
    "A key of your own choice, kept for 24 hours: a repeat with the same key and content is done once and answers "
    "with the first answer and `Idempotent-Replayed: true`; with other content 422.",
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
        "A filter in its text form, such as status:any(new);value:gt(1000,EUR). Without one archived records are left "
        "out, as in the lists of the pages; an empty one gives all.",
        TEXT,
    ),
    parameter("q", "Words to search for.", TEXT),
    parameter("sort", "Fields to sort by, such as -value,name.", TEXT),
    parameter("fields", "Only these fields, separated by commas.", TEXT),
    parameter("include", "Relations whose records are added under `included`.", TEXT),
    parameter("cursor", "Where to go on: `next` of the page before.", TEXT),
    parameter("limit", "How many, 50 unless said, at most 500.", {"type": "integer", "minimum": 1, "maximum": 500}),
]
TABLE = [
    parameter("cursor", "Where to go on: `next` of the page before.", TEXT),
    parameter("limit", "How many, at most 2,000.", {"type": "integer", "minimum": 1, "maximum": 2000}),
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
SELECTING = [one for one in LIST if one["name"] in ("fields", "include")]
HISTORY = [parameter("before", "The id of an entry: what is older.", {"type": "integer", "minimum": 1})]


def page_of(item: dict[str, Any]) -> dict[str, Any]:
    """Describe a page of a list."""
    properties: Any = LISTED["properties"]
    return {**LISTED, "properties": {"items": {"type": "array", "items": item}, **properties}}


def bulk_body(item: dict[str, Any]) -> dict[str, Any]:
    """Describe the body of a bulk operation."""
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
