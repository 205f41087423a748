"""Work that goes on after its request: what is taken away meanwhile counts for the rest of it (ACC-2, ACC-6, ACC-9)."""

import threading

import pytest
from django.db import connections
from django.utils.functional import SimpleLazyObject

from kanal.core import access, registry, selection, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.job_progress import create_progress, following, stepper
from kanal.core.jobs import RETRY
from kanal.core.listing import ListQuery, stream, streaming
from kanal.core.models import FieldVisibility, Progress, RoleRule
from kanal.core.writes import bulk_update
from kanal.features.importing import runner
from kanal.features.importing.jobs import run_import
from kanal.features.importing.models import Import
from kanal.kit.errors import Withdrawn
from kanal.web.jobs import run_bulk

SHIPS = registry.get("ships")
ALL = ["view", "add", "edit", "delete", "export", "import"]


def elsewhere(change):
    """Do something by another connection, as another process would: this one is told nothing."""

    def run():
        try:
            change()
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    other.start()
    other.join()


def limit(actions):
    """Return what leaves all roles but these actions on ships."""

    def change():
        RoleRule.objects.filter(entity="ships").update(actions=actions)
        rebuild_grants()

    return lambda user: change()


def hide_length(user):
    FieldVisibility.objects.create(entity="ships", field="length", users=[], groups=[], user_types=[])


def deactivate(user):
    writes.change(type(user).objects.get(pk=user.pk), {"is_active": False}, by=SYSTEM)


def rename(user):
    writes.change(type(user).objects.get(pk=user.pk), {"job_title": "Captain"}, by=SYSTEM)


@pytest.fixture
def sailor(make_user, make_ship):
    """Return a user with a role of their own, and six ships."""
    SHIPS.model._default_manager.all().delete()
    FieldVisibility.objects.all().delete()
    for number in range(6):
        make_ship(name=f"Ship {number}", length="4321")
    return make_user(rules={"ships": ("all", ALL)})


@pytest.mark.parametrize("is_lazy", [True, False])
@pytest.mark.parametrize("change", [limit(["view"]), limit([]), hide_length, deactivate])
def test_an_export_ends_where_a_right_is_taken_away(sailor, monkeypatch, change, is_lazy):
    """LIST-7: nothing more leaves than what had left; the user of a page is a lazy object."""
    monkeypatch.setattr(streaming, "BATCH", 2)
    pages = stream(
        ListQuery(SHIPS, SimpleLazyObject(lambda: sailor) if is_lazy else sailor, columns=("name", "length"))
    )
    assert len(next(pages).rows) == 2
    elsewhere(lambda: change(sailor))
    with pytest.raises(Withdrawn):
        next(pages)


@pytest.mark.parametrize("change", [rename, limit([*ALL, "rename"])])
def test_an_export_goes_on_where_nothing_of_it_is_taken_away(sailor, monkeypatch, change):
    monkeypatch.setattr(streaming, "BATCH", 2)
    pages = stream(ListQuery(SHIPS, SimpleLazyObject(lambda: sailor), columns=("name", "length")))
    next(pages)
    elsewhere(lambda: change(sailor))
    assert len(list(pages)) == 2


def bulk_job(user, values):
    """Return the progress and the arguments of a bulk job over all ships."""
    kept = selection.store_selection(user, SHIPS, SHIPS.model._default_manager.all())
    progress = create_progress("Bulk", user, 6)
    return progress, {
        "progress_id": progress.pk, "entity_key": "ships", "selection_id": kept.pk, "values": values,
    }  # fmt: skip


def after_the_first(monkeypatch, change, user):
    """Let something happen elsewhere after the first piece of long work."""
    kept, calls = Progress.refresh_from_db, []

    def refresh(self, *given, **named):
        kept(self, *given, **named)
        if not calls:
            calls.append(1)
            elsewhere(lambda: change(user))

    monkeypatch.setattr(Progress, "refresh_from_db", refresh)


@pytest.mark.parametrize("values", [{"masts": 3}, None])
def test_a_bulk_job_leaves_the_rest_of_a_user_who_is_deactivated(sailor, monkeypatch, values):
    """ACC-9, LIST-5: what is done stays, the rest is left, the page of the work says why."""
    monkeypatch.setattr(bulk_update, "CHUNK", 2)
    after_the_first(monkeypatch, deactivate, sailor)
    progress, arguments = bulk_job(sailor, values)
    with pytest.raises(Withdrawn) as stopped:
        run_bulk(**arguments)
    progress.refresh_from_db()
    assert (progress.state, progress.done) == (Progress.State.FAILED, 2)
    assert "no longer active" in progress.error
    rest = SHIPS.model._default_manager.exclude(masts=3) if values else SHIPS.model._default_manager.all()
    assert rest.count() == 4
    assert RETRY.get_retry_decision(exception=stopped.value, job=None) is None


@pytest.mark.parametrize("values", [{"masts": 3}, None])
def test_a_bulk_job_leaves_what_its_user_may_no_longer_do(sailor, monkeypatch, values):
    """ACC-2: the rest is named as not permitted."""
    monkeypatch.setattr(bulk_update, "CHUNK", 2)
    after_the_first(monkeypatch, limit(["view"]), sailor)
    progress, arguments = bulk_job(sailor, values)
    run_bulk(**arguments)
    progress.refresh_from_db()
    assert progress.result["refused_count"] == 4
    assert all("not permitted" in reason for _pk, reason in progress.result["refused"])


def test_a_job_of_somebody_deactivated_before_it_began_does_nothing(sailor):
    progress, arguments = bulk_job(sailor, {"masts": 3})
    elsewhere(lambda: deactivate(sailor))
    with pytest.raises(Withdrawn):
        run_bulk(**arguments)
    assert not SHIPS.model._default_manager.filter(masts=3).exists()
    progress.refresh_from_db()
    assert progress.state == Progress.State.FAILED


@pytest.mark.parametrize(
    ("change", "said"),
    [(deactivate, "no longer active"), (limit(["view", "add"]), "permission to import"), (hide_length, "Length")],
)
def test_an_import_leaves_the_rest_of_the_file(sailor, monkeypatch, change, said):
    """IMP-4: no cell of a field that is hidden meanwhile is dropped in silence either."""
    monkeypatch.setattr(runner, "PIECE", 2)
    after_the_first(monkeypatch, change, sailor)
    text = "Name,Length\n" + "".join(f"New {number},12\n" for number in range(6))
    progress = create_progress("Import", sailor, 6)
    run = Import.objects.create(
        user=sailor, entity="ships", name="a.csv", content=text.encode(), mapping={"Name": "name", "Length": "length"},
        progress=progress,
    )  # fmt: skip
    with pytest.raises(Withdrawn):
        run_import(import_id=run.pk, progress_id=progress.pk)
    progress.refresh_from_db()
    run.refresh_from_db()
    assert (run.done, run.created) == (2, 2)
    assert said in progress.error


def test_who_works_in_a_job_is_read_anew(sailor):
    """ACC-4: one user object keeps what it was granted only until something changes."""
    progress = create_progress("Work", sailor, 1)
    with following(progress.pk) as work:
        assert access.has_permission(work.user, SHIPS, "edit")
        elsewhere(lambda: limit(["view"])(sailor))
        assert stepper(work)(1)
        assert not access.has_permission(work.user, SHIPS, "edit")
        assert Actor(work.user, ChangeSource.JOB).user.is_active
