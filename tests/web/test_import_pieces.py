"""Rows imported together come to what they come to one by one, by few statements (IMP, PERF-10)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kanal.core.cache import invalidate
from kanal.entities.accounts.models import Account
from kanal.entities.leads.tests.factories import make_user
from kanal.features.importing.dry_run import dry_run_file
from kanal.features.importing.models import Import, Refusal
from kanal.features.importing.runner import run_all

pytestmark = pytest.mark.django_db
MAPPING = {"Company": "organization", "Mail": "email", "City": "city", "Above": "parent", "Type": "type"}


@pytest.fixture(autouse=True)
def _nothing_cached():
    invalidate()
    yield
    invalidate()


def uploaded(lines, **values):
    """Return an import of lines of accounts that has not begun."""
    user = make_user(user_type="administrator")
    text = "\n".join(["Company,Mail,City,Above,Type", *lines])
    given = {"entity": "accounts", "name": "a.csv", "mapping": MAPPING, "match": "email", "user": user, **values}
    return Import.objects.create(content=text.encode(), **given)


def imported(lines, **values):
    """Import lines of accounts; return the run."""
    run = uploaded(lines, **values)
    with CaptureQueriesContext(connection) as queries:
        run_all(run)
    run.statements = len(queries)
    return run


def test_a_row_sees_what_came_of_those_before_it():
    """IMP: the same key twice is one record; an account stands below one that an earlier line made."""
    lines = [
        "Fjord,post@fjord.example,Bergen,,organization",
        "Havn,post@havn.example,Oslo,Fjord,organization",
        "Fjord,POST@fjord.example,Molde,,organization",
        "Brygge,post@brygge.example,Oslo,Havn,organization",
        "Ukjent,post@ukjent.example,Oslo,Nobody,organization",
        ",post@nobody.example,Oslo,,organization",
    ]
    before = set(Account.objects.values_list("pk", flat=True))
    run = imported(lines)
    assert (run.created, run.updated, run.skipped, run.done) == (3, 1, 0, 6)
    made = Account.objects.exclude(pk__in=before)
    assert dict(made.values_list("name", "city")) == {"Fjord": "Molde", "Havn": "Oslo", "Brygge": "Oslo"}
    parents = dict(made.values_list("name", "parent__name"))
    assert parents == {"Fjord": None, "Havn": "Fjord", "Brygge": "Havn"}
    assert list(Refusal.objects.filter(run=run).values_list("line", flat=True)) == [6, 7]


def test_what_is_there_is_left_alone_or_made_again_as_wanted():
    """IMP: the three ways to treat a record that is there already; several of one key are told of."""
    lines = ["Fjord,post@fjord.example,Bergen,,organization"]
    imported(lines)
    assert imported(lines, mode=Import.Mode.SKIP).skipped == 1
    assert imported(lines, mode=Import.Mode.CREATE).created == 1
    run = imported(lines)
    assert (run.updated, Refusal.objects.get(run=run).reason.count("Several records have this value.")) == (0, 1)


def test_many_rows_cost_few_statements():
    """PERF-10: five hundred lines are not five hundred times the statements of one, neither new nor known."""
    lines = [f"Company {n},post@c{n}.example,Oslo,,organization" for n in range(500)]
    few, many = imported(lines[:5]), imported(lines)
    assert (few.created, many.created, many.unchanged) == (5, 495, 5)
    assert many.statements <= few.statements + 40
    again = imported([line.replace("Oslo", f"Town {place}") for place, line in enumerate(lines)])
    assert (again.updated, again.statements <= many.statements) == (500, True)
    assert Account.objects.get(name="Company 77").city == "Town 77"


def test_a_trial_leaves_nothing():
    """IMP: tried first without a trace."""
    trial = dry_run_file(uploaded(["Havn,post@havn.example,,,organization", ",x,,,organization"]))
    assert (trial.counts["created"], [row.line for row in trial.refused]) == (1, [3])
    assert not Account.objects.filter(name="Havn").exists()
