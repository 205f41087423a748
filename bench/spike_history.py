"""Spike 3: what does the history cost when 10,000 records are changed at once, and what do row-level triggers cost?"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import F  # noqa: E402

from bench.measurement import keep, size_of, table  # noqa: E402
from kanal.core import writes  # noqa: E402
from kanal.core.actor import Actor, ChangeSource  # noqa: E402
from kanal.core.models import Change  # noqa: E402
from kanal.entities.opportunities.models import Opportunity  # noqa: E402

COUNT = 10_000
TABLE = Opportunity._meta.db_table
# The cost of a history with one event row per changed row: a trigger for each row stores the whole row.
BY_ROW = f"""
CREATE TABLE bench_event (LIKE {TABLE}, event_id bigserial PRIMARY KEY, event_at timestamptz, label text);
CREATE INDEX ON bench_event (id);
CREATE FUNCTION bench_event_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO bench_event SELECT NEW.*, nextval('bench_event_event_id_seq'), now(), 'update';
  RETURN NULL;
END $$;
CREATE TRIGGER bench_event AFTER UPDATE ON {TABLE} FOR EACH ROW
WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION bench_event_row();
"""


class Undo(Exception):
    """End a measurement without leaving changes."""


@contextmanager
def undone() -> Iterator[None]:
    """Roll everything back at the end."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        return


def raw_update(before: str = "") -> float:
    """Update the records with one statement. Return the seconds."""
    with undone(), connection.cursor() as cursor:
        if before:
            cursor.execute(before)
        began = time.perf_counter()
        Opportunity.objects.filter(pk__in=list(chosen())).update(competitor="Orbiq", revision=F("revision") + 1)
        return time.perf_counter() - began
    raise AssertionError


def chosen() -> list[int]:
    """Return the ids of open, unlocked records, spread over the table."""
    rows = Opportunity.objects.filter(is_locked=False, pk__gt=20_000).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:COUNT])


def by_pen() -> tuple[float, int, int]:
    """Update the records in bulk. Return the seconds, the number of changed records, and of history entries."""
    with undone():
        records = Opportunity.objects.filter(pk__in=chosen())
        newest = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
        began = time.perf_counter()
        outcome = writes.change_many(records, {"competitor": "Orbiq"}, by=Actor(means=ChangeSource.BULK))
        seconds = time.perf_counter() - began
        return seconds, outcome.done, Change.objects.filter(id__gt=newest).count()
    raise AssertionError


def median(values: list[float]) -> float:
    """Return the median."""
    return sorted(values)[len(values) // 2]


def main() -> None:
    """Measure in turn, each variant three times."""
    ways = {
        "without a history": f"ALTER TABLE {TABLE} DISABLE TRIGGER USER",
        "ours: one trigger per statement": "",
        "a copy of each row by a trigger per row": f"ALTER TABLE {TABLE} DISABLE TRIGGER USER; {BY_ROW}",
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    pen = []
    for _each in range(3):
        for name, before in ways.items():
            taken[name].append(raw_update(before))
            print(f"{name}: {taken[name][-1]:.2f} s", flush=True)
        pen.append(by_pen())
        print(f"the write path: {pen[-1][0]:.2f} s", flush=True)
    base = median(taken["without a history"])
    rows = [
        [name, f"{median(durations):.2f}", f"{(median(durations) - base) / COUNT * 1e6:.0f}"]
        for name, durations in taken.items()
    ]
    seconds = median([timing[0] for timing in pen])
    rows.append([f"the write path's change_many ({pen[0][1]:,} changed, {pen[0][2]:,} entries)", f"{seconds:.2f}", ""])
    text = f"# History of a change of {COUNT:,} records\n\n{size_of(Opportunity)}; medians of 3.\n\n"
    text += table("One UPDATE, and the write path", ["way", "seconds", "history, µs a row"], rows)
    keep("spike_history", text, {"raw": taken, "pen": pen})


if __name__ == "__main__":
    main()
