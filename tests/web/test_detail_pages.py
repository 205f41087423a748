"""The page of a record of every type: it opens, shows each tab, and hides itself from strangers (DET, ACC-7)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kanal.core import registry
from kanal.web.action_panel import is_installed
from tests.web.typing_in import hidden_from, record_of

ENTITIES = pytest.mark.parametrize("key", registry.keys())
MOST_QUERIES = 25


@ENTITIES
def test_the_page_opens_with_few_queries(world, browse, key):
    """PERF-4: at most 25 queries beside those of the session and of what a process remembers."""
    entity, record = registry.get(key), record_of(world, key)
    client = browse("administrator")
    assert client.get(entity.url(record.pk)).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(entity.url(record.pk))
    assert str(record) in response.content.decode() or "#" in str(record)
    assert len(queries) <= MOST_QUERIES + 2, [query["sql"][:120] for query in queries.captured_queries]


@ENTITIES
def test_each_tab_opens(world, browse, key):
    """DET-1: the tabs of the type and of later rooms, files and history."""
    entity, record = registry.get(key), record_of(world, key)
    page = browse("administrator").get(entity.url(record.pk))
    for tab in page.context["tabs"]:
        assert browse("administrator").get(tab["url"]).status_code == 200, tab["url"]
    assert browse("administrator").get(f"{entity.url(record.pk)}?tab=nonsense").status_code == 404


@ENTITIES
def test_each_action_asks_or_says_why_not(world, browse, key):
    """DET-1: a verb opens its dialog, leads to its own page, or is refused with the reason."""
    entity, record = registry.get(key), record_of(world, key)
    for action in registry.actions(entity):
        if is_installed(action):
            response = browse("administrator").get(f"{entity.url(record.pk)}{action.verb}")
            assert response.status_code in (200, 302, 404, 409), (action.verb, response.status_code)


@ENTITIES
def test_a_stranger_gets_404(world, browse, key):
    """ACC-7: a record that may not be seen answers 404, whatever is asked of it."""
    entity, record = registry.get(key), record_of(world, key)
    if not hidden_from(world, "stranger", key, record):  # a type that everybody sees
        assert browse("stranger").get(entity.url(record.pk)).status_code == 200
        return
    for end in ("", "edit", "delete", "history", "compose", "files", "nonsense"):
        response = browse("stranger").get(f"{entity.url(record.pk)}{end}")
        assert response.status_code in (404, 405), (end, response.status_code)


@ENTITIES
def test_nobody_is_led_to_the_login_page(world, client, key):
    """ACC-9: without signing in there is only the login page."""
    entity, record = registry.get(key), record_of(world, key)
    response = client.get(entity.url(record.pk))
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=")


def test_a_reader_is_offered_no_verbs_that_change(world, browse):
    """DET-1: an action the user may not do is not shown."""
    entity, record = registry.get("leads"), world.find("leads")
    verbs = ("edit", "delete", "disqualify", "archive")
    pages = {role: browse(role).get(entity.url(record.pk)).content.decode() for role in ("administrator", "read-only")}
    offered = {role: [verb for verb in verbs if f'"{entity.url(record.pk)}{verb}' in pages[role]] for role in pages}
    assert offered["read-only"] == []
    assert {"edit", "delete"} <= set(offered["administrator"])


def test_the_timeline_shows_comments_files_and_changes(world, browse):
    """DET-2: newest first, filtered by kind; private comments are hidden from partner users (ACC-8)."""
    entity, record = registry.get("leads"), world.find("leads")
    client = browse("administrator")
    url = f"{entity.url(record.pk)}compose?kind=note"
    client.post(url, {"text": "<b>loud</b><script>x</script>", "rich": "1"})
    client.post(url, {"text": "hush", "is_private": "true"})
    page = client.get(entity.url(record.pk)).content.decode()
    assert "<b>loud</b>" in page
    assert "<script>x" not in page
    assert "hush" in page
    only = client.get(f"{entity.url(record.pk)}?part=timeline&kind=changes", headers={"HX-Request": "true"})
    assert "loud" not in only.content.decode()
    assert browse("partner").get(entity.url(record.pk)).content.decode().count("hush") == 0
