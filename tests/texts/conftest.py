"""The world of the contract, read in the pseudo-language."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from kanal.core.cache import invalidate
from tests.contract.conftest import lasting_world, world
from tests.texts import pseudo
from tests.texts.data import Known, mark_names, put_together, stored_texts
from tests.texts.visible import texts_of
from tests.urls.conftest import ids

__all__ = ["ids", "lasting_world", "world"]


class Reader:
    """Reads pages as users do, and remembers the texts that are in no language."""

    def __init__(self, world: Any) -> None:
        self.world, self.clients = world, {}
        self.texts: Known | None = None
        self.wrong: dict[str, str] = {}
        self.number_of_texts = 0

    def client(self, name: str) -> Client:
        """Return the browser of a user who reads the pseudo-language."""
        if name not in self.clients:
            self.clients[name] = Client(headers={"accept-language": pseudo.CODE})
            if name != "anonymous":
                self.clients[name].force_login(self.world.users[name])
        return self.clients[name]

    def get(self, url: str, user: str = "administrator", **query: str) -> Any:
        """Read the page at an address."""
        return self.read(self.client(user).get(url, query or None), f"{url} {query or ''}")

    def post(self, url: str, data: dict[str, Any] | None = None, user: str = "administrator", **more: Any) -> Any:
        """Send a form, and read what it answers, with the messages for the next page."""
        response = self.client(user).post(url, data or {}, **more)
        for message in get_messages(response.wsgi_request):
            self.check(str(message), f"message after POST {url}")
        return self.read(response, f"POST {url}")

    def read(self, response: Any, place: str) -> Any:
        """Note what of an answer is neither translated nor data."""
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not response.streaming and is_page and response.content.strip():
            for where, text in texts_of(response.content.decode()):
                self.check(text, f"{place} ({response.status_code}) {where}")
        return response

    def check(self, text: str, place: str) -> None:
        """Note what of a text is neither translated nor data."""
        if self.texts is None:
            self.texts = Known(stored_texts())
        self.number_of_texts += 1
        rest = self.texts.rest(text)
        if rest:  # or data that the page has just made
            self.texts = Known(stored_texts())
            rest = self.texts.rest(text)
        if rest := rest or put_together(text):
            self.wrong.setdefault(rest, f"{place}: {' '.join(text.split())[:160]}")

    def refuse(self) -> None:
        """Fail with the texts that are in no language, and where each stands."""
        assert self.number_of_texts, "nothing was read"
        wrong = [f"“{rest}” at {place}" for rest, place in self.wrong.items()]
        assert not wrong, "not marked for translation, or put together of parts:\n" + "\n".join(wrong)


@pytest.fixture
def reader(world: Any, ids: dict[str, int]) -> Iterator[Callable[..., Any]]:
    """Return a reader of the pseudo-language; all users of the world are set to it."""
    with pseudo.installed():
        type(world.users["administrator"]).objects.update(language=pseudo.CODE)
        for user in world.users.values():
            user.language = pseudo.CODE
        mark_names()
        invalidate()
        yield Reader(world)
    invalidate()
