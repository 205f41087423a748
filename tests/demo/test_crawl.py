"""Every link of every page of the demo company answers its five users, and no page shows what only a program reads."""

import datetime as dt
import re
from collections import Counter, deque
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from kanal.core.models import Change
from kanal.demo.company.context import Numbers
from kanal.demo.company.load import load_company
from kanal.entities.activities.models import Activity
from kanal.entities.leads.models import Lead
from kanal.entities.people.models import User

MOST = 220  # pages for each user
TWINS = 2  # pages of one kind: addresses that differ in ids alone
USERS = ("admin", "director", "seller", "partner", "support")
LABELS = {"None"}  # a contract that is not renewed: the label of a choice
# A job that a request has begun is taken back with it, so that its page is gone.
SKIPPED = re.compile(
    r"/(api|logout|static|styleguide|jobs/\d+/cancel|files|live|progress)\b|export\.csv|/accounts/(?!import)"
)
RAW = re.compile(
    r"\bNone\b|\[\]|\{'|\bFalse\b|\bTrue\b|<\w+ object at|%\(\w+\)s|\{\{|\{%|There is no such record|The record doesn"
)


class Page(HTMLParser):
    """The links of a page, and the text that people read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.skip = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take links, and what is fetched into the page."""
        given = dict(attrs)
        self.skip += tag in ("script", "style", "textarea", "code", "pre")
        for name in ("href", "hx-get", "data-dialog-url") if tag != "link" else ():
            if given.get(name):
                self.links.append(str(given[name]))

    def handle_endtag(self, tag: str) -> None:
        """Leave what is no text."""
        self.skip -= tag in ("script", "style", "textarea", "code", "pre")

    def handle_data(self, data: str) -> None:
        """Take the text."""
        if not self.skip and data.strip() not in LABELS:
            self.words.append(data)


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Load a small demo company of today within a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        few = Numbers(accounts=10, contacts=12, leads=20, opportunities=12, tasks=6)
        assert load_company(seed="1", today=timezone.localdate(), numbers=few, tell=lambda line: None)
        yield timezone.now()
        transaction.set_rollback(True)


def kind_of(url: str) -> str:
    """Return what an address has in common with its twins."""
    parts = urlsplit(url)
    names = sorted(part.partition("=")[0] for part in parts.query.split("&") if part)
    tab = re.search(r"tab=\w+", parts.query)
    return re.sub(r"\d+", "1", parts.path) + "?" + ",".join(names) + (tab.group() if tab else "")


@pytest.mark.parametrize("username", USERS)
def test_every_link_answers(company: Any, username: str) -> None:
    """UX, ACC-7: no 403, 404 or 500 behind anything that a page offers; no raw value on any page."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=username))
    queue, known, kinds, faults = deque([("/", "")]), {"/"}, Counter(), []
    number = 0
    while queue and number < MOST:
        url, source = queue.popleft()
        if kinds[kind_of(url)] >= TWINS:
            continue
        kinds[kind_of(url)] += 1
        number += 1
        with transaction.atomic():
            answer = client.get(url, headers={"HX-Request": "true"} if "part=" in url else {}, follow=True)
            transaction.set_rollback(True)
        if answer.status_code != 200:
            faults.append(f"{answer.status_code} {url} (from {source})")
            continue
        if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
            continue
        page = Page(answer.content.decode())
        if raw := RAW.search(" ".join(page.words)):
            faults.append(f"“{raw.group()}” on {url} (from {source})")
        for link in page.links:
            target = urljoin(url, link).partition("#")[0]
            if target.startswith("/") and target not in known and not SKIPPED.search(target):
                known.add(target)
                queue.append((target, url))
    assert number > 30
    assert not faults, "\n".join(faults)


def test_nothing_in_the_demo_is_ahead_of_its_loading(company: dt.datetime) -> None:
    """INIT-3: what was done, was done before; at hours when people work, where the company sits."""
    assert not Change.objects.filter(at__gt=company).exists()
    lead = Lead.objects.order_by("-received_at").first()
    assert lead is not None
    assert lead.received_at <= company
    assert not Activity.objects.filter(done=True, start__gt=company).exists()
    assert not Lead.objects.filter(created_at__gt=company).exists()
