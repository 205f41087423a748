"""Many opportunities sorted by status are read one status after the other, and are the same list (LIST-9)."""

from itertools import pairwise

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.listing import ListQuery, fetch, read_page, stream
from kanal.entities.opportunities.models import OpportunityStatus

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", ["status", "-status", "status,-value", "-status,value", "status,name,-value"])
def test_status_by_status_is_the_list(monkeypatch, sort):
    """LIST-9: no row is lost or shown twice, two statuses at one place stay mixed, going back gives the same pages."""
    monkeypatch.setattr(fetch, "MANY", -1)
    project = writes.create(registry.get("projects"), {"name": "North"}, by=SYSTEM)
    statuses = list(OpportunityStatus.objects.filter(kind="open").order_by("position"))[:3]
    OpportunityStatus.objects.filter(pk=statuses[1].pk).update(position=statuses[0].position)
    invalidate()
    for number in range(14):
        value = None if number % 4 == 0 else str(number * 7 % 5)
        values = {"name": f"Deal {number % 6}", "status": statuses[number % 3].key, "value": value}
        writes.create(registry.get("opportunities"), {**values, "project": project.pk}, by=SYSTEM)
    ask = ListQuery(registry.get("opportunities"), columns=("name", "status", "value"), sort=sort, limit=3)
    pages = [read_page(ask)]
    while pages[-1].next:
        pages.append(read_page(ask.but(cursor=pages[-1].next)))
    assert [row.id for page in pages for row in page.rows] == [row.id for page in stream(ask) for row in page.rows]
    for before, page in pairwise(pages):
        assert [row.id for row in read_page(ask.but(cursor=page.previous)).rows] == [row.id for row in before.rows]
