"""The field types whose value is a number: whole, decimal, percentage, money."""

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

DECIMAL = r"^-?\d+(\.\d+)?$"  # as JSON holds an exact number, which no JSON number is
LONGEST = 60
LARGEST = Decimal(10) ** 14
LARGEST_WHOLE = 2_147_483_647


def plain_decimal(number: Decimal) -> str:
    """Write a number without an exponent and without useless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class NoAmount:
    """No amount, in a currency that was chosen: equal to None, so that rules take it for nothing."""

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
        """Read a decimal; refuse anything else, infinities included."""
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
        return value or Decimal(0)  # a zero with a huge exponent is one all the same


class IntegerType(NumberType):
    """A whole number."""

    key = "integer"
    label = gettext_lazy("Whole number")
    model_fields = (models.IntegerField,)
    schema = {"type": "integer", "examples": [3]}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> int:
        """Refuse fractions and what the column can't hold."""
        value = self.number(raw)
        if value != value.to_integral_value():
            raise ValueError(_("Enter a whole number."))
        return int(value)

    def limit(self, field: Field, value: Any) -> None:
        """Hold the number within the field's limits, a custom one within those of 32 bits."""
        if field.is_custom:
            super().limit(field.but(minimum=-LARGEST_WHOLE, maximum=LARGEST_WHOLE), value)
        super().limit(field, value)


class DecimalType(NumberType):
    """An exact decimal number; JSON holds it as text."""

    key = "decimal"
    label = gettext_lazy("Decimal number")
    model_fields = (models.DecimalField,)
    schema = {"type": "string", "pattern": DECIMAL, "examples": ["12.5"]}
    is_json = False

    def clean(self, field: Field, raw: Any, context: CleanContext) -> Decimal:
        """Refuse more decimals than the field has."""
        value = self.number(raw)
        most = 4 if field.digits is None else field.digits
        if value != round(value, most):
            raise ValueError(_("At most %(digits)s decimals are allowed.") % {"digits": most})
        refuse_wide(field, value)
        return value

    def dump(self, field: Field, value: Any) -> str:
        """Write the number without an exponent."""
        return plain_decimal(Decimal(value))

    def load(self, field: Field, stored: Any) -> Decimal | None:
        """Read the number back."""
        return None if stored is None else Decimal(str(stored))


def refuse_wide(field: Field, value: Decimal) -> None:
    """Raise ValueError for more digits before the decimals than the column has."""
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
    """Return whether an amount is given as none; raise ValueError where that is unclear, or where one is required."""
    if amount in ("", []):
        raise ValueError(_("Enter an amount, or null for none."))
    if amount is None and field.required:
        raise ValueError(_("This field is required."))
    return amount is None


class MoneyType(NumberType):
    """An amount with its currency; the value is a `Money`."""

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
        """Take {"amount", "currency"}, a `Money`, or a plain amount in the main currency.

        What is typed has no more decimals than its currency; a `Money` was computed and is rounded to them.
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
        """Hold the amount within the field's limits."""
        if value is not None:
            super().limit(field, value.amount)

    def get(self, field: Field, record: Any) -> Money | None:
        """Read amount and currency from the record."""
        amount = getattr(record, field.column)
        return None if amount is None else Money(amount, getattr(record, field.currency))

    def holds(self, field: Field, record: Any, value: Any) -> bool:
        """Return whether the record has the amount, and of no amount the currency."""
        same = field.get(record) == value
        return same and (not isinstance(value, NoAmount) or getattr(record, field.currency) == value.currency)

    def set(self, field: Field, record: Any, value: Money | NoAmount | None) -> None:
        """Put amount and currency on the record; nothing leaves the currency as it is."""
        setattr(record, field.column, getattr(value, "amount", value))
        if isinstance(value, Money | NoAmount):
            setattr(record, field.currency, value.currency)

    def columns(self, field: Field) -> tuple[str, ...]:
        """Name both columns."""
        return (field.column, field.currency)

    def read(self, field: Field, row: dict) -> Money | None:
        """Take both columns from a row."""
        return None if row[field.column] is None else Money(row[field.column], row[field.currency])

    def dump(self, field: Field, value: Money) -> dict | None:
        """Write amount and currency, the amount with the currency's digits or more."""
        if isinstance(value, NoAmount):
            return None
        places = max(digits(value.currency), -int(Decimal(value.amount).normalize().as_tuple().exponent))
        return {"amount": f"{value.amount:.{places}f}", "currency": value.currency}

    def load(self, field: Field, stored: Any) -> Money | None:
        """Read amount and currency back."""
        return None if stored is None else Money(Decimal(str(stored["amount"])), stored["currency"])
