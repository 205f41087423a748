"""The servers' ASGI entry point: the live channel runs here, pages and API as WSGI in a thread pool, on one port."""

from typing import Any, cast
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from kanal.config import env
from kanal.config.wsgi import application as pages
from kanal.core.live.hub import HUB
from kanal.web.live import channel

THREADS = 4

HUB.direct_url = env.read_environment().direct_database_url
by_wsgi = WSGIMiddleware(cast(Any, pages), workers=THREADS)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Handle a request by the live channel or the pages. Other scopes (lifespan) are left to the server."""
    if scope["type"] != "http":
        return
    if scope["path"] == channel.PATH and scope["method"] == "GET":
        await channel.serve(scope, receive, send)
        return

    async def take() -> Any:
        return await receive()  # a2wsgi requires a coroutine, granian returns another awaitable

    await by_wsgi(sanitize_scope(scope), take, send)


def sanitize_scope(scope: dict[str, Any]) -> Any:
    """Return the request scope for WSGI: one cookie header, no header that imitates another with underscores."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie" and b"_" not in name]
    cookies = [value for name, value in scope["headers"] if name == b"cookie"]
    headers += [(b"cookie", b"; ".join(cookies))] if cookies else []
    query = scope["query_string"]
    if not query.isascii():
        query = quote(query, safe="/?:@!$&'()*+,;=%").encode()
    return {**scope, "headers": headers, "query_string": query}
