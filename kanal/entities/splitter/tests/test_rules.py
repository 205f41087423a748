"""SPLIT-3: every share has its part to within one lead after every number of leads."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanal.entities.splitter.rules import (
    Candidate,
    deficits,
    next_share,
    of_hundred,
    read_shares,
    signature,
    written,
)


def run(weights: list[int], count: int) -> tuple[Counter, int]:
    """Give some leads one after the other; give the counts and the number of prefixes in which a share was off."""
    candidates = {str(place): Candidate(str(place), weight) for place, weight in enumerate(weights)}
    total, wrong = sum(weights), 0
    for number in range(1, count + 1):
        chosen = next_share(list(candidates.values()))
        assert chosen is not None
        candidates[chosen.key] = replace(chosen, got=chosen.got + 1)
        wrong += any(abs(one.got * total - number * one.weight) >= total for one in candidates.values())
    return Counter({key: one.got for key, one in candidates.items()}), wrong


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=30), st.integers(1, 400))
def test_split_3_every_prefix_is_fair_to_within_one_lead(weights, count):
    assert run(weights, count)[1] == 0


@pytest.mark.parametrize("weights", [[*range(1, 31)], [9_971, *[1] * 29], [3333] * 3, [5000, 3000, 1999, 1]])
def test_split_3_three_thousand_leads_are_fair(weights):
    assert run(weights, 3000)[1] == 0


def test_split_1_shares_are_proportions():
    assert run([3300] * 3, 99)[0] == {"0": 33, "1": 33, "2": 33}
    assert of_hundred({"a": 3300, "b": 3300, "c": 3300})["a"] == Decimal("33.33")


def test_split_4_a_passed_over_share_is_spread_over_the_others():
    candidates = [Candidate("a", 5000, passed_over="away"), Candidate("b", 2500), Candidate("c", 2500)]
    assert next_share(candidates).key in {"b", "c"}
    assert next_share([candidates[0]]) is None
    assert signature(candidates) == "b=2500;c=2500"
    assert set(deficits(candidates)) == {"b", "c"}


def test_shares_are_read_and_written_in_one_form():
    raw = [{"user": "7", "percent": 33.33}, {"partner": 3, "percent": "66,67"}]
    assert written(read_shares(raw)) == [{"user": 7, "percent": "33.33"}, {"partner": 3, "percent": "66.67"}]


@pytest.mark.parametrize(
    "raw",
    [
        "x",
        [{}],
        [{"user": 1, "partner": 2, "percent": 1}],
        [{"user": 1, "percent": "0.001"}],
        [{"user": 1, "percent": 0}],
        [{"user": 1, "percent": 101}],
        [{"user": True, "percent": 5}],
        [{"user": 1, "percent": "nan"}],
        [{"user": 1, "percent": 5}, {"user": 1, "percent": 6}],
    ],
)
def test_wrong_shares_are_refused(raw):
    with pytest.raises(ValueError, match=r"\w"):
        read_shares(raw)
