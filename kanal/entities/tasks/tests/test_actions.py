"""What is done with tasks (TASK-1, ACCT-8)."""

import datetime as dt

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.accounts.tests.factories import by, make, make_account, make_project, make_user, may_see
from kanal.entities.tasks.actions import make_primary
from kanal.entities.tasks.rules import primary_of
from kanal.kit.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


def make_task(by=SYSTEM, **values):
    return make("tasks", by, **{"subject": "Install", "project": make_project().pk, **values})


def test_acct_8_the_first_account_becomes_primary():
    assert primary_of(None, [5, 3]) == 5
    assert primary_of(3, [5, 3]) == 3
    assert primary_of(3, []) is None


def test_acct_8_a_task_keeps_its_primary_account_until_it_is_taken_off():
    second, first = make_account(), make_account()
    task = make_task(accounts=[first.pk, second.pk])
    assert task.primary_account == first
    make_primary(task, {"account": second.pk}, by=by(make_user()))
    task.refresh_from_db()
    assert task.primary_account == second
    assert writes.change(task, {"accounts": [first.pk]}, by=SYSTEM).primary_account == first
    assert writes.change(task, {"accounts": []}, by=SYSTEM).primary_account is None


def test_acct_8_only_an_account_of_the_task_becomes_primary():
    task = make_task(accounts=[make_account().pk])
    with pytest.raises(Refused):
        make_primary(task, {"account": make_account().pk}, by=by(make_user()))


def test_acc_5_a_task_keeps_accounts_that_its_editor_does_not_see():
    author, other = make_user(), make_user()
    private, common = make_account(by(author), is_private=True), make_account()
    task = make_task(accounts=[private.pk])
    writes.change(task, {"accounts": [common.pk]}, by=by(other))
    assert set(task.accounts.values_list("pk", flat=True)) == {private.pk, common.pk}
    with pytest.raises(Invalid):
        make_task(by(other), accounts=[private.pk])


def test_task_1_a_task_begins_with_the_usual_options_and_closes_with_its_status():
    task = make_task()
    assert (task.tracker.key, task.status.key, task.priority.key) == ("task", "new", "normal")
    closed = writes.change(task, {"status": "done"}, by=SYSTEM)
    assert (closed.done_percent, closed.closed_at is not None) == (100, True)
    assert writes.change(closed, {"status": "new"}, by=SYSTEM).closed_at is None


def test_task_1_what_does_not_fit_is_named_at_its_field():
    with pytest.raises(Invalid) as problem:
        make_task(start=dt.date(2026, 5, 2), due=dt.date(2026, 5, 1))
    assert "due" in problem.value.errors
    with pytest.raises(Invalid):
        make_task(done_percent=101)
    task = make_task()
    with pytest.raises(Invalid):
        writes.change(task, {"parent": make_task(parent=task.pk).pk}, by=SYSTEM)


def test_acc_3_watchers_see_the_task():
    watcher = make_user("own")
    task = make_task()
    assert not may_see(watcher, task)
    writes.change(task, {"watchers": [watcher.pk]}, by=SYSTEM)
    assert may_see(watcher, task)


def test_task_1_accounts_and_contacts_begin_tasks():
    for key, column in {"accounts": "accounts", "contacts": "contacts"}.items():
        action = registry.action(registry.get(key), "new-task")
        assert (action.button.begins, action.button.begins_as) == ("tasks", column)
