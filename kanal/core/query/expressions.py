"""The SQL expressions of fields, shared by filters, sorts and indexes."""

import datetime as dt
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.models import BooleanField, Case, DateField, DateTimeField, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields import DecimalField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Collate
from django.db.models.lookups import Exact

from kanal.core import currencies
from kanal.core.fields import Field
from kanal.kit import zones
from kanal.kit.zones import Span


class Fold(Func):
    """Lowercase without accents: `kanal_fold(text)`, immutable and therefore indexable."""

    function = "kanal_fold"
    output_field = TextField()


NUMBER = DecimalField(max_digits=30, decimal_places=8)


class AsNumber(Func):
    """A numeric text as an exact number."""

    template = "(%(expressions)s)::numeric"
    output_field = DecimalField(max_digits=30, decimal_places=8)


class IsNotTrue(Func):
    """SQL's `(condition) IS NOT TRUE`, also true if the condition is unknown because there is no value (LIST-2)."""

    template = "(%(expressions)s) IS NOT TRUE"
    output_field = BooleanField()

    def as_sql(self, *given: Any, **named: Any) -> Any:
        """Return the SQL. The opposite of an empty result is a full one."""
        try:
            return super().as_sql(*given, **named)
        except EmptyResultSet:
            raise FullResultSet from None


def negated(condition: Q) -> Q:
    """Return the condition for records that don't meet another one, including those without a value (LIST-2)."""
    return Q(IsNotTrue(condition)) if condition else Q(pk__in=[])


class LocalDay(Func):
    """The day of a moment in a zone, by Python's time zone rules, as the database's may be from another year.

    `span` limits the relevant moments, so that the statement contains few changes of the offset.
    """

    output_field = DateField()

    def __init__(self, expression: Any, zone: dt.tzinfo, span: Span | None = None) -> None:
        super().__init__(expression)
        self.moments, self.offsets = zones.transitions(zone, span)

    def as_sql(self, compiler: Any, *_given: Any, **_named: Any) -> Any:
        """Return SQL that looks up the offset of each moment."""
        moment, given = compiler.compile(self.source_expressions[0])
        utc = f"({moment})::timestamptz AT TIME ZONE 'UTC'"
        if not self.moments:
            return f"({utc} + %s::interval)::date", [*given, self.offsets[0]]
        place = f"width_bucket(({moment})::timestamptz, %s::timestamptz[]) + 1"
        values = [*given, list(self.offsets), *given, list(self.moments)]
        return f"({utc} + (%s::interval[])[{place}])::date", values


class StartOfDay(Func):
    """The moment at which a day begins in a zone, by Python's time zone rules."""

    output_field = DateTimeField()

    def __init__(self, expression: Any, zone: dt.tzinfo) -> None:
        super().__init__(expression)
        self.changes, self.offsets = zones.midnights(zone)

    def as_sql(self, compiler: Any, *_given: Any, **_named: Any) -> Any:
        """Return SQL that looks up the offset of each day."""
        values: list[Any]
        day, given = compiler.compile(self.source_expressions[0])
        seconds, values = "%s", [*self.offsets[:1]]
        if self.changes:
            seconds = f"(%s::int[])[width_bucket(extract(epoch FROM {day}), %s::numeric[]) + 1]"
            values = [list(self.offsets), *given, list(self.changes)]
        return f"(({day})::timestamp - make_interval(secs => {seconds})) AT TIME ZONE 'UTC'", [*given, *values]


class StartOfPeriod(Func):
    """The first day of the week (from Monday), month, quarter or year of a day. See `kit.dates.start_of`."""

    template = "date_trunc('%(unit)s', (%(expressions)s)::timestamp)::date"
    output_field = DateField()

    def __init__(self, expression: Any, unit: str) -> None:
        super().__init__(expression, unit=unit)


def raw(field: Field, prefix: str = "") -> Any:
    """Return the raw value of a field: a column, or the text of a custom field."""
    if field.is_custom:
        return KeyTextTransform(field.name, f"{prefix}custom")
    return F(prefix + field.column)


def comparable(field: Field, prefix: str = "") -> Combinable:
    """Return the expression for `<`, `>` and sorting: numbers as numbers, texts folded, money in the main currency."""
    category = field.type.category
    if field.is_custom:
        if category in ("number", "money"):
            if category == "money":
                return AsNumber(KeyTextTransform("amount", raw_json(field, prefix)))
            return AsNumber(raw(field, prefix))
        if category in ("date", "datetime"):
            return Collate(raw(field, prefix), "C")
        return Fold(raw(field, prefix)) if category == "text" else raw(field, prefix)
    if category == "money" and field.converted:
        return F(prefix + field.converted)
    return Fold(F(prefix + field.column)) if category == "text" else F(prefix + field.column)


def in_main(field: Field, prefix: str = "") -> Combinable:
    """Return the sort expression: as `comparable`, but custom money converted to the main currency at today's rates."""
    others = [code for code in currencies.in_use() if code != currencies.main()]
    if not field.is_custom or field.type.category != "money" or not others:
        return comparable(field, prefix)
    rates, amount = currencies.rates(), comparable(field, prefix)
    cases = [
        When(Exact(currency_of(field, prefix), Value(code)), then=amount * Value(rates[code], output_field=NUMBER))
        for code in others
        if rates.get(code)
    ]
    own = When(Exact(currency_of(field, prefix), Value(currencies.main())), then=amount)
    return Case(own, *cases, default=None, output_field=NUMBER)


def currency_of(field: Field, prefix: str = "") -> Any:
    """Return the currency of custom money."""
    return KeyTextTransform("currency", raw_json(field, prefix))


def raw_json(field: Field, prefix: str = "") -> Any:
    """Return the JSON value of a custom field."""
    return KeyTransform(field.name, f"{prefix}custom")


def applicable(field: Field, prefix: str = "") -> Q:
    """Return the condition for records to which a field applies. On others, stored values are ignored (CF-2)."""
    condition = Q()
    for limiting, values in field.applies.conditions if field.applies else ():
        path = f"{prefix}{limiting.column}__key" if limiting.has_rows else f"{prefix}{limiting.column}"
        condition &= Q(**{f"{path}__in": sorted(values)})
    return condition


def where_applicable(expression: Any, field: Field, prefix: str = "") -> Any:
    """Return an expression that is NULL where the field doesn't apply."""
    condition = applicable(field, prefix)
    return Case(When(condition, then=expression)) if condition else expression
