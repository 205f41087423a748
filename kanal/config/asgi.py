"""The ASGI entry for servers that want one: the WSGI application behind a thread pool."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from kanal.config.wsgi import application as pages

application = WSGIMiddleware(cast(Any, pages))
