"""The measurements run on a small data set: each figure gives results, and budgets are compared rightly."""

import datetime as dt
import json
from urllib.parse import urlsplit

import pytest

from bench import __main__ as bench
from bench import results, run
from bench.figures import growth, lists, pages, weight
from bench.http_client import Answer
from bench.results import Budget, Result, counted, timed
from kanal.demo.generator.run import generate
from kanal.demo.generator.sizes import Plan

FLOOR = [1.0, 2.0, 3.0]


def test_a_budget_in_floors_is_compared_with_the_floor_of_the_same_minute():
    """PERF-1 is given in multiples of PERF-0."""
    budget = Budget(3, 4, in_floors=True)
    assert timed("PERF-1", "a page", [5.9, 6.0, 6.1], FLOOR, budget).met is True
    slow = timed("PERF-1", "a page", [6.1, 6.2, 6.3], FLOOR, budget)
    assert (slow.met, slow.ratio, slow.ratio_p95) == (False, 3.1, 2.1)


def test_a_budget_in_milliseconds_and_one_of_a_number():
    assert str(Budget(25, 60)) == "median 25 ms, p95 60 ms"
    assert timed("PERF-4", "a page", [24, 25, 61], FLOOR, Budget(25, 60)).met is False
    assert timed("PERF-4", "a page", [24, 25, 59], FLOOR, Budget(25, 60)).met is True
    assert counted("PERF-9", "posts", 399, 400, "posts/s", at_least=True).met is False
    assert counted("PERF-14", "a page", 39.5, 40, "KB").met is True
    assert timed("PERF-0", "the floor", FLOOR, FLOOR, None).met is None


def test_results_are_kept_as_table_and_data(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("bench.measurement.RESULTS", tmp_path)
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    results.keep([timed("PERF-1", "a page", [9.0], FLOOR, Budget(3))], "large", {"data": "large"}, "2026-01-01-large")
    assert "| PERF-1 | a page | 9 | 9 | 4.5 | 3 | median 3 ms | **no** |" in capsys.readouterr().out
    assert results.newest("large") == json.loads((tmp_path / "2026-01-01-large.json").read_text())
    assert results.newest("huge") is None


def test_growth_compares_floors_not_milliseconds():
    """PERF-15: five times the data cost at most 1.5 times as much."""
    measurement = {"id": "PERF-1", "what": "director", "ratio": 2.0}
    results = growth.compared(
        [measurement], [{**measurement, "ratio": 3.2}, {"id": "PERF-8", "what": "create", "ratio": 9.0}]
    )
    assert [(each.met, each.facts["ratio"]) for each in results] == [(False, 1.6)]


def test_a_page_makes_a_browser_load_its_scripts_styles_and_pictures():
    html = (
        '<link rel="stylesheet" href="/static/a.css"><link rel="next" href="/b"><script src="/static/c.js"></script>'
        '<img src="data:image/png;base64,xx"><img src="https://elsewhere.example/d.png">'
    )
    assets = weight.assets_of(html, "http://127.0.0.1:1/crm/")
    assert {urlsplit(asset).netloc + urlsplit(asset).path for asset in assets} == {
        "127.0.0.1:1/static/a.css", "127.0.0.1:1/static/c.js", "elsewhere.example/d.png",
    }  # fmt: skip


def test_unknown_names_are_refused_and_a_database_is_asked_for(monkeypatch, capsys):
    with pytest.raises(SystemExit):
        bench.asked(["PERF-99"])
    assert "There is no measurement" in capsys.readouterr().err
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert bench.main(["PERF-0"]) == 1
    assert bench.asked(["PERF-13", "--minutes", "10"]).minutes == 10


class Inside(run.Run):
    """A run that asks the application in this process instead of a server."""

    def client(self, user=None, **headers):
        from django.test import Client

        inside = Client(headers={name.replace("_", "-"): value for name, value in headers.items()})
        if user is not None:
            inside.force_login(user)

        class Asking:
            def ask(self, path, body=None, method="", **more):
                answer = inside.get(path, headers={"host": "localhost"})
                assert answer.status_code < 400, (path, answer.status_code)
                return Answer(answer.status_code, {}, answer.content)

        return Asking()

    def times(self, asks, repeats=0):
        return {run.FLOOR: FLOOR} | {name: [float(bool(ask())) + 1] * 3 for name, ask in asks.items()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "figure", [lists.first_pages, lists.filtered, pages.records, pages.search, pages.home, pages.board]
)
def test_each_figure_of_pages_gives_results_for_every_viewer(figure):
    """A small data set is enough to see that the pages that are measured are there and answer."""
    plan = Plan(users=24, accounts=30, contacts=10, leads=20, opportunities=120, activities=200, custom_fields=2)
    generate(plan, seed="3", today=dt.date(2026, 11, 23), tell=lambda line: None)
    results = figure(Inside("http://localhost", 0, repeats=2))
    assert {result.what.split(",")[0] for result in results} >= {"director", "seller"}
    assert all(isinstance(result, Result) for result in results)
