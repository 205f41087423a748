"""The ASGI entry of the servers: the live channel here, pages and API by WSGI in a pool of threads, on one port."""

from typing import Any, cast
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from kanal.config import env
from kanal.config.wsgi import application as pages
from kanal.core.live.hub import HUB
from kanal.web.live import channel

THREADS = 4

HUB.direct_url = env.read().direct_database_url
by_wsgi = WSGIMiddleware(cast(Any, pages), workers=THREADS)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one request by the channel or by the pages; what is neither (a lifespan) is left to the server."""
    if scope["type"] != "http":
        return
    if scope["path"] == channel.PATH and scope["method"] == "GET":
        await channel.serve(scope, receive, send)
        return

    async def take() -> Any:
        return await receive()  # a2wsgi wants a coroutine, granian gives another awaitable

    await by_wsgi(plain(scope), take, send)


def plain(scope: dict[str, Any]) -> Any:
    """Return the request as WSGI wants it: one cookie header, no header that passes for another by its underscores."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie" and b"_" not in name]
    cookies = [value for name, value in scope["headers"] if name == b"cookie"]
    headers += [(b"cookie", b"; ".join(cookies))] if cookies else []
    query = scope["query_string"]
    if not query.isascii():
        query = quote(query, safe="/?:@!$&'()*+,;=%").encode()
    return {**scope, "headers": headers, "query_string": query}
