"""Field types with numeric values: whole number, decimal, percentage, money."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.fields import columns
from kanal.core.fields.field import CleanContext, Field
from kanal.core.fields.types import FieldType
from kanal.kit.currencies import digits
from kanal.kit.money import Money
from kanal.kit.reading.numbers import plain_decimal

DECIMAL = r"^-?\d+(\.\d+)?$"  # the JSON format of exact numbers, as text
LONGEST = 60
LARGEST = Decimal(10) ** 14
LARGEST_WHOLE = 2_147_483_647


class NoAmount:
    """An empty amount with a chosen currency. Equal to None, so that rules treat it as empty."""

    __slots__ = ("currency",)
    amount = None

    def __init__(self, currency: str) -> None:
        self.currency = currency

    def __eq__(self, other: object) -> bool:
        return other is None or (isinstance(other, NoAmount) and other.currency == self.currency)

    def __hash__(self) -> int:
        return hash(None)

    def __bool__(self) -> bool:
        return False


class NumberType(FieldType):
    """The base of numbers."""

    category = "number"

    def number(self, raw: Any) -> Decimal:
        """Parse a decimal. Raise ValueError for anything else, including infinities."""
        try:
            if isinstance(raw, bool):
                raise InvalidOperation
            text = str(raw).replace(" ", "").replace("\u00a0", "")
            value = Decimal(text[:LONGEST])
            if len(text) > LONGEST or not value.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            raise ValueError(_("Enter a number.")) from None
        if value >= LARGEST:
            raise ValueError(_("This must be at most %(limit)s.") % {"limit": f"{LARGEST - 1:,}"})
        if value <= -LARGEST:
            raise ValueError(_("This must be at least %(limit)s.") % {"limit": f"{1 - LARGEST:,}"})
        return value or Decimal(0)  # a zero with a huge exponent is still zero


class IntegerType(NumberType):
    """A whole number."""

    key = "integer"
    label = gettext_lazy("Whole number")
    model_fields = (models.IntegerField,)
    schema = {"type": "integer", "examples": [3]}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> int:
        """Return the number. Raise ValueError for fractions."""
        value = self.number(raw)
        if value != value.to_integral_value():
            raise ValueError(_("Enter a whole number."))
        return int(value)

    def limit(self, field: Field, value: Any) -> None:
        """Check the field's limits, for a custom one also the 32-bit range."""
        if field.is_custom:
            super().limit(field.but(minimum=-LARGEST_WHOLE, maximum=LARGEST_WHOLE), value)
        super().limit(field, value)


class DecimalType(NumberType):
    """An exact decimal number, stored as text in JSON."""

    key = "decimal"
    label = gettext_lazy("Decimal number")
    model_fields = (models.DecimalField,)
    schema = {"type": "string", "pattern": DECIMAL, "examples": ["12.5"]}
    is_json = False

    def clean(self, field: Field, raw: Any, context: CleanContext) -> Decimal:
        """Return the number. Raise ValueError for more decimals than the field has."""
        value = self.number(raw)
        most = 4 if field.digits is None else field.digits
        if value != round(value, most):
            raise ValueError(_("At most %(digits)s decimals are allowed.") % {"digits": most})
        refuse_wide(field, value)
        return value

    def dump(self, field: Field, value: Any) -> str:
        """Format the number without an exponent."""
        return plain_decimal(Decimal(value))

    def load(self, field: Field, stored: Any) -> Decimal | None:
        """Parse the stored number."""
        return None if stored is None else Decimal(str(stored))


def refuse_wide(field: Field, value: Decimal) -> None:
    """Raise ValueError for more digits before the decimal point than the column has."""
    if field.places is not None and abs(value) >= Decimal(10) ** field.places:
        raise ValueError(
            _("At most %(digits)s digits are allowed before the decimal point.") % {"digits": field.places}
        )


class PercentType(DecimalType):
    """A percentage with two decimals."""

    key = "percent"
    label = gettext_lazy("Percent")
    model_fields = (columns.PercentColumn,)
    schema = {"type": "string", "pattern": DECIMAL, "examples": ["33.33"]}


def is_nothing(field: Field, amount: Any) -> bool:
    """Return whether an amount is empty. Raise ValueError if that is ambiguous, or if an amount is required."""
    if amount in ("", []):
        raise ValueError(_("Enter an amount, or null for none."))
    if amount is None and field.required:
        raise ValueError(_("This field is required."))
    return amount is None


class MoneyType(NumberType):
    """An amount with its currency. The value is a `Money`."""

    key = "money"
    category = "money"
    label = gettext_lazy("Money")
    model_fields = (columns.MoneyColumn,)
    schema = {
        "type": "object",
        "required": ["amount", "currency"],
        "properties": {
            "amount": {"type": "string", "pattern": DECIMAL, "examples": ["1250.00"]},
            "currency": {"type": "string", "minLength": 3, "maxLength": 3, "examples": ["EUR"]},
        },
        "examples": [{"amount": "1250.00", "currency": "EUR"}],
    }
    is_json = False

    def clean(self, field: Field, raw: Any, context: CleanContext) -> Money | None:
        """Accept {"amount", "currency"}, a `Money`, or a plain amount in the main currency.

        Entered amounts can't have more decimals than the currency. A `Money` was computed and is rounded to them.
        """
        from kanal.core import currencies

        if isinstance(raw, Money):
            raw = {"amount": raw.rounded().amount, "currency": raw.currency}
        if not isinstance(raw, dict):
            raw = {"amount": raw}
        if set(raw) - {"amount", "currency"}:
            raise ValueError(_("Money needs an amount and a currency."))
        if is_nothing(field, raw.get("amount", "")):
            return None
        currency = str(raw.get("currency") or currencies.main()).upper()
        if currency not in currencies.in_use():
            raise ValueError(_("The currency %(currency)s is not enabled.") % {"currency": currency})
        amount, most = self.number(raw["amount"]), digits(currency)
        if amount != round(amount, most):
            message = _("Amounts in %(currency)s have at most %(digits)s decimals.")
            raise ValueError(message % {"currency": currency, "digits": most})
        refuse_wide(field, amount)
        return Money(amount, currency)

    def limit(self, field: Field, value: Any) -> None:
        """Check the field's limits for the amount."""
        if value is not None:
            super().limit(field, value.amount)

    def get(self, field: Field, record: Any) -> Money | None:
        """Return amount and currency of the record."""
        amount = getattr(record, field.column)
        return None if amount is None else Money(amount, getattr(record, field.currency))

    def holds(self, field: Field, record: Any, value: Any) -> bool:
        """Return whether the record has the same amount, for an empty one also the same currency."""
        same = field.get(record) == value
        return same and (not isinstance(value, NoAmount) or getattr(record, field.currency) == value.currency)

    def set(self, field: Field, record: Any, value: Money | NoAmount | None) -> None:
        """Set amount and currency on the record. None leaves the currency unchanged."""
        setattr(record, field.column, getattr(value, "amount", value))
        if isinstance(value, Money | NoAmount):
            setattr(record, field.currency, value.currency)

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return both columns."""
        return (field.column, field.currency)

    def read(self, field: Field, row: dict) -> Money | None:
        """Return the value of both columns from a row."""
        return None if row[field.column] is None else Money(row[field.column], row[field.currency])

    def dump(self, field: Field, value: Money) -> dict | None:
        """Return amount and currency, the amount with at least the currency's digits."""
        if isinstance(value, NoAmount):
            return None
        places = max(digits(value.currency), -int(Decimal(value.amount).normalize().as_tuple().exponent))
        return {"amount": f"{value.amount:.{places}f}", "currency": value.currency}

    def load(self, field: Field, stored: Any) -> Money | None:
        """Return the value from stored amount and currency."""
        return None if stored is None else Money(Decimal(str(stored["amount"])), stored["currency"])
