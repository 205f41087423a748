"""Every kind of job is queued with the context of who wants it (HIST-1a, JOB-1): the registry is walked."""

import inspect

import pytest
from procrastinate.contrib.django import app

from kanal.core import jobs

# What each kind of job is given.
GIVEN = {
    "core.discard_contents": {"names": []},
    "core.deliver_change": {"subscriber": "none", "change_id": 0},
    "core.deliver_changes": {"subscriber": "none"},
    "core.index_custom_field": {"pk": 0},
    "core.renew_conversions": {},
    "exporting.make": {"progress_id": 0, "format_key": "xlsx", "entity_key": "ships", "query": {}, "columns": []},
    "geocoding.look_up": {"addresses": []},
    "importing.run": {"import_id": 0, "progress_id": 0},
    "importing.try": {"import_id": 0, "progress_id": 0},
    "intake.process": {},
    "quotes.make_pdf": {"version_id": 0, "user_id": None},
    "savedviews.check_watch": {"watch_id": 0},
    "savedviews.send_view": {"mail_id": 0},
    "search.rebuild": {"entity_key": "ships"},
    "splitter.execute": {"filter_id": 0, "progress_id": 0},
    "web.bulk": {"progress_id": 0, "entity_key": "ships", "selection_id": 0, "values": None},
}


def queued_by_people():
    """Return Kanal's tasks that are not periodic, by name. Tests register tasks of their own, which don't count."""
    periodic = {periodic_task.task.name for periodic_task in app.periodic_registry.periodic_tasks.values()}
    own = {name: task for name, task in app.tasks.items() if task.func.__module__.startswith("kanal.")}
    return {name: task for name, task in own.items() if name not in periodic}


def test_no_kind_of_job_is_left_out():
    """A new job has to be named here."""
    assert set(queued_by_people()) == set(GIVEN)


@pytest.mark.parametrize("name", GIVEN)
def test_each_job_takes_its_arguments_and_is_done_in_a_context(name):
    """HIST-1a: made by `job`, which restores the context that it was queued in."""
    run = app.tasks[name].func
    inspect.signature(inspect.unwrap(run)).bind(**GIVEN[name])
    assert run.__code__.co_filename == jobs.__file__


def test_each_job_has_a_name_for_people():
    """JOB-1: the jobs page shows no name of a function."""
    own = [name for name, task in app.tasks.items() if task.func.__module__.startswith("kanal.")]
    assert len(own) > 15
    assert [name for name in own if str(jobs.job_label(name)) == name] == []
