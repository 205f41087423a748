"""The intake in the OpenAPI document."""

from typing import Any

from kanal.api.openapi import operations as spec
from kanal.api.openapi.components import ID
from kanal.api.openapi.document import describe

LEAD = {"type": "object", "examples": [{"first_name": "Ada", "last_name": "Berg", "email": "ada@berg.example"}]}
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"anyOf": [LEAD, {"type": "array", "maxItems": 1000, "items": LEAD}]}},
        "application/x-www-form-urlencoded": {"schema": LEAD},
        "multipart/form-data": {"schema": LEAD},
    },
}
RECEIPT = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": ID,
        "items": {"type": "array", "items": ID, "description": "For a list: the ids of its leads."},
    },
}
SIGNATURE = spec.parameter(
    "X-Kanal-Signature", "sha256= and the HMAC of the body, if the source has a secret.", spec.TEXT, where="header"
)

describe(
    "/api/v1/intake/{key}",
    post={
        "operationId": "intake",
        "summary": "Post leads",
        "tags": ["Intake"],
        "security": [],
        "parameters": [
            spec.parameter("key", "The secret key of the source.", spec.TEXT, where="path"),
            spec.KEY,
            SIGNATURE,
        ],
        "requestBody": BODY,
        "responses": spec.answers({202: ("The post is stored.", RECEIPT)}, (400, 403, 404, 413, 429)),
    },
)
