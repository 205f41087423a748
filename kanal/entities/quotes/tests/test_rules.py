"""What a quote comes to, without a database (QUOTE-3, QUOTE-7b, OPP-6)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kanal.entities.quotes.rules import Line, compute, figures, tax_on, with_rounding, with_total
from kanal.kit.currencies import digits

D = Decimal
amounts = st.decimals(min_value=0, max_value=10_000, places=4)
prices = st.decimals(min_value=0, max_value=1_000_000, places=4)
percents = st.decimals(min_value=-100, max_value=100, places=2)
currencies = st.sampled_from(["EUR", "JPY", "NOK"])
lines = st.builds(
    Line,
    kind=st.sampled_from(["product", "bundle", "hand", "section"]),
    amount=amounts,
    unit_price=prices,
    discount_percent=st.none() | percents,
    tax_percent=st.decimals(min_value=0, max_value=30, places=2),
    recurrence=st.sampled_from(["one_off", "monthly", "quarterly", "yearly"]),
    term_months=st.none() | st.integers(min_value=1, max_value=60),
    counts=st.booleans(),
)


def test_a_line_with_a_discount_in_percent():
    assert figures(Line(amount=D(3), unit_price=D("33.3333"), discount_percent=D(10)), "EUR").total == D("90.00")


def test_a_half_is_rounded_to_even():
    assert figures(Line(amount=D(1), unit_price=D("0.125")), "EUR").total == D("0.12")
    assert figures(Line(amount=D(1), unit_price=D("0.135")), "EUR").total == D("0.14")
    assert figures(Line(amount=D(1), unit_price=D("2.5")), "JPY").total == D(2)


def test_a_recurring_line_counts_over_its_term_and_twelve_months_where_it_is_open():
    """QUOTE-7b."""
    _lines, totals = compute(
        [Line(unit_price=D(100), recurrence="monthly"), Line(unit_price=D(90), recurrence="quarterly", term_months=4)],
        "EUR",
    )
    assert totals.per_recurrence == {"one_off": 0, "monthly": 100, "quarterly": 90, "yearly": 0}
    assert totals.value == D("1320.00")


def test_an_optional_line_counts_only_if_it_is_taken():
    _lines, totals = compute([Line(unit_price=D(10)), Line(unit_price=D(5), counts=False)], "EUR")
    assert (totals.value, totals.optional) == (10, 5)


def test_a_rounding_item_takes_the_net_total_to_the_step_and_is_taxed_as_the_largest_line():
    rows = [Line(unit_price=D("1234.56"), tax_percent=D(25)), Line(unit_price=D(1))]
    all_figures, totals = compute([*rows, Line(kind="rounding", step=D(100), rounds="net_total")], "EUR")
    assert all_figures[2].total == D("-35.56")
    assert totals.value == 1200
    assert sum(line_figures.tax for line_figures in all_figures) == totals.tax == D("299.75")  # 25 % of 1,199.00


def test_a_rounding_item_takes_what_the_customer_reads_to_the_step_and_bears_no_tax():
    """QUOTE-3: the grand total, unless the net total is chosen."""
    rows = [Line(unit_price=D("1234.56"), tax_percent=D(25)), Line(unit_price=D(1))]
    all_figures, totals = compute([*rows, Line(kind="rounding", step=D(100))], "EUR")
    assert (all_figures[2].total, all_figures[2].tax) == (D("-44.20"), 0)
    assert (totals.tax, totals.grand_total) == (D("308.64"), 1500)


def test_tax_is_rounded_once_per_rate_and_shared_by_the_largest_remainder():
    """EN 16931, BR-CO-17: three lines of 0.50 at 5 % bear 0.08, not 3 × 0.02 or 3 × 0.03."""
    rows = [Line(unit_price=D("0.50"), tax_percent=D(5)) for _n in range(3)]
    all_figures, totals = compute([*rows, Line(unit_price=D("9.99"), tax_percent=D("25.00"))], "EUR")
    assert totals.tax == D("0.08") + D("2.50")
    assert [line_figures.tax for line_figures in all_figures] == [D("0.03"), D("0.03"), D("0.02"), D("2.50")]


@given(st.lists(lines, max_size=12), currencies)
def test_the_tax_of_each_rate_is_that_on_the_sum_of_its_lines(rows, currency):
    all_figures, _totals = compute(rows, currency)
    for rate in {line.tax_percent for line in rows}:
        of_rate = [
            line_figures
            for line, line_figures in zip(rows, all_figures, strict=True)
            if line.tax_percent == rate and line.counts
        ]
        whole = tax_on(sum((line_figures.value for line_figures in of_rate), D(0)), rate, currency)
        assert sum((line_figures.tax for line_figures in of_rate), D(0)) == whole
        alone = [tax_on(line_figures.value, rate, currency) for line_figures in of_rate]
        unit = D(1).scaleb(-digits(currency))
        assert all(abs(line_figures.tax - other) <= unit for line_figures, other in zip(of_rate, alone, strict=True))


@given(st.lists(lines, max_size=12), currencies)
def test_totals_are_the_sums_of_their_rows(rows, currency):
    all_figures, totals = compute(rows, currency)
    counted = [line_figures for line, line_figures in zip(rows, all_figures, strict=True) if line.counts]
    assert totals.value == sum((line_figures.value for line_figures in counted), D(0))
    assert totals.grand_total == totals.value + sum((line_figures.tax for line_figures in counted), D(0))
    assert all(-line_figures.total.as_tuple().exponent <= digits(currency) for line_figures in all_figures)


@given(st.lists(lines, min_size=1, max_size=8), st.sampled_from([D(1), D(5), D(10), D(100), D("0.5")]), currencies)
def test_the_total_is_a_multiple_of_the_step_of_rounding(rows, step, currency):
    if currency == "JPY" and step < 1:
        return
    _found, totals = compute([*rows, Line(kind="rounding", step=step)], currency)
    assert totals.grand_total % step == 0
    _found, totals = compute([*rows, Line(kind="rounding", step=step, rounds="net_total")], currency)
    assert totals.value % step == 0


@given(lines.filter(lambda line: line.kind != "section"), prices, currencies)
def test_an_edited_total_becomes_a_discount_or_a_surcharge_that_gives_exactly_it(line, total, currency):
    edited = with_total(line, total, currency)
    assert figures(edited, currency).total == figures(Line(unit_price=total), currency).total
    assert edited.discount_percent is None


@given(st.lists(st.decimals(min_value=-9999, max_value=9999, places=2), min_size=1), st.integers(-99, 99))
def test_the_rounding_goes_to_the_largest_line_and_nothing_is_lost(values, cents):
    """SOLD-1."""
    amount = D(cents) / 100
    assert sum(with_rounding(values, amount)) == sum(values) + amount
