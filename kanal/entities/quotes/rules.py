"""What a quote comes to: pure decisions on plain lines, exact to the currency's last digit, half rounded to even."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from kanal.kit.currencies import digits
from kanal.kit.money import round_to_currency, round_to_step

PERIOD = {"one_off": 0, "monthly": 1, "quarterly": 3, "yearly": 12}
OPEN_TERM = 12
ZERO = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Line:
    """A row as the rules see it; a discount is in percent or an amount off the line, below zero a surcharge."""

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


@dataclass(frozen=True)
class Figures:
    """What a row comes to: before the discount, the discount, per period, over the term, the tax on that."""

    gross: Decimal = ZERO
    discount: Decimal = ZERO
    total: Decimal = ZERO
    value: Decimal = ZERO
    tax: Decimal = ZERO


@dataclass(frozen=True)
class Totals:
    """What a quote comes to: per recurrence, over the term net of tax, the tax, and both together."""

    per_recurrence: dict[str, Decimal] = field(default_factory=dict)
    value: Decimal = ZERO
    tax: Decimal = ZERO
    optional: Decimal = ZERO

    @property
    def grand_total(self) -> Decimal:
        """Give the value with its tax."""
        return self.value + self.tax


def figures(line: Line, currency: str) -> Figures:
    """Compute one row that is neither a rounding nor a section."""
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
    """Give what a recurring total comes to over its term, twelve months where it is open (QUOTE-7b)."""
    period = PERIOD[recurrence]
    if not period:
        return total
    exact = Fraction(total) * (OPEN_TERM if term_months is None else term_months) / period
    places = digits(currency)
    return Decimal(round(exact * 10**places)).scaleb(-places)


def tax_on(value: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Give the tax on a value."""
    return round_to_currency(value * percent / HUNDRED, currency)


def rounding(lines: Sequence[Line], found: Sequence[Figures], step: Decimal, currency: str) -> Figures:
    """Give the rounding item: what takes the value to the nearest multiple of the step, taxed as the largest line."""
    counted = [
        (line, one) for line, one in zip(lines, found, strict=True) if line.counts and line.kind not in UNCOUNTED
    ]
    value = sum((one.value for _line, one in counted), ZERO)
    amount = round_to_currency(round_to_step(value, step) - value, currency) if step > 0 else ZERO
    percent = max(counted, key=lambda pair: abs(pair[1].value))[0].tax_percent if counted else ZERO
    return Figures(amount, ZERO, amount, amount, tax_on(amount, percent, currency))


UNCOUNTED = ("section", "rounding")


def compute(lines: Sequence[Line], currency: str) -> tuple[list[Figures], Totals]:
    """Compute every row and the totals; a rounding item is computed last, from all the others."""
    found = [Figures() if line.kind == "rounding" else figures(line, currency) for line in lines]
    for place, line in enumerate(lines):
        if line.kind == "rounding":
            found[place] = rounding(lines, found, line.step or Decimal(1), currency)
    counted = [(line, one) for line, one in zip(lines, found, strict=True) if line.counts and line.kind != "section"]
    per_recurrence = dict.fromkeys(PERIOD, ZERO)
    for line, one in counted:
        per_recurrence[line.recurrence] += one.total
    left_out = [one.value for line, one in zip(lines, found, strict=True) if not line.counts]
    totals = Totals(
        per_recurrence,
        sum((one.value for _line, one in counted), ZERO),
        sum((one.tax for _line, one in counted), ZERO),
        sum(left_out, ZERO),
    )
    return found, totals


def with_total(line: Line, total: Decimal, currency: str) -> Line:
    """Give the line that comes to an edited total: the difference becomes a discount, or a surcharge below zero."""
    gross = figures(replace(line, discount_percent=None, discount_amount=None), currency).gross
    discount = gross - round_to_currency(total, currency)
    return replace(line, discount_percent=None, discount_amount=discount if discount else None)


def largest(values: Sequence[Decimal]) -> int | None:
    """Give the place of the largest value (by its size, the earlier of two), or None where there is none."""
    return max(range(len(values)), key=lambda place: (abs(values[place]), -place), default=None)


def with_rounding(values: Sequence[Decimal], amount: Decimal) -> list[Decimal]:
    """Add a rounding item's amount to the largest line, so that the sum is that of the quote (SOLD-1)."""
    found = list(values)
    place = largest(found)
    if place is not None:
        found[place] += amount
    return found
