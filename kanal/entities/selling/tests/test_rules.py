"""What a quote becomes at the sale, without a database (SOLD-1)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kanal.entities.selling.rules import Part, Sold, plans

D = Decimal
HAND = 9
cents = st.decimals(min_value=0, max_value=1_000_000, places=2)
weights = st.decimals(min_value=0, max_value=100, places=3)
parts = st.lists(weights, max_size=4).map(
    lambda part_weights: tuple(
        Part(number + 1, f"P{number}", 1, D(1), weight) for number, weight in enumerate(part_weights)
    )
)
lines = st.lists(st.tuples(cents, parts), min_size=1, max_size=8).map(
    lambda drawn_lines: [
        Sold(number, f"L{number}", D(1), value, value, parts=own) for number, (value, own) in enumerate(drawn_lines)
    ]
)


@given(lines, st.integers(min_value=-99, max_value=99))
def test_contracts_sum_to_the_quote_to_the_last_cent(rows, rounding):
    planned = plans(rows, D(rounding) / 100, HAND, "EUR")
    assert sum(plan.value for plan in planned) == sum(row.value for row in rows) + D(rounding) / 100


@given(lines)
def test_no_contract_is_planned_twice(rows):
    keys = [plan.key for plan in plans(rows, D(0), HAND, "EUR")]
    assert len(set(keys)) == len(keys)


def test_a_bundle_is_shared_by_weight_and_a_line_by_hand_takes_the_default_category():
    bundle = Sold(1, "Starter", D(2), D("100.01"), D("100.01"), parts=(
        Part(7, "A", 3, D(1), D(50)), Part(8, "B", 4, D(5), D(50)),
    ))  # fmt: skip
    planned = plans([bundle, Sold(2, "Travel", D(1), D(10), D(10))], D(0), HAND, "EUR")
    assert [(plan.product, plan.category, plan.amount, plan.value) for plan in planned] == [
        (7, 3, 2, D("50.01")),
        (8, 4, 10, D("50.00")),
        (None, HAND, 1, 10),
    ]


def test_the_rounding_goes_to_the_largest_line():
    planned = plans([Sold(1, "Small", D(1), D(10), D(10)), Sold(2, "Large", D(1), D(90), D(90))], D("0.5"), HAND, "EUR")
    assert [plan.value for plan in planned] == [10, D("90.5")]
    assert planned[1].price == D("90.5")
