"""A form stores a change by about as many statements as the API: each relation is read once (house rule)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kanal.core import registry
from tests.contract.forms import FormOnPage
from tests.contract.test_writing import free_text

TYPES = ("opportunities", "accounts", "contacts", "activities", "leads", "campaigns", "tasks")
MORE_THAN_API = 2


def statements(change: Callable[[], Any]) -> list[str]:
    """Return the statements of a change that is undone afterwards, without the marks of transactions."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        change()
        transaction.set_rollback(True)
    texts = [query["sql"] for query in queries.captured_queries]
    return [text for text in texts if not text.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]


@pytest.mark.parametrize("key", TYPES)
def test_a_form_stores_a_change_by_few_statements(world, browse, call, key):
    """One text is changed in a form that shows all fields of a record."""
    entity, record = registry.get(key), world.records[key]
    field, url = free_text(entity), f"{entity.url(record.pk)}edit"
    client = browse("administrator")
    form = FormOnPage(client.get(url).content)

    def by_form() -> None:
        answer = client.post(url, {**form.controls, field: "Changed in the form"})
        assert answer.status_code == 302, answer.content

    def by_api() -> None:
        status, data = call("PATCH", f"/{key}/{record.pk}", {field: "Changed by the API"})
        assert status == 200, data

    for change in (by_form, by_api):
        statements(change)
    sent, patched = statements(by_form), statements(by_api)
    assert len(sent) <= len(patched) + MORE_THAN_API, "\n".join(sent)
