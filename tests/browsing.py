"""A real browser for the served application. Loaded by `-p`, so that tests in apps have these fixtures, too."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RESULTS = Path("test-results")
PATIENCE = 30_000
"""Milliseconds that a step may take where the machine does much else; a test that goes well never waits for them."""
failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Record a failure, so that the page fixture takes a screenshot."""
    report = yield
    item.stash[failed] = item.stash.get(failed, False) or report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Debian's Chromium once for each test process."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def live(transactional_db: None, live_server: Any) -> Any:
    """Serve the application on loopback with the test database, which is replaced by a new copy afterwards."""
    return live_server


@pytest.fixture
def new_page(browser: Any, live: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open pages: `new_page(user=…, width=…, height=…, theme="light" | "dark")`. An error in a page fails the test."""
    with pages_of(browser, live.url, request) as open_page:
        yield open_page


@contextmanager
def pages_of(browser: Any, url: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open pages of a served application, and close them all. Raise an error if there was one in a page."""
    troubles: list[str] = []
    with ExitStack() as stack:

        def open_page(user: Any = None, width: int = 1280, height: int = 900, theme: str = "light") -> Any:
            context = browser.new_context(
                base_url=url,
                viewport={"width": width, "height": height},
                color_scheme=theme,
                reduced_motion="reduce",
                locale="en-US",
                accept_downloads=True,
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            if user is not None:
                context.add_cookies([session_cookie(user, url)])
            page = context.new_page()
            page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
            page.on("console", lambda message: note(troubles, page.url, message))
            stack.callback(keep_picture, page, request)
            return page

        yield open_page
    assert not troubles, troubles


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """Open a page without a user."""
    return new_page()


def note(troubles: list[str], url: str, message: Any) -> None:
    """Record a console error, including content policy violations. Failed requests are left to the test."""
    if message.type == "error" and "Failed to load resource" not in message.text:
        troubles.append(f"{url}: {message.text}")


def session_cookie(user: Any, url: str) -> dict[str, str]:
    """Sign a user in without the form, and return the session cookie."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def keep_picture(page: Any, request: pytest.FixtureRequest) -> None:
    """Take a screenshot of the page if the test failed."""
    if request.node.stash.get(failed, False) and not page.is_closed():
        RESULTS.mkdir(exist_ok=True)
        name = re.sub(r"[^\w-]+", "-", request.node.name)
        page.screenshot(path=RESULTS / f"{name}-{os.getpid()}-{id(page) % 1000}.png", full_page=True)
