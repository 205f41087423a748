"""`/metrics`: figures for Prometheus, to whom they are open, summed over processes (REL-4)."""

import os
import subprocess
import sys

import pytest
from django.test import Client

COUNTING = """
from kanal.core.observability import RequestTrace
from kanal.web import metrics
facts = {"method": "GET", "route": "crm/leads/", "status": 200}
for _ in range(int(__import__("sys").argv[1])):
    metrics.count_request(RequestTrace("page", seconds=0.03, statements=4, statement_seconds=0.01, facts=facts))
"""
READING = """
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def figures(text):
    rows = [line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def test_requests_jobs_and_database(client, admin):
    """REL-4: requests by route and status with durations, statements, jobs by state, queue age, size."""
    client.force_login(admin)
    before = figures(client.get("/metrics").content.decode())
    client.get("/crm/accounts/data/")
    client.get("/crm/accounts/999999/")
    response = client.get("/metrics")
    assert response["Content-Type"].startswith("text/plain")
    metrics = figures(response.content.decode())
    asked = [
        ('kanal_requests_total{method="GET",route="crm/accounts/data/",status="200"}', 1),
        ('kanal_requests_total{method="GET",route="crm/accounts/<int:pk>/",status="404"}', 1),
        ('kanal_request_seconds_count{route="crm/accounts/data/"}', 1),
    ]
    for name, more in asked:
        assert metrics[name] - before.get(name, 0) == more, name
    assert metrics["kanal_request_statements_total"] > before["kanal_request_statements_total"]
    assert metrics["kanal_database_up"] == 1
    assert metrics["kanal_database_bytes"] > 1_000_000
    assert {"kanal_job_oldest_seconds", "kanal_workers", "kanal_database_connections"} <= set(metrics)


def test_jobs_by_state(client, db):
    """REL-4: waiting jobs are counted by queue, and the oldest has an age."""
    from kanal.core.administration.customfields import index_custom_field

    index_custom_field.defer(pk=1)
    metrics = figures(client.get("/metrics").content.decode())
    assert metrics['kanal_jobs{queue="default",state="todo"}'] == 1
    assert metrics["kanal_job_oldest_seconds"] >= 0


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.1.2.3"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_FORWARDED": "for=127.0.0.1"}, 404),
        ({"REMOTE_ADDR": "10.1.2.3", "HTTP_AUTHORIZATION": "Bearer let-me-see"}, 200),
        ({"HTTP_X_FORWARDED_FOR": "10.1.2.3", "HTTP_AUTHORIZATION": "Bearer let-me-see"}, 200),
        ({"REMOTE_ADDR": "10.1.2.3", "HTTP_AUTHORIZATION": "Bearer let-me-sea"}, 404),
        ({"REMOTE_ADDR": "10.1.2.3", "HTTP_AUTHORIZATION": ""}, 404),
    ],
)
def test_who_may_read(db, settings, given, status):
    """SEC-2: this machine, allowed addresses, or who has the token; whoever came through a proxy needs the token."""
    settings.METRICS_TOKEN = "let-me-see"
    assert Client().get("/metrics", **given).status_code == status


def test_no_token_lets_nobody_in_by_an_empty_one(db, settings):
    """SEC-2: without a token set, an empty one is none; a wider range of addresses can be set."""
    settings.METRICS_TOKEN = ""
    far = {"REMOTE_ADDR": "10.1.2.3", "HTTP_AUTHORIZATION": "Bearer "}
    assert Client().get("/metrics", **far).status_code == 404
    settings.METRICS_ALLOW = ["10.0.0.0/8"]
    assert Client().get("/metrics", **far).status_code == 200


def test_figures_of_all_processes_are_summed(tmp_path):
    """REL-4: each web process counts into files of one folder; whoever is asked gives the sum."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "KANAL_SECRET_KEY": "x"}
    environment["DJANGO_SETTINGS_MODULE"] = "kanal.config.settings"
    start = "import django; django.setup()\n"
    running = [
        subprocess.Popen([sys.executable, "-c", start + COUNTING, str(times)], env=environment) for times in (3, 4)
    ]
    assert [process.wait(60) for process in running] == [0, 0]
    read = subprocess.run([sys.executable, "-c", READING], env=environment, capture_output=True, text=True)
    metrics = figures(read.stdout)
    assert metrics['kanal_requests_total{method="GET",route="crm/leads/",status="200"}'] == 7
    assert metrics["kanal_request_statements_total"] == 28
    assert metrics['kanal_request_seconds_bucket{le="0.05",route="crm/leads/"}'] == 7
