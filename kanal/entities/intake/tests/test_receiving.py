"""One job for many posts: none is left waiting, and none costs a job of its own (INTAKE-1, PERF-9)."""

import json
import threading

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.entities.intake import jobs, storage
from kanal.entities.intake.models import Intake, RawPost
from kanal.entities.intake.tests.test_actions import make_source, send

pytestmark = pytest.mark.django_db


def waiting(task="intake.process"):
    """Count the jobs of a kind that wait."""
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").count()


def set_state(state):
    """Let the jobs that wait be in another state, as a worker does that takes them."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE task_name = 'intake.process'", [state])


def test_intake_1_posts_share_the_job_that_waits():
    source = make_source()
    for number in range(5):
        send(source, {"email": f"p{number}@a.example"})
    assert waiting() == 1
    set_state("doing")
    send(source, [{"email": f"l{number}@a.example"} for number in range(3)])
    assert waiting() == 1


def test_intake_1_a_job_that_is_put_off_is_no_help():
    """A job that failed is tried again in a while; what comes meanwhile does not wait for that."""
    source = make_source()
    send(source, {"email": "a@a.example"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '5 minutes'")
    send(source, {"email": "b@a.example"})
    assert waiting() == 2


def test_intake_2_a_repeat_queues_nothing():
    source = make_source()
    send(source, {"email": "a@a.example"})
    set_state("succeeded")
    assert send(source, {"email": "a@a.example"}).again
    assert waiting() == 0


def test_intake_1_a_post_costs_one_message_to_the_database(django_assert_num_queries):
    """PERF-9: where a job waits already, locks, post and lead go by one message."""
    source = make_source()
    send(source, {"email": "a@a.example"})
    with django_assert_num_queries(1):
        send(source, {"email": "b@a.example"})


def test_intake_1_what_is_stored_is_what_came():
    source = make_source()
    receipt = send(source, {"name": "Åse “Ö” \\ % %s", "n": 2**70, "deep": {"a": [1, None, True]}}, user_agent="x\\y")
    row, post = Intake.objects.get(), RawPost.objects.get()
    assert row.data == {"name": "Åse “Ö” \\ % %s", "n": 2**70, "deep": {"a": [1, None, True]}}
    assert (row.post, receipt.id, row.name, row.state, row.revision) == (post, row.pk, "Åse “Ö” \\ % %s", "waiting", 1)
    assert (post.headers, json.loads(bytes(post.body)), row.created_at) == (
        {"user_agent": "x\\y"}, row.data, post.received_at,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_intake_1_a_job_waits_for_posts_that_rely_on_it():
    """A post that saw the job wait and is not committed yet is not missed when the job begins."""
    source = make_source()
    send(source, {"email": "a@a.example"})
    stored, go_on = threading.Event(), threading.Event()

    def post():
        with transaction.atomic():
            send(source, {"email": "b@a.example"})
            stored.set()
            go_on.wait(20)
        connections.close_all()

    def work():
        jobs.process()
        connections.close_all()

    poster, worker = threading.Thread(target=post), threading.Thread(target=work)
    poster.start()
    assert stored.wait(20)
    assert waiting() == 1
    set_state("doing")
    worker.start()
    assert any(others_wait() for _look in range(100_000))
    go_on.set()
    poster.join()
    worker.join()
    assert not Intake.objects.filter(state="waiting").exists()


def others_wait():
    """Return whether somebody waits for the lock that posts under way hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted)",
            [storage.HANDLING],
        )
        return cursor.fetchone()[0]
