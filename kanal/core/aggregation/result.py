"""What an aggregation comes to, as plain values that JSON can hold, so that a result can be kept as it is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kanal.core.aggregation.definition import Dimension, Measure

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Measurement:
    """What one measure comes to: a number, or money in each currency and converted to the main one.

    All are empty if no record has a value. `converted` is None if the rate of any of the currencies is missing, unless
    the type stores converted amounts: then it is that of the records that have one.
    """

    number: Decimal | int | None = None
    by_currency: Mapping[str, Decimal] = field(default_factory=dict)
    converted: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the values that are there; decimals as text, so that they stay exact."""
        amounts = {code: str(amount) for code, amount in self.by_currency.items()}
        data = {"number": to_plain(self.number), "by_currency": amounts, "converted": to_plain(self.converted)}
        return {name: value for name, value in data.items() if value not in (None, {})}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Measurement":
        """Return what `to_json` wrote."""
        amounts = {code: Decimal(amount) for code, amount in data.get("by_currency", {}).items()}
        return cls(from_plain(data.get("number")), amounts, from_plain(data.get("converted")))


@dataclass(frozen=True)
class Group:
    """The records with the same keys, one per dimension: their number, and what each measure comes to.

    A key is what the database groups by: the text or number of a field, the id of a related record or of an option
    that is a row, a date for a date, moment or period, of a custom field its text in JSON; None for no value and for a
    record hidden from the reader, an empty text for one of a text column.
    """

    keys: Key = ()
    count: int = 0
    values: Mapping[Measure, Measurement] = field(default_factory=dict)


@dataclass(frozen=True)
class AggregationResult:
    """The groups of an aggregation, in no order; without dimensions always exactly one.

    `measures` are those that were asked for but of fields that are hidden from the reader. `currency` is what converted
    amounts are in.
    """

    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
    groups: tuple[Group, ...]
    currency: str

    @property
    def whole(self) -> Group:
        """Return the only group of an aggregation without dimensions; raise ValueError for another one."""
        (group,) = self.groups
        return group

    def by_key(self) -> dict[Any, Group]:
        """Return the groups by their key, of two dimensions by both keys."""
        return {group.keys[0] if len(self.dimensions) == 1 else group.keys: group for group in self.groups}

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON can hold it."""
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
        """Return what `to_json` wrote; which groups were asked for isn't part of it."""
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
    """Return a key or number as JSON can hold it; what JSON has no type for names its own."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"date": value.isoformat()} if isinstance(value, dt.date) else value


def from_plain(value: Any) -> Any:
    """Return what `to_plain` wrote."""
    if not isinstance(value, dict):
        return value
    return Decimal(value["decimal"]) if "decimal" in value else dt.date.fromisoformat(value["date"])
