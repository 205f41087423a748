"""Every form of every page, filled with what no column holds: an answer of ours, and for a form what is wrong (SEC-3).

Bounded here to some texts for each form, other ones for each; `KANAL_FUZZ_EXAMPLES=20` tries all.
"""

import os
import random
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction

from kanal.core import registry
from tests.urls.addresses import pages

EVERYTHING = int(os.environ.get("KANAL_FUZZ_EXAMPLES", "1")) > 1
HOSTILE = [
    "x" * 70_000, "a\x00b", "\udcff", "9" * 30, "9" * 5_000, "-" + "9" * 30, "1e400", "1e-400", "NaN",
    "Infinity", "-1", "0", "2147483648", "9223372036854775808", "32768", "1.5", "0,1,2", "\u0661\u0662\u0663",
    "\u00b2", "\u2461", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "0001-01-01T00:00",
    "9999-12-31T23:59", "99:99", "[]", "{}", "[{}]", '{"a":', "null", '"\\ud800"', '{"all": [1]}', "{{x}}",
    "%00", "\u202e", "\U0001f600" * 3_000, "://", "javascript:alert(1)", "a@b", "+", "+" + "9" * 21,
    "1 000 000 000 000 000", "99999999999 EUR", "-0001-01-01", "2026-W01", "12:60", "me", "none", "12.500", "",
    " ", "drop:x", "add:\u00b2",
]  # fmt: skip
FEW = len(HOSTILE) if EVERYTHING else 2
ASIDE = ("logout", "backup", "restart", "live", "styleguide", "static")
SHARES = {"administrator": 0.5, "owner": 0.2, "partner": 0.2}  # of the pages, without KANAL_FUZZ_EXAMPLES


class Forms(HTMLParser):
    """The forms of a page that send something: their address and the names of their controls."""

    def __init__(self, html):
        super().__init__()
        self.found, self.names = [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            sends = (given.get("method") or "").lower() == "post" or "hx-post" in given
            self.names = [] if sends else None
            if sends:
                self.found.append((given.get("hx-post") or given.get("action") or "", self.names))
        elif tag in ("input", "select", "textarea", "button") and given.get("name") and self.names is not None:
            self.names.append(given["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.names = None


def opened(world, chance, share):
    """Yield the addresses of a share of the pages, with the world's record of the type that each belongs to."""
    places = sorted(registry.all_entities(), key=lambda candidate: -len(candidate.path))
    for page in pages():
        entity = next((candidate for candidate in places if page.route.startswith(f"{candidate.path}/")), None)
        record = world.records.get(entity.key) if entity else None
        is_open = not any(word in page.route for word in ASIDE) and (record or "<int:pk>" not in page.route)
        if is_open and chance.random() < share:
            yield page.filled(pk=record.pk if record else 1, identifier="none", slug="none", verb="edit", key=1)


@pytest.mark.parametrize("user", SHARES)
def test_no_form_of_a_page_is_a_way_to_a_fault(world, browse, user):
    """SEC-3: all controls hold the same bad text, since what is wrong with one field hides no other one."""
    client, chance, faults, sent = browse(user), random.Random(user), [], set()
    client.raise_request_exception = False
    for url in opened(world, chance, 1 if EVERYTHING else SHARES[user]):
        page = client.get(url)
        if page.status_code >= 500:
            faults.append((url, page.status_code))
        if page.status_code != 200 or "text/html" not in page["Content-Type"]:
            continue
        for action, names in Forms(page.content.decode()).found:
            target = urlsplit(urljoin(f"http://testserver{url}", action))
            form = (target.path, *sorted(set(names)))
            if form in sent or any(word in target.path for word in ASIDE):
                continue
            sent.add(form)
            for text in chance.sample(HOSTILE, FEW):
                status = send(client, f"{target.path}?{target.query}", names, text)
                if status >= 500:
                    faults.append((user, target.path, text[:40], status))
    assert sent
    assert faults == []


def send(client, url, names, text):
    """Send a form and take back what came of it."""
    with transaction.atomic():
        values = {name: text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name in names}
        status = client.post(url, values).status_code
        transaction.set_rollback(True)
    return status
