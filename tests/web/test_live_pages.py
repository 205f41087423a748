"""What open lists and boards ask once the channel told them of records (JOB-2, KAN-3), and the page of jobs (JOB-1)."""

import pytest

from tests.core.test_queue import put, queued


@pytest.fixture
def signed_in(client, admin):
    """Return a browser of an administrator."""
    client.force_login(admin)
    return client


def test_only_what_the_filter_and_the_door_show_matches(client, signed_in, make_ship, make_user):
    """JOB-2: a bar counts what stands in the list; a stranger's question finds nothing (ACC-7)."""
    anna, berta = make_ship(name="Anna"), make_ship(name="Berta")
    url = f"/live/ships/matching?ids={anna.pk},{berta.pk},x"
    assert signed_in.get(url).json() == {"ids": sorted([anna.pk, berta.pk])}
    assert signed_in.get(f"{url}&q=Berta").json() == {"ids": [berta.pk]}
    assert signed_in.get("/live/ships/matching").json() == {"ids": []}
    client.force_login(make_user({"ships": ("own", ["view"])}))
    assert client.get(url).json() == {"ids": []}


def test_cards_come_in_their_columns_with_the_heads(signed_in, make_ship):
    """KAN-3: the cards that were asked for, and no other, each in the column of its status."""
    anna, berta = make_ship(name="Anna", rig="sloop"), make_ship(name="Berta", rig="sloop")
    html = signed_in.get(f"/live/ships/cards?ids={anna.pk}").content.decode()
    assert f'data-record="{anna.pk}"' in html
    assert f'data-record="{berta.pk}"' not in html
    assert "board-head" in html


def test_the_page_of_jobs_shows_state_progress_and_reason(client, signed_in, make_user):
    """JOB-1: filtered by state; its moving part alone for a script; stopped by a button; others have their own page."""
    user = make_user()
    waiting, _row = queued(user, "Bulk edit of 10 leads")
    failed, row = queued(user, "Import of accounts")
    put(failed, "failed")
    row.state, row.error = "failed", "The disk is full."
    row.save()
    page = signed_in.get("/settings/jobs/").content.decode()
    assert "Bulk edit of 10 leads" in page
    assert "The disk is full." in page
    part = signed_in.get("/settings/jobs/?state=failed", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Bulk edit of 10 leads" not in part
    assert signed_in.post(f"/jobs/{waiting}/cancel?next=/settings/jobs/").headers["Location"] == "/settings/jobs/"
    signed_in.post("/settings/jobs/retry")
    assert "The disk is full." not in signed_in.get("/settings/jobs/?state=failed").content.decode()
    client.force_login(user)
    assert client.get("/settings/jobs/").status_code == 403
    assert "Import of accounts" in client.get("/me/jobs/").content.decode()
    client.force_login(make_user())
    assert "Import of accounts" not in client.get("/me/jobs/").content.decode()
