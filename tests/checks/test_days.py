"""Which day it is says the context alone (HIST-1a): not the server's clock, not the database, not the zone at hand."""

import re

import pytest

from tests.checks import sources

SOURCES = [path for path in sources.files(".py", folders=("kanal",)) if not sources.is_test(path)]
TODAY = "kanal.core.context.today()"
RULES = {
    r"timezone\.localdate\(\)|(?<![\w.])localdate\(\)": TODAY,
    r"\bdate\.today\(\)": TODAY,
    r"localtime\(\)\.date\(\)|timezone\.now\(\)\.date\(\)|datetime\.now\([^)]*\)\.date\(\)": TODAY,
    r"\bTrunc(Date|Day|Week|Month|Quarter|Year|Hour)?\(|\bExtract(Year|Month|Day|Hour|Week)\(": "LocalDay",
    r"__date(__\w+)?=|\bCURRENT_DATE\b|\bnow\(\)::date\b": "moments at which days begin (kanal.kit.zones)",
    r"ZoneInfo\(|available_timezones": "kanal.kit.zones",
}
AT_HOME = {
    "kanal/core/context.py", "kanal/kit/zones.py",
    "kanal/features/performance/store.py",  # once a day, whichever
    "kanal/kit/expressions/evaluation.py",  # knows no context: who evaluates says which day it is
}  # fmt: skip


@pytest.mark.parametrize("pattern", RULES)
def test_days_and_zones_are_asked_of_one_place(pattern):
    wrong = [
        f"{sources.name(path)}: {match[0]}"
        for path in SOURCES
        if sources.name(path) not in AT_HOME
        for match in re.finditer(pattern, path.read_text())
    ]
    assert not wrong, f"use {RULES[pattern]} in {wrong}"
