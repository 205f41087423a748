"""The queue as people see it (JOB-1): whose jobs, their states, stopping and repeating; killed workers' jobs return."""

import errno
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.core import job_progress, job_queue
from kanal.core.failures import describe
from kanal.core.jobs import RETRY, job_label, noting_failures, return_stalled_jobs
from kanal.core.outbox.delivery import deliver_change, deliver_changes
from kanal.kit.errors import NotFound, Refused
from kanal.web.jobs import run_bulk
from tests import loops

BULK = {"entity_key": "leads", "selection_id": 0, "values": None}


def queued(user: Any, title: str = "Bulk edit") -> tuple[int, Any]:
    """Queue long work of a user; return the job's id and the row of its progress."""
    row = job_progress.create_progress(title, user, 10)
    return run_bulk.defer(progress_id=row.pk, **BULK), row


def put(pk: int, status: str, **columns: Any) -> None:
    """Put a job into a state as a worker does."""
    names = "".join(f", {name} = %s" for name in columns)
    with connection.cursor() as cursor:
        values = [status, *columns.values(), pk]
        cursor.execute(f"UPDATE procrastinate_jobs SET status = %s{names} WHERE id = %s", values)


def status_of(pk: int) -> str:
    """Read the state of a job."""
    return ProcrastinateJob.objects.get(pk=pk).status


@pytest.mark.django_db
class TestTheList:
    """Who sees which jobs, and what is said of them."""

    def test_others_see_the_long_work_they_began_alone(self, make_user):
        """JOB-1: an administrator sees all jobs, others their own."""
        user, other, admin = make_user(), make_user(), make_user(user_type="administrator")
        mine, _row = queued(user)
        theirs, _row = queued(other)
        system = run_bulk.defer(progress_id=0, **BULK)
        assert {job.pk for job in job_queue.jobs_of(user)} == {mine}
        assert {mine, theirs, system} <= {job.pk for job in job_queue.jobs_of(admin)}
        with pytest.raises(NotFound):
            job_queue.get_job(user, theirs)

    def test_housekeeping_is_left_out_until_it_fails(self, make_user):
        """JOB-1: delivered events are not listed unless wanted; one that failed is."""
        admin = make_user(user_type="administrator")
        pk = deliver_change.defer(subscriber="splitter", change_id=7)
        assert pk not in {job.pk for job in job_queue.jobs_of(admin)}
        assert pk in {job.pk for job in job_queue.jobs_of(admin, everything=True)}
        put(pk, "failed")
        assert pk in {job.pk for job in job_queue.jobs_of(admin)}
        assert job_queue.get_job(admin, pk).about == "change_id 7, subscriber splitter"

    def test_a_job_tells_how_far_it_is(self, make_user):
        """JOB-1: state, progress, who began it, times and attempts."""
        user = make_user()
        pk, row = queued(user, "Bulk edit of 10 leads")
        put(pk, "doing")
        job_progress.update_progress(row, done=4)
        entry = job_queue.get_job(user, pk)
        assert (entry.state, entry.percent, entry.user, entry.about) == ("running", 40, user, "Bulk edit of 10 leads")
        assert entry.took is not None
        assert entry.attempts == 1

    def test_each_status_of_the_queue_has_a_state(self):
        """JOB-1: no state of a job is unknown to the page."""
        assert set(job_queue.STATES) == set(ProcrastinateJob.STATUSES) | {"aborting"}

    def test_kinds_have_names(self):
        """JOB-1: a kind of job is named by its label; one that this version does not know, by its key."""
        assert job_label("web.bulk") == "Bulk change"
        assert job_label("room.do_this_and_that") == "room.do_this_and_that"


@pytest.mark.django_db
class TestStoppingAndRepeating:
    """What can be done with a job."""

    def test_a_waiting_job_is_stopped_for_good(self, make_user):
        """JOB-1: what waits never starts."""
        user = make_user()
        pk, row = queued(user)
        job_queue.cancel_job(user, pk)
        row.refresh_from_db()
        assert (status_of(pk), row.state) == ("cancelled", "cancelled")

    def test_a_running_job_is_told_to_stop(self, make_user):
        """JOB-1: long work that runs ends at its next step."""
        user = make_user()
        pk, row = queued(user)
        put(pk, "doing")
        job_queue.cancel_job(user, pk)
        row.refresh_from_db()
        assert row.cancel
        assert job_progress.stepper(row)(1) is False

    def test_work_that_goes_on_after_a_crash_counts_on(self, make_user):
        """JOB-1: what an earlier run did stays done."""
        _pk, row = queued(make_user())
        assert job_progress.stepper(row, before=500)(3)
        row.refresh_from_db()
        assert row.done == 503

    def test_a_job_that_ended_is_not_stopped(self, make_user):
        """JOB-1: the refusal is said."""
        user = make_user()
        pk, _row = queued(user)
        put(pk, "succeeded")
        with pytest.raises(Refused):
            job_queue.cancel_job(user, pk)

    def test_a_failed_job_is_done_once_more(self, make_user):
        """JOB-1: repeating puts it into the queue again; a second time at once is refused."""
        user = make_user()
        pk, row = queued(user)
        put(pk, "failed", attempts=8)
        job_progress.update_progress(row, state="failed", error="No")
        job_queue.retry(user, pk)
        row.refresh_from_db()
        assert (status_of(pk), row.state, row.error) == ("todo", "waiting", "")
        with pytest.raises(Refused):
            job_queue.retry(user, pk)

    def test_others_jobs_are_out_of_reach(self, make_user):
        """ACC-7: there is no such job for a stranger."""
        pk, _row = queued(make_user())
        for verb in (job_queue.cancel_job, job_queue.retry):
            with pytest.raises(NotFound):
                verb(make_user(), pk)


@pytest.mark.django_db
class TestFailures:
    """Why a job failed is kept, in a sentence."""

    def test_the_reason_of_a_failure_is_kept(self, make_user):
        """REL-4: a job without a page of its own keeps its reason too, until it succeeds."""
        admin = make_user(user_type="administrator")
        pk = deliver_change.defer(subscriber="splitter", change_id=7)
        job = SimpleNamespace(id=pk, task_name="core.deliver_event", task_kwargs={}, attempts=0)
        context = SimpleNamespace(job=job)

        def fail() -> None:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")

        with pytest.raises(ConnectionRefusedError):
            noting_failures(fail, context, None)
        put(pk, "failed")
        assert job_queue.get_job(admin, pk).error == "The other server can't be reached."
        job.attempts = 1
        noting_failures(lambda: None, context, None)
        put(pk, "succeeded")
        assert job_queue.get_job(admin, pk).error == ""

    @pytest.mark.parametrize(
        ("problem", "words"),
        [
            (Refused("The lead is locked."), "The lead is locked."),
            (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
            (TimeoutError(), "took too long"),
            (KeyError("x"), "KeyError"),
        ],
    )
    def test_it_is_said_in_a_sentence(self, problem, words):
        """REL-4: the administrator reads what happened."""
        assert words in describe(problem)
        assert describe(problem).endswith((".", "."))


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_returns():
    """JOB-1: a job whose worker was killed is given back, with one attempt used; one of a living worker is not.

    One whose successor waits under the same queueing lock ends, so that it holds up neither that one nor the others.
    """
    first = deliver_changes.configure(lock="deliver:x", queueing_lock="deliver:x").defer(subscriber="x")
    lost = run_bulk.defer(progress_id=0, **BULK)
    kept = run_bulk.defer(progress_id=0, **BULK)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes'), (now())"
            " RETURNING id"
        )
        dead, living = (row[0] for row in cursor.fetchall())
    put(lost, "doing", worker_id=dead)
    put(kept, "doing", worker_id=living)
    put(first, "doing", worker_id=dead)
    second = deliver_changes.configure(lock="deliver:x", queueing_lock="deliver:x").defer(subscriber="x")
    connector = app.connector.get_worker_connector()

    async def run() -> None:
        with app.replace_connector(connector):
            async with app.open_async():
                await return_stalled_jobs.func(None, int(timezone.now().timestamp()))

    loops.run(run())
    assert (status_of(lost), status_of(kept)) == ("todo", "doing")
    assert (status_of(first), status_of(second)) == ("aborted", "todo")
    assert RETRY.max_attempts > 1


@pytest.mark.django_db
@pytest.mark.parametrize("strange", [{"filter_text": "", "ids": [1]}, {"selection_id": 0, "zone": "UTC"}])
def test_arguments_of_another_version_are_told_to_who_waits(make_user, strange):
    """JOB-1: an update while work is queued leaves no job that fails in silence; its person reads what to do."""
    row = job_progress.create_progress("Bulk edit", make_user(), 10)
    run = run_bulk.task.func
    with pytest.raises(Refused, match="another version of Kanal"):
        run(progress_id=row.pk, entity_key="leads", values=None, **strange)
    row.refresh_from_db()
    assert row.state == job_progress.State.FAILED
    assert "start it again" in row.error
