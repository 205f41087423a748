"""Random ships, and aggregations computed in Python from the rows of the reader's list."""

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

from kanal.core import currencies
from kanal.core.aggregation import Aggregation, Group, Measure, Measurement, group_key
from kanal.core.listing import columns_of, stream
from kanal.kit import dates

MONEY = ("price", "custom.cargo")
PERCENT = ("share", "custom.discount")


def random_values(chance: random.Random, harbours: list[int]) -> dict[str, Any]:
    """Return random values of a ship, each of which may be empty."""

    def money() -> Any:
        return chance.choice(
            [None, {"amount": chance.randint(-50, 999), "currency": chance.choice(["EUR", "NOK", "ISK"])}]
        )

    def moment() -> dt.datetime:
        day = chance.choice([dt.date(2026, 3, 28), dt.date(2026, 4, 5), dt.date(2026, 10, 25), dt.date(2025, 12, 31)])
        return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(minutes=chance.randint(-1500, 1500))

    return {
        "harbour": chance.choice([None, *harbours]),
        "rig": chance.choice(["", "sloop", "ketch"]),
        "trade": chance.choice([None, "coal"]),
        "price": money(),
        "masts": chance.choice([None, 1, 2, 7]),
        "length": chance.choice([None, "12.5", "8.25"]),
        "share": chance.choice([None, "12.5", "100"]),
        "afloat": chance.choice([True, False]),
        "log": chance.choice(["", "a", "b"]),
        "launched": chance.choice([None, moment().date()]),
        "sails_at": chance.choice([None, moment()]),
        "custom": {
            key: value
            for key, value in {
                "cargo": money(),
                "load": chance.choice([None, "0.125", "-3"]),
                "discount": chance.choice([None, "33.33"]),
                "inspected": chance.choice([None, moment().date().isoformat()]),
                "seen": chance.choice([None, moment().isoformat()]),
            }.items()
            if value is not None
        },
    }


def computed(aggregation: Aggregation) -> dict[tuple, Group]:
    """Compute an aggregation from the rows of the reader's list."""
    query = aggregation.query
    keys = {key for measure in aggregation.measures for key in (measure.field, measure.by) if key}
    wanted = [*keys, *(dimension.field for dimension in aggregation.dimensions)]
    columns = {column.key: column for column in columns_of(query.entity, wanted, query.reader, strict=True)}
    groups: dict[tuple, list[dict]] = defaultdict(list)
    if not aggregation.dimensions:
        groups[()] = []
    for page in stream(query.but(columns=tuple(columns))):
        for row in page.rows:
            key = tuple(
                bucketed(group_key(columns[by.field], page.group_value(columns[by.field], row)), by.bucket)
                for by in aggregation.dimensions
            )
            known = {name: page.group_value(columns[name], row) for name in keys}
            groups[key].append(known)
    return {
        key: Group(key, len(rows), {measure: measured(measure, rows, columns) for measure in aggregation.measures})
        for key, rows in groups.items()
    }


def bucketed(value: Any, bucket: str) -> Any:
    """Return the first day of the period that a day lies in."""
    if not bucket or value is None:
        return value
    if isinstance(value, str):
        value = dt.date.fromisoformat(value)
    return dates.start_of(value, bucket)


def measured(measure: Measure, rows: list[dict], columns: dict) -> Measurement:
    """Compute one measure of some rows."""
    if measure.function == "count":
        return Measurement(len(rows))
    if measure.function == "distinct":
        days = [group_key(columns[measure.field], row[measure.field]) for row in rows]
        return Measurement(len({value for value in days if value not in (None, "")}))
    if measure.function == "ratio":
        above, below = (summed([row[name] for row in rows], name) for name in (measure.field, measure.by))
        over, under = (part.number if part.number is not None else part.converted for part in (above, below))
        if over is None or not under:
            return Measurement()
        is_money = measure.field in MONEY and measure.by not in MONEY
        return Measurement(None if is_money else over / under, {}, over / under if is_money else None)
    values = [row[measure.field] for row in rows]
    if measure.function == "weighted":
        scale = Decimal("0.01") if measure.by in PERCENT else Decimal(1)
        pairs = [(row[measure.field], row[measure.by]) for row in rows]
        products = [(value, weight * scale) for value, weight in pairs if None not in (value, weight)]
        return summed([value for value, _weight in products], measure.field, [weight for _value, weight in products])
    return summed(values, measure.field, function=measure.function)


FUNCTIONS = {"sum": sum, "minimum": min, "maximum": max, "average": lambda parts: sum(parts) / len(parts)}


def summed(values: list, key: str, weights: list | None = None, function: str = "sum") -> Measurement:
    """Join numbers or money: of a column with stored amounts each in the main currency, else each currency's result."""
    pairs = [pair for pair in zip(values, weights or [Decimal(1)] * len(values), strict=True) if pair[0] is not None]
    join = FUNCTIONS[function]
    if key not in MONEY:
        return Measurement(Decimal(join([Decimal(value) * weight for value, weight in pairs])) if pairs else None)
    parts: dict[str, list] = defaultdict(list)
    for value, weight in pairs:
        parts[value.currency].append(value.amount * weight)
    by_currency = {code: join(amounts) for code, amounts in parts.items()}
    if key == "price":
        stored = [(currencies.to_main(value.amount, value.currency), weight) for value, weight in pairs]
        known = [amount * weight for amount, weight in stored if amount is not None]
        return Measurement(None, by_currency, join(known) if known else None)
    return Measurement(None, by_currency, at_todays_rate(parts, function))


def at_todays_rate(parts: dict[str, list], function: str) -> Decimal | None:
    """Convert what each currency comes to, and join it."""
    each = sum if function == "average" else FUNCTIONS[function]
    amounts = [currencies.to_main(each(part), code) for code, part in parts.items()]
    if not amounts or None in amounts:
        return None
    if function == "average":
        return sum(amounts) / sum(map(len, parts.values()))
    return FUNCTIONS[function](amounts)
