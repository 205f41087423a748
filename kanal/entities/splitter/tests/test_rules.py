"""SPLIT-3: every share has its part to within one lead after every number of leads."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanal.entities.splitter.rules import (
    Candidate,
    carried_on,
    deficits,
    next_share,
    of_hundred,
    read_shares,
    replace_holder,
    serialize_shares,
    signature,
)


def run(weights: list[int], count: int) -> tuple[Counter, int]:
    """Return some leads one after the other; return the counts and the number of prefixes in which a share was off."""
    candidates = {str(place): Candidate(str(place), weight) for place, weight in enumerate(weights)}
    total, wrong = sum(weights), 0
    for number in range(1, count + 1):
        chosen = next_share(list(candidates.values()))
        assert chosen is not None
        candidates[chosen.key] = replace(chosen, got=chosen.got + 1)
        wrong += any(
            abs(candidate.got * total - number * candidate.weight) >= total for candidate in candidates.values()
        )
    return Counter({key: candidate.got for key, candidate in candidates.items()}), wrong


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=30), st.integers(1, 400))
def test_split_3_every_prefix_is_fair_to_within_one_lead(weights, count):
    assert run(weights, count)[1] == 0


@given(
    st.lists(st.sampled_from([1, 1, 2, 3, 5, 20, 97]), min_size=2, max_size=6),
    st.lists(st.frozensets(st.integers(0, 5), max_size=3), min_size=5, max_size=60),
)
def test_split_3_ties_go_on_where_they_stopped(weights, absences):
    """Each lead in an epoch of its own, or several: within one lead in each, and nobody is left behind for good."""
    shares = {str(place): Candidate(str(place), weight) for place, weight in enumerate(weights)}
    due, got, ended = Counter(), Counter(), ""
    for away in absences:
        now = [replace(share, passed_over="away" if int(share.key) in away and share.key != "0" else "")
               for share in shares.values()]  # fmt: skip
        if signature(now) != ended:
            carried = carried_on(now, ended)
            now = [replace(share, got=0, carried=carried[share.key]) for share in now]
            ended = signature(now)
        chosen = next_share(now)
        shares = {share.key: replace(share, got=share.got + (share.key == chosen.key)) for share in now}
        able = [share for share in shares.values() if not share.passed_over]
        total, count = sum(share.weight for share in able), sum(share.got for share in able)
        got[chosen.key] += 1
        for share in able:
            due[share.key] += Fraction(share.weight, total)
            assert abs(Fraction(count * share.weight, total) - share.got) < 1
    assert all(abs(due[key] - got[key]) < 4 for key in shares)


def test_split_3_equal_shares_stay_equal_while_somebody_is_away_now_and_then():
    shares, ended, got = [Candidate(key, 3333) for key in "abc"], "", Counter()
    for number in range(16):
        now = [replace(share, passed_over="away" if share.key == "c" and number % 2 else "") for share in shares]
        carried = carried_on(now, ended)
        now, ended = [replace(share, got=0, carried=carried[share.key]) for share in now], signature(now)
        chosen = next_share(now)
        got[chosen.key] += 1
        shares = [replace(share, got=share.got + (share is chosen)) for share in now]
    assert got == {"a": 7, "b": 6, "c": 3}  # c was there for eight of the sixteen


@pytest.mark.parametrize("weights", [[*range(1, 31)], [9_971, *[1] * 29], [3333] * 3, [5000, 3000, 1999, 1]])
def test_split_3_three_thousand_leads_are_fair(weights):
    assert run(weights, 3000)[1] == 0


def test_split_1_shares_are_proportions():
    assert run([3300] * 3, 99)[0] == {"0": 33, "1": 33, "2": 33}
    assert list(of_hundred({"a": 3300, "b": 3300, "c": 3300}).values()) == [Decimal("33.34"), *[Decimal("33.33")] * 2]


def test_split_4_a_passed_over_share_is_spread_over_the_others():
    candidates = [Candidate("a", 5000, passed_over="away"), Candidate("b", 2500), Candidate("c", 2500)]
    assert next_share(candidates).key in {"b", "c"}
    assert next_share([candidates[0]]) is None
    assert signature(candidates) == "b=2500;c=2500"
    assert set(deficits(candidates)) == {"b", "c"}


def test_shares_are_read_and_written_in_one_form():
    raw = [{"user": "7", "percent": 33.33}, {"partner": 3, "percent": "66,67"}]
    assert serialize_shares(read_shares(raw)) == [{"user": 7, "percent": "33.33"}, {"partner": 3, "percent": "66.67"}]


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


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 10_000), min_size=1, max_size=40))
def test_split_1_what_shares_come_to_is_exactly_a_hundred(weights):
    """SPLIT-1: 3 × 33 is 33.34, 33.33 and 33.33; no part is a hundredth or more off."""
    parts = of_hundred(weights)
    assert sum(parts.values()) == 100
    total = sum(weights.values())
    assert all(
        abs(Fraction(parts[key]) - Fraction(100 * weight, total)) < Fraction(1, 100) for key, weight in weights.items()
    )


def test_a_share_changes_hands_and_joins_that_of_the_new_holder():
    shares = [{"user": 1, "percent": "30"}, {"user": 2, "percent": "20.5"}, {"partner": 1, "percent": "49.5"}]
    assert replace_holder("user", shares, 1, 3)[0] == {"user": 3, "percent": "30"}
    joined = [{"user": 2, "percent": "50.5"}, {"partner": 1, "percent": "49.5"}]
    assert replace_holder("user", shares, 1, 2) == joined
    assert replace_holder("user", shares, 4, 2) == shares
    assert replace_holder("user", shares, 1, 0) != shares
