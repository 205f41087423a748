"""The live channel as server-sent events at `/live` (JOB-2), an ASGI application. Pages stay with WSGI.

`?on=leads` names a list or board, `?on=leads.42` a record's page, `seen=leads:1,2` the records shown on the page, and
`since=7` the last message received.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import orjson
from django.conf import settings
from django.contrib.auth import get_user

from kanal.core import access, registry
from kanal.core.live.authorization import seen_by
from kanal.core.live.clients import SEEN, Client
from kanal.core.live.hub import HUB, Hub, newest_change
from kanal.web.http import id_of

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
PATH = "/live"
BEAT_SECONDS = 20.0
PAGES_OF_A_USER = 30
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def serve(scope: dict[str, Any], receive: Receive, send: Send, hub: Hub = HUB) -> None:
    """Stream messages that the user may receive to a page, until it disconnects or the user loses access."""
    client = await hub.ask(admitted, scope, new=True)
    if client is None or sum(other.user_id == client.user_id for other in hub.clients) >= PAGES_OF_A_USER:
        await reject_stream(send, 429 if client else 403)
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    gone = asyncio.create_task(until_gone(receive))
    try:
        await hub.join(client)
        client.since = client.since or await hub.ask(newest_change, new=True)
        hub.at = hub.at or client.since
        await send_chunk(send, f"event: ready\ndata: {client.since}\n\n")
        await stream(client, send, gone)
    finally:
        gone.cancel()
        await hub.leave(client)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def reject_stream(send: Send, status: int) -> None:
    """Reject a stream."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def send_chunk(send: Send, text: str) -> None:
    """Send a chunk of the stream."""
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def stream(client: Client, send: Send, gone: "asyncio.Task[None]") -> None:
    """Send messages as they arrive, and a heartbeat in between to detect dead connections."""
    while not gone.done():
        message = asyncio.create_task(client.queue.get())
        await asyncio.wait({message, gone}, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not message.done():
            message.cancel()
            await send_chunk(send, ": beat\n\n")
        elif not (payload := message.result()):
            await send_chunk(send, "event: end\ndata: {}\n\n" if payload is None else ": close\n\n")
            return
        else:
            await send_chunk(send, f"data: {orjson.dumps(payload).decode()}\n\n")


async def until_gone(receive: Receive) -> None:
    """Wait until the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        pass


def admitted(scope: dict[str, Any]) -> Client | None:
    """Return the client of a signed-in user, with only the records visible to them. None for others."""
    session = session_of(scope)
    user = get_user(SimpleNamespace(session=session)) if session is not None else None  # type: ignore[arg-type]
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    assert session is not None
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    types, records = places(asked.get("on", [])[:40])
    wanted = seen_of(asked.get("seen", [])[:20])
    for key, pk in records:
        wanted.setdefault(key, set()).add(pk)
    visible_ids = seen_by(user, wanted)
    return Client(
        user.pk,
        session.session_key or "",
        user.password,
        frozenset(key for key in types if access.has_permission(user, registry.get(key), "view")),
        frozenset((key, pk) for key, pk in records if pk in visible_ids.get(key, ())),
        visible_ids,
        id_of(asked.get("since", [""])[0]) or 0,
    )


def session_of(scope: dict[str, Any]) -> Any:
    """Return the session in the request's cookie, or None."""
    raw_cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    try:
        cookie = SimpleCookie(raw_cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return store(cookie.value) if cookie is not None else None


def places(named: list[str]) -> tuple[set[str], set[tuple[str, int]]]:
    """Parse the places shown on a page: types, and records as `leads.42`."""
    types, records = set(), set()
    for text in named:
        key, _dot, number = text.partition(".")
        if registry.find(key) is None:
            continue
        if not number:
            types.add(key)
        elif pk := id_of(number):
            records.add((key, pk))
    return types, records


def seen_of(named: list[str]) -> dict[str, set[int]]:
    """Parse the records shown on a page: `leads:1,2,3`."""
    ids_by_type: dict[str, set[int]] = {}
    for text in named:
        key, _colon, numbers = text.partition(":")
        ids = [id_of(number) for number in numbers.split(",")[:SEEN]]
        if registry.find(key) is not None:
            ids_by_type[key] = {pk for pk in ids if pk}
    return ids_by_type
