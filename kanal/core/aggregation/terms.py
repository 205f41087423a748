"""The parts of a measure's statement, and how rows in several currencies are combined into one value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Sum

from kanal.core import currencies
from kanal.core.aggregation.columns import amount_of, weighted_by
from kanal.core.aggregation.result import Measurement
from kanal.core.listing.columns import Column

Row = dict[str, Any]
IN_SQL = {"sum": Sum, "weighted": Sum, "minimum": Min, "maximum": Max}
IN_PYTHON = {"minimum": min, "maximum": max}


@dataclass(frozen=True)
class Term:
    """One function over the amounts of one column. `name` and `currency` are its column names in the statement."""

    name: str
    function: str
    column: Column
    weight: Column | None = None
    currency: str = ""

    @property
    def converted(self) -> str:
        """Return the name of the column of amounts in the main currency, empty if the type stores none."""
        return f"{self.name}_converted" if self.column.field.converted else ""

    def aggregates(self) -> dict[str, Any]:
        """Return the aggregate functions of the statement."""
        functions = self.calls(self.name, amount_of(self.column))
        if self.converted:
            functions |= self.calls(self.converted, F(self.column.field.converted))
        return functions

    def calls(self, name: str, amount: Any) -> dict[str, Any]:
        """Return the functions over one kind of amount. An average is a sum and a count, so that it can be combined."""
        amount = weighted_by(amount, self.weight)
        if self.function == "average":
            return {name: Sum(amount), f"{name}_count": Count(amount)}
        return {name: IN_SQL[self.function](amount)}

    def measurement(self, rows: Sequence[Row]) -> Measurement:
        """Return the value for the rows of a group, one row per currency."""
        if not self.currency:
            return Measurement(self.joined(rows, self.name))
        amounts: dict[str, list[Row]] = {}
        for row in rows:
            if row[self.name] is not None:
                amounts.setdefault(row[self.currency] or "", []).append(row)
        by_currency = {code: self.joined(part, self.name) or Decimal(0) for code, part in amounts.items()}
        converted = self.joined(rows, self.converted) if self.converted else self.joined_today(amounts)
        return Measurement(None, by_currency, converted)

    def joined(self, rows: Iterable[Row], name: str) -> Decimal | None:
        """Combine the amounts of several rows."""
        rows = [row for row in rows if row[name] is not None]
        amounts = [Decimal(row[name]) for row in rows]
        if not amounts:
            return None
        if self.function == "average":
            return sum(amounts, Decimal(0)) / sum(row[f"{name}_count"] for row in rows)
        return IN_PYTHON[self.function](amounts) if self.function in IN_PYTHON else sum(amounts, Decimal(0))

    def joined_today(self, amounts: dict[str, list[Row]]) -> Decimal | None:
        """Combine amounts that aren't stored in the main currency, at today's rates. Return None if one is missing."""
        rows = [
            {**row, self.name: currencies.to_main(row[self.name], code)}
            for code, part in amounts.items()
            for row in part
        ]
        return None if any(row[self.name] is None for row in rows) else self.joined(rows, self.name)


def quotient(dividend: Measurement, divisor: Measurement) -> Measurement:
    """Divide one sum by another, money in the main currency. Money divided by a number is money."""
    above = dividend.number if dividend.number is not None else dividend.converted
    below = divisor.number if divisor.number is not None else divisor.converted
    if above is None or not below:
        return Measurement()
    result = Decimal(above) / below
    is_money = dividend.number is None and divisor.number is not None
    return Measurement(converted=result) if is_money else Measurement(result)
