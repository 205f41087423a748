"""Calling the API in process, for tests of its edges."""

import json

import pytest

from kanal.core import tokens

SHIPS = "/api/v1/ships"


@pytest.fixture
def call(client, admin):
    """Call with a token: `call("POST", url, {…}, user=…, scope=…, **headers)` gives (status, data, response)."""
    keys = {}

    def do(method, url, data=None, user=None, scope="write", content_type="application/json", **headers):
        user = user or admin
        token = keys.setdefault((user.pk, scope), tokens.create_token(user, "test", scope))
        body = data if isinstance(data, str | bytes) else json.dumps(data) if data is not None else b""
        head = {"Authorization": f"Bearer {token}", **{key.replace("_", "-"): value for key, value in headers.items()}}
        response = client.generic(method, url, body, content_type=content_type, headers=head)
        content = b"" if response.streaming else response.content
        is_json = "json" in response.headers.get("Content-Type", "")
        return response.status_code, json.loads(content) if content and is_json else None, response

    return do
