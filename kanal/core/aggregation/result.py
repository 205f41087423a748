"""The result of an aggregation as plain, JSON-compatible values, so that it can be stored unchanged."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kanal.core.aggregation.definition import Dimension, Measure

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Measurement:
    """The value of one measure: a number, or money in each currency and converted to the main one.

    All are empty if no record has a value. `converted` is None if the rate of any of the currencies is missing. If
    the type stores converted amounts, it is the sum for the records that have one.
    """

    number: Decimal | int | None = None
    by_currency: Mapping[str, Decimal] = field(default_factory=dict)
    converted: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the values that are set, with decimals as text to keep them exact."""
        amounts = {code: str(amount) for code, amount in self.by_currency.items()}
        data = {"number": to_plain(self.number), "by_currency": amounts, "converted": to_plain(self.converted)}
        return {name: value for name, value in data.items() if value not in (None, {})}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Measurement":
        """Return the measurement that `to_json` wrote."""
        amounts = {code: Decimal(amount) for code, amount in data.get("by_currency", {}).items()}
        return cls(from_plain(data.get("number")), amounts, from_plain(data.get("converted")))


@dataclass(frozen=True)
class Group:
    """The records with the same keys, one per dimension: their number, and the value of each measure.

    A key is the value grouped by in the database: the text or number of a field, an amount with its currency
    ("10.5 EUR"), the id of a related record or of an option stored as a row, a date for a date, moment or period, the
    JSON text of a custom field. None means no value or a record hidden from the reader, an empty text means no value of
    a text column.
    """

    keys: Key = ()
    count: int = 0
    values: Mapping[Measure, Measurement] = field(default_factory=dict)


@dataclass(frozen=True)
class AggregationResult:
    """The groups of an aggregation, in no particular order. Without dimensions there is exactly one.

    `measures` omits requested measures of fields hidden from the reader. `currency` is the currency of converted
    amounts.
    """

    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
    groups: tuple[Group, ...]
    currency: str

    @property
    def whole(self) -> Group:
        """Return the only group of an aggregation without dimensions. Raise ValueError for other aggregations."""
        (group,) = self.groups
        return group

    def by_key(self) -> dict[Any, Group]:
        """Return the groups by key, or by both keys for two dimensions."""
        return {group.keys[0] if len(self.dimensions) == 1 else group.keys: group for group in self.groups}

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON-compatible data."""
        return {
            "measures": [[measure.function, measure.field, measure.by] for measure in self.measures],
            "dimensions": [[dimension.field, dimension.bucket] for dimension in self.dimensions],
            "currency": self.currency,
            "groups": [
                {
                    "keys": [to_plain(key) for key in group.keys],
                    "count": group.count,
                    "values": [group.values[measure].to_json() for measure in self.measures],
                }
                for group in self.groups
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AggregationResult":
        """Return the result that `to_json` wrote. It doesn't include which groups were requested."""
        measures = tuple(Measure(*parts) for parts in data["measures"])
        groups = tuple(
            Group(
                tuple(from_plain(key) for key in group["keys"]),
                group["count"],
                dict(zip(measures, map(Measurement.from_json, group["values"]), strict=True)),
            )
            for group in data["groups"]
        )
        return cls(measures, tuple(Dimension(*parts) for parts in data["dimensions"]), groups, data["currency"])


def to_plain(value: Any) -> Any:
    """Return a key or number as JSON-compatible data. Types unknown to JSON are tagged with their name."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"date": value.isoformat()} if isinstance(value, dt.date) else value


def from_plain(value: Any) -> Any:
    """Return the value that `to_plain` wrote."""
    if not isinstance(value, dict):
        return value
    return Decimal(value["decimal"]) if "decimal" in value else dt.date.fromisoformat(value["date"])
