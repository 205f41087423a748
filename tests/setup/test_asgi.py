"""The ASGI entry: the pages get what the browser sent, and no header passes for a proxy's word."""

import asyncio
from typing import Any

from kanal.config import asgi
from tests import loops


class Given:
    """An awaitable that is no coroutine, as granian's is."""

    def __init__(self, message: dict[str, Any]) -> None:
        self.message = message

    def __await__(self) -> Any:
        yield from asyncio.sleep(0).__await__()
        return self.message


def ask(monkeypatch: Any, **scope: Any) -> dict[str, Any]:
    """Send a request with a body and return what the WSGI application was told."""
    received: dict[str, Any] = {}

    def pages(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        received.update(environ, body=environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b""]

    async def send(message: dict[str, Any]) -> None:
        """Take no notice of the answer."""

    def receive() -> Given:
        return Given({"type": "http.request", "body": b"a=1", "more_body": False})

    async def run() -> None:
        monkeypatch.setattr(asgi, "by_wsgi", asgi.WSGIMiddleware(pages))
        given = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": [], **scope}
        await asgi.application({"http_version": "1.1", **given}, receive, send)

    loops.run(run())
    return received


def test_the_body_of_a_form_arrives(monkeypatch):
    """A form that is posted has its body, though the server's `receive` gives no coroutine."""
    assert ask(monkeypatch)["body"] == b"a=1"


def test_a_header_with_underscores_passes_for_no_other(monkeypatch):
    """SEC-2: `X_Forwarded_Proto` is not taken for `X-Forwarded-Proto`; cookies stay apart."""
    headers = [(b"x_forwarded_proto", b"https"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"*/*")]
    environ = ask(monkeypatch, headers=headers, query_string="q=ø".encode())
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["QUERY_STRING"] == "q=%C3%B8"
