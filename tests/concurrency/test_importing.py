"""Imports side by side: no record twice, no row twice (IMP-1…, REL-2)."""

from collections import Counter

import pytest

from kanal.core import registry
from kanal.entities.accounts.models import Account
from kanal.features.importing.models import Import
from kanal.features.importing.runner import run_all

HEADS = "Name;VAT;Type"
MAPPING = {"Name": "organization", "VAT": "vat_number", "Type": "type"}


def rows_from(number):
    """Return the rows of forty accounts, numbered from here on."""
    return [f"Fjord {index} AS;NO{index};account" for index in range(number, number + 40)]


@pytest.fixture
def file(admin):
    """Return an import of the file: `file(rows, match=…)`."""
    from kanal.entities.accounts.tests.factories import make_account

    make_account()

    def make(rows, **values):
        content = "\n".join([HEADS, *rows]).encode()
        defaults = {"entity": "accounts", "user": admin, "name": "accounts.csv", "content": content, "mapping": MAPPING}
        return Import.objects.create(**{**defaults, "match": "vat_number", **values})

    return make


def test_two_import_the_same_file(file, at_once):
    """REL-2: two people import the same accounts by their number, even in another order; each is made once."""
    rows = rows_from(900_000_000)
    runs = [file(rows), file(rows[::-1]), file(rows)]
    outcomes = at_once(*(lambda run=run: run_all(run) for run in runs))
    assert outcomes == [None] * 3
    numbers = Counter(Account.objects.filter(vat_number__startswith="NO9000000").values_list("vat_number", flat=True))
    assert len(numbers) == 40
    assert set(numbers.values()) == {1}
    assert sum(finished.created for finished in runs) == 40
    assert sum(finished.created + finished.unchanged for finished in runs) == 120
    assert {finished.refusals.count() for finished in runs} == {0}


def test_two_workers_run_the_same_import(file, at_once):
    """JOB-1: a job that was given to two workers imports each row once, also where every row is a new record."""
    run = file(rows_from(800_000_000), mode=Import.Mode.CREATE, match="")
    copies = [Import.objects.get(pk=run.pk) for _ in range(3)]
    before = registry.get("accounts").model._default_manager.count()
    outcomes = at_once(*(lambda target=copied_run: run_all(target) for copied_run in copies))
    assert outcomes == [None] * 3
    assert Account.objects.count() - before == 40
    run.refresh_from_db()
    assert (run.done, run.created) == (40, 40)
