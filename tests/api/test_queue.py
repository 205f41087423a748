"""The jobs by the API (JOB-1): listed, followed, stopped and repeated, one's own alone."""

from tests.api.test_resources import call
from tests.core.test_queue import put, queued

__all__ = ["call"]


def test_jobs_are_listed_followed_stopped_and_repeated(call, make_user):
    """JOB-1: `GET /jobs`, `GET /jobs/<id>`, `POST …/cancel`, `POST …/retry`."""
    user = make_user()
    pk, _row = queued(user, "Bulk edit of 10 leads")
    status, data, _ = call("GET", "/api/v1/jobs", user=user)
    assert (status, [item["id"] for item in data["items"]], data["next"]) == (200, [pk], None)
    status, job, _ = call("GET", f"/api/v1/jobs/{pk}", user=user)
    assert (job["about"], job["state"], job["user"]) == ("Bulk edit of 10 leads", "waiting", user.pk)
    assert call("POST", f"/api/v1/jobs/{pk}/cancel", user=user)[1]["state"] == "cancelled"
    assert call("POST", f"/api/v1/jobs/{pk}/cancel", user=user)[0] == 409
    put(pk, "failed")
    assert call("POST", f"/api/v1/jobs/{pk}/retry", user=user)[1]["state"] == "waiting"
    assert call("GET", "/api/v1/jobs?state=failed", user=user)[1]["items"] == []
    assert call("GET", "/api/v1/jobs?state=no", user=user)[0] == 422
    assert call("GET", "/api/v1/jobs?cursor=x", user=user)[0] == 422


def test_jobs_are_counted_beyond_the_page(call, make_user, monkeypatch):
    """API-1: `count` says how many there are, on each page."""
    monkeypatch.setattr("kanal.api.jobs.MOST", 1)
    user = make_user()
    first, second = queued(user)[0], queued(user)[0]
    page = call("GET", "/api/v1/jobs", user=user)[1]
    rest = call("GET", f"/api/v1/jobs?cursor={page['next']}", user=user)[1]
    assert [item["id"] for item in (*page["items"], *rest["items"])] == [second, first]
    assert (page["count"], rest["count"], rest["next"]) == (2, 2, None)


def test_others_jobs_are_not_there(call, make_user):
    """ACC-7: a stranger's token finds no job; one that may only read can't stop its own."""
    user, stranger = make_user(), make_user()
    pk, _row = queued(user)
    assert call("GET", "/api/v1/jobs", user=stranger)[1]["items"] == []
    assert call("GET", f"/api/v1/jobs/{pk}", user=stranger)[0] == 404
    assert call("POST", f"/api/v1/jobs/{pk}/cancel", user=stranger)[0] == 404
    assert call("POST", f"/api/v1/jobs/{pk}/cancel", user=user, scope="read")[0] == 403
