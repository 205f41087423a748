"""The kinds of field and how each checks, stores and reads a value. How a filter treats a kind stands in core.query."""

import datetime as dt
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.fields.field import Cleaning, Field
from kanal.kit.addresses import normalize_email
from kanal.kit.money import Money, digits
from kanal.kit.phones import match_key

EMPTY = (None, "", [])


class Kind:
    """What all kinds share: a value that stands in one column as it is."""

    key = "text"
    family = "text"

    def accept(self, field: Field, raw: Any, seen: Cleaning) -> Any:
        """Check a raw value: required, then the kind's own form, then the field's limits."""
        if isinstance(raw, str):
            raw = raw.strip()
        if raw in EMPTY:
            if field.required:
                raise ValueError(_("This field is required."))
            return self.nothing(field)
        value = self.clean(field, raw, seen)
        self.limit(field, value)
        return value

    def nothing(self, field: Field) -> Any:
        """Give the value that stands for nothing."""
        return None

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> Any:
        """Turn a raw value that is there into the kind's value; raise ValueError with the reason."""
        return raw

    def limit(self, field: Field, value: Any) -> None:
        """Raise ValueError where a value is outside the field's limits."""
        if field.minimum is not None and value < field.minimum:
            raise ValueError(_("This must be at least %(limit)s.") % {"limit": field.minimum})
        if field.maximum is not None and value > field.maximum:
            raise ValueError(_("This must be at most %(limit)s.") % {"limit": field.maximum})

    def get(self, field: Field, record: Any) -> Any:
        """Read the value from a model instance."""
        return getattr(record, field.column)

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Put the value on a model instance."""
        setattr(record, field.column, value)

    def columns(self, field: Field) -> tuple[str, ...]:
        """Name the columns that hold the value."""
        return (field.column,)

    def read(self, field: Field, row: dict) -> Any:
        """Take the value from a row of plain values."""
        return row[field.column]

    def dump(self, field: Field, value: Any) -> Any:
        """Turn the value into JSON."""
        return value

    def load(self, field: Field, stored: Any) -> Any:
        """Turn JSON back into the value."""
        return stored


class Text(Kind):
    """A short text."""

    def nothing(self, field: Field) -> Any:
        """Give an empty text for a column, nothing for a custom field."""
        return None if field.is_custom else ""

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> str:
        """Refuse what is no text, is too long, or does not have the field's pattern."""
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
            raise ValueError(_("This must be a text."))
        text = str(raw)
        if "\x00" in text:
            raise ValueError(_("This text holds a character that can't be stored."))
        if field.max_length and len(text) > field.max_length:
            raise ValueError(
                _("This has %(length)s characters, at most %(limit)s are possible.")
                % {"length": len(text), "limit": field.max_length}
            )
        if field.pattern and not re.fullmatch(field.pattern, text):
            raise ValueError(_("This does not have the form that is asked for (%(form)s).") % {"form": field.pattern})
        return text

    def limit(self, field: Field, value: Any) -> None:
        """Leave texts to their length."""


class LongText(Text):
    """A text of several lines."""

    key = "long_text"


class Email(Text):
    """An e-mail address, normalized."""

    key = "email"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> str:
        """Normalize the address; refuse what is none."""
        return normalize_email(super().clean(field, raw, seen))


def region() -> str | None:
    """Give the country of phone numbers that are typed without one."""
    from kanal.core import settings

    return settings.value("company.country") or None


class Phone(Text):
    """A phone number; stored as E.164 where it can be read as one."""

    key = "phone"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> str:
        """Normalize the number; refuse a text without digits."""
        text = super().clean(field, raw, seen)
        if not any(character.isdigit() for character in text):
            raise ValueError(_("Enter a phone number."))
        return match_key(text, region()) if match_key(text, region()).startswith("+") else text


class Link(Text):
    """A web address."""

    key = "link"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> str:
        """Add https:// where no scheme is given; refuse other schemes than http and https."""
        text = super().clean(field, raw, seen)
        if "://" not in text and not re.match(r"^[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
            text = "https://" + text
        if not re.match(r"^https?://[^\s/$.?#][^\s\"<>]*$", text, re.IGNORECASE):
            raise ValueError(_("Enter a web address such as https://example.com."))
        return text


class Colour(Text):
    """A colour as #rrggbb."""

    key = "colour"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> str:
        """Refuse what is no colour."""
        text = super().clean(field, raw, seen).lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", text):
            raise ValueError(_("Enter a colour such as #2f6fed."))
        return text


class Number(Kind):
    """The base of numbers."""

    family = "number"

    def number(self, raw: Any) -> Decimal:
        """Read a decimal; refuse anything else, infinities included."""
        try:
            if isinstance(raw, bool):
                raise InvalidOperation
            value = Decimal(str(raw).replace(" ", "").replace("\u00a0", ""))
            if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
                raise InvalidOperation
        except InvalidOperation:
            raise ValueError(_("Enter a number.")) from None
        return value


class Integer(Number):
    """A whole number."""

    key = "integer"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> int:
        """Refuse fractions and what the column can't hold."""
        value = self.number(raw)
        if value != value.to_integral_value() or abs(value) > 2_147_483_647:
            raise ValueError(_("Enter a whole number."))
        return int(value)


class DecimalNumber(Number):
    """An exact decimal number; JSON holds it as text."""

    key = "decimal"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> Decimal:
        """Refuse more decimals than the field has."""
        value = self.number(raw)
        digits = 4 if field.digits is None else field.digits
        if value != round(value, digits):
            raise ValueError(_("At most %(digits)s decimals are possible.") % {"digits": digits})
        return value

    def dump(self, field: Field, value: Any) -> str:
        """Write the number without an exponent."""
        text = format(Decimal(value), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def load(self, field: Field, stored: Any) -> Decimal | None:
        """Read the number back."""
        return None if stored is None else Decimal(str(stored))


class Percent(DecimalNumber):
    """A percentage with two decimals."""

    key = "percent"


class MoneyKind(Number):
    """An amount with its currency; the value is a `Money`."""

    key = "money"
    family = "money"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> Money | None:
        """Take {"amount", "currency"}, a `Money`, or a plain amount in the main currency."""
        from kanal.core import currencies

        if isinstance(raw, Money):
            raw = {"amount": raw.amount, "currency": raw.currency}
        if not isinstance(raw, dict):
            raw = {"amount": raw}
        if set(raw) - {"amount", "currency"}:
            raise ValueError(_("Money has an amount and a currency."))
        if raw.get("amount") in EMPTY:
            if field.required:
                raise ValueError(_("This field is required."))
            return None
        currency = str(raw.get("currency") or currencies.main()).upper()
        if currency not in currencies.in_use():
            raise ValueError(_("The currency %(currency)s is not in use.") % {"currency": currency})
        amount = self.number(raw["amount"])
        if amount != round(amount, 4):
            raise ValueError(_("At most %(digits)s decimals are possible.") % {"digits": 4})
        return Money(amount, currency)

    def limit(self, field: Field, value: Any) -> None:
        """Hold the amount within the field's limits."""
        if value is not None:
            super().limit(field, value.amount)

    def get(self, field: Field, record: Any) -> Money | None:
        """Read amount and currency from the record."""
        amount = getattr(record, field.column)
        return None if amount is None else Money(amount, getattr(record, field.currency))

    def set(self, field: Field, record: Any, value: Money | None) -> None:
        """Put amount and currency on the record; nothing leaves the currency as it is."""
        setattr(record, field.column, value.amount if value else None)
        if value:
            setattr(record, field.currency, value.currency)

    def columns(self, field: Field) -> tuple[str, ...]:
        """Name both columns."""
        return (field.column, field.currency)

    def read(self, field: Field, row: dict) -> Money | None:
        """Take both columns from a row."""
        return None if row[field.column] is None else Money(row[field.column], row[field.currency])

    def dump(self, field: Field, value: Money) -> dict:
        """Write amount and currency, the amount with the currency's digits or more."""
        places = max(digits(value.currency), -int(Decimal(value.amount).normalize().as_tuple().exponent))
        return {"amount": f"{value.amount:.{places}f}", "currency": value.currency}

    def load(self, field: Field, stored: Any) -> Money | None:
        """Read amount and currency back."""
        return None if stored is None else Money(Decimal(str(stored["amount"])), stored["currency"])


class Date(Kind):
    """A day."""

    key = "date"
    family = "date"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> dt.date:
        """Take an ISO date."""
        if isinstance(raw, dt.datetime):
            return raw.date()
        if isinstance(raw, dt.date):
            return raw
        try:
            value = dt.date.fromisoformat(str(raw))
        except ValueError:
            raise ValueError(_("Enter a date such as 2026-11-23.")) from None
        if not 1000 <= value.year <= 9998:
            raise ValueError(_("Enter a date such as 2026-11-23."))
        return value

    def dump(self, field: Field, value: Any) -> str:
        """Write the date as ISO 8601."""
        return value if isinstance(value, str) else value.isoformat()

    def load(self, field: Field, stored: Any) -> dt.date | None:
        """Read the date back."""
        return dt.date.fromisoformat(stored) if stored else None


class DateTime(Kind):
    """A moment; kept in UTC."""

    key = "datetime"
    family = "datetime"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> dt.datetime:
        """Take an ISO moment; one without an offset is in the current time zone."""
        from django.utils import timezone

        try:
            value = raw if isinstance(raw, dt.datetime) else dt.datetime.fromisoformat(str(raw))
            if not 1000 <= value.year <= 9998:
                raise ValueError
        except ValueError:
            raise ValueError(_("Enter a date and a time such as 2026-11-23 14:30.")) from None
        return timezone.make_aware(value) if timezone.is_naive(value) else value

    def dump(self, field: Field, value: Any) -> str:
        """Write the moment as ISO 8601 in UTC."""
        return value if isinstance(value, str) else value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")

    def load(self, field: Field, stored: Any) -> dt.datetime | None:
        """Read the moment back."""
        return dt.datetime.fromisoformat(stored) if stored else None


class Boolean(Kind):
    """Yes or no."""

    key = "boolean"
    family = "boolean"

    def nothing(self, field: Field) -> bool:
        """Take nothing as no, as an empty checkbox means it."""
        return False

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> bool:
        """Take true and false in their usual spellings."""
        if isinstance(raw, bool):
            return raw
        word = str(raw).lower()
        if word in {"true", "1", "yes", "on"}:
            return True
        if word in {"false", "0", "no", "off"}:
            return False
        raise ValueError(_("Enter yes or no."))

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Put yes or no on the record."""
        setattr(record, field.column, bool(value))


class Json(Kind):
    """A structure that a form of its own edits (conditions, mappings); neither filtered nor sorted."""

    key = "json"
    family = "json"

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> Any:
        """Take a structure, or a text that holds one."""
        if not isinstance(raw, str):
            return raw
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise ValueError(_("This is not valid JSON.")) from None

    def limit(self, field: Field, value: Any) -> None:
        """Leave limits to the record type."""

    def nothing(self, field: Field) -> Any:
        """Take nothing as the column's default."""
        return field.default() if callable(field.default) else field.default
