"""Figures of a quote: pure functions of plain lines, exact to the currency's last digit, rounded half to even."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import floor

from kanal.kit.currencies import digits
from kanal.kit.money import round_to_currency, round_to_step

PERIOD = {"one_off": 0, "monthly": 1, "quarterly": 3, "yearly": 12}
OPEN_TERM = 12
ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Line:
    """A row for the rules. A discount is a percentage or an amount off the line, a surcharge if negative."""

    kind: str = "hand"
    amount: Decimal = Decimal(1)
    unit_price: Decimal = ZERO
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_percent: Decimal = ZERO
    recurrence: str = "one_off"
    term_months: int | None = None
    counts: bool = True
    step: Decimal | None = None
    rounds: str = "grand_total"


@dataclass(frozen=True)
class Figures:
    """The figures of a row: before the discount, the discount, per period, over the term, and the tax on that."""

    gross: Decimal = ZERO
    discount: Decimal = ZERO
    total: Decimal = ZERO
    value: Decimal = ZERO
    tax: Decimal = ZERO


@dataclass(frozen=True)
class Totals:
    """The totals of a quote: per recurrence, over the term net of tax, the tax, and both together."""

    per_recurrence: dict[str, Decimal] = field(default_factory=dict)
    value: Decimal = ZERO
    tax: Decimal = ZERO
    optional: Decimal = ZERO

    @property
    def grand_total(self) -> Decimal:
        """Return the value including tax."""
        return self.value + self.tax


def figures(line: Line, currency: str) -> Figures:
    """Compute a row other than a rounding or section. The tax is that of the row alone."""
    if line.kind == "section":
        return Figures()
    gross = round_to_currency(line.amount * line.unit_price, currency)
    discount = ZERO
    if line.discount_percent is not None:
        discount = round_to_currency(gross * line.discount_percent / HUNDRED, currency)
    elif line.discount_amount is not None:
        discount = round_to_currency(line.discount_amount, currency)
    total = gross - discount
    value = over_term(total, line.recurrence, line.term_months, currency)
    return Figures(gross, discount, total, value, tax_on(value, line.tax_percent, currency))


def over_term(total: Decimal, recurrence: str, term_months: int | None, currency: str) -> Decimal:
    """Return a recurring total over its term, twelve months if the term is open (QUOTE-7b)."""
    period = PERIOD[recurrence]
    if not period:
        return total
    exact = Fraction(total) * (OPEN_TERM if term_months is None else term_months) / period
    places = digits(currency)
    return Decimal(round(exact * 10**places)).scaleb(-places)


def tax_on(value: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Return the tax on a value."""
    return round_to_currency(value * percent / HUNDRED, currency)


UNCOUNTED = ("section", "rounding")


def is_counted(line: Line) -> bool:
    """Return whether a row is included in the totals to be rounded."""
    return line.counts and line.kind not in UNCOUNTED


def with_taxes(lines: Sequence[Line], all_figures: Sequence[Figures], currency: str) -> list[Figures]:
    """Return the rows with their shares of the tax, rounded once per rate and document (EN 16931, BR-CO-17)."""
    shared = list(all_figures)
    rates = dict.fromkeys(line.tax_percent for line in lines if line.counts and line.kind != "section")
    for rate in rates:
        places = [
            place
            for place, line in enumerate(lines)
            if line.counts and line.kind != "section" and line.tax_percent == rate
        ]
        taxes = taxes_of_a_rate([all_figures[place].value for place in places], rate, currency)
        for place, tax in zip(places, taxes, strict=True):
            shared[place] = replace(shared[place], tax=tax)
    return shared


def taxes_of_a_rate(values: Sequence[Decimal], rate: Decimal, currency: str) -> list[Decimal]:
    """Divide the tax on a sum among its parts, to the currency's last digit. The largest remainders are rounded up."""
    unit = Fraction(10) ** -digits(currency)
    exact = [Fraction(value) * Fraction(rate) / 100 / unit for value in values]
    parts = [floor(tax) for tax in exact]
    left = round(sum(exact, Fraction(0))) - sum(parts)
    for place in sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])[:left]:
        parts[place] += 1
    return [Decimal(part).scaleb(-digits(currency)) for part in parts]


def rounding(lines: Sequence[Line], all_figures: Sequence[Figures], item: Line, currency: str) -> tuple[Line, Figures]:
    """Return the rounding item with its tax, and the amount to the nearest multiple of its step (QUOTE-3).

    Rounding of the grand total isn't taxed (EN 16931, BT-114), that of the net total is taxed as the largest line.
    """
    counted = [(line, line_figures) for line, line_figures in zip(lines, all_figures, strict=True) if is_counted(line)]
    value = sum((line_figures.value for _line, line_figures in counted), ZERO)
    step = item.step or Decimal(1)
    if item.rounds == "net_total":
        percent = max(counted, key=lambda pair: abs(pair[1].value))[0].tax_percent if counted else ZERO
    else:
        percent = ZERO
        value += sum((line_figures.tax for _line, line_figures in counted), ZERO)
    amount = round_to_currency(round_to_step(value, step) - value, currency) if step > 0 else ZERO
    return replace(item, tax_percent=percent), Figures(amount, ZERO, amount, amount)


def compute(lines: Sequence[Line], currency: str) -> tuple[list[Figures], Totals]:
    """Compute all rows and totals. A rounding item is computed last, from all others."""
    lines = list(lines)
    all_figures = [Figures() if line.kind in UNCOUNTED else figures(line, currency) for line in lines]
    all_figures = with_taxes(lines, all_figures, currency)
    for place, line in enumerate(lines):
        if line.kind == "rounding":
            lines[place], all_figures[place] = rounding(lines, all_figures, line, currency)
    all_figures = with_taxes(lines, all_figures, currency)
    return all_figures, totals_of(lines, all_figures)


def totals_of(lines: Sequence[Line], all_figures: Sequence[Figures]) -> Totals:
    """Add up computed rows."""
    counted = [
        (line, line_figures)
        for line, line_figures in zip(lines, all_figures, strict=True)
        if line.counts and line.kind != "section"
    ]
    per_recurrence = dict.fromkeys(PERIOD, ZERO)
    for line, line_figures in counted:
        per_recurrence[line.recurrence] += line_figures.total
    left_out = [line_figures.value for line, line_figures in zip(lines, all_figures, strict=True) if not line.counts]
    return Totals(
        per_recurrence,
        sum((line_figures.value for _line, line_figures in counted), ZERO),
        sum((line_figures.tax for _line, line_figures in counted), ZERO),
        sum(left_out, ZERO),
    )


def with_total(line: Line, total: Decimal, currency: str) -> Line:
    """Return the line with an edited total. The difference becomes a discount, or a surcharge if negative."""
    gross = figures(replace(line, discount_percent=None, discount_amount=None), currency).gross
    discount = gross - round_to_currency(total, currency)
    return replace(line, discount_percent=None, discount_amount=discount if discount else None)


def largest(values: Sequence[Decimal]) -> int | None:
    """Return the index of the largest absolute value (the first if equal), or None if empty."""
    return max(range(len(values)), key=lambda place: (abs(values[place]), -place), default=None)


def with_rounding(values: Sequence[Decimal], amount: Decimal) -> list[Decimal]:
    """Add a rounding item's amount to the largest line, so that the sum equals the quote's (SOLD-1)."""
    amounts = list(values)
    place = largest(amounts)
    if place is not None:
        amounts[place] += amount
    return amounts
