"""Model columns beyond Django's types: money, percent, phone, color, choice by key."""

from typing import Any

from django.db import models


class PlainInMigrations:
    """A column that migrations describe as the Django field it is stored as, since they don't need its additions."""

    def deconstruct(self) -> tuple:
        """Return the deconstructed field with Django's class instead of this one."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        stored_as = next(base for base in type(self).__mro__ if base.__module__.startswith("django.db.models."))
        return name, f"django.db.models.{stored_as.__name__}", args, kwargs


class MoneyColumn(PlainInMigrations, models.DecimalField):
    """An amount with its currency in the sibling column `currency`. `money` declares one that is also converted."""

    converted = ""

    def __init__(self, *args: Any, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)


class ConvertedMoneyColumn(MoneyColumn):
    """An amount that adds its siblings to the model.

    `main_column` is the amount in the main currency, maintained by the write path and named `converted`.
    `currency_column` is None if the model already has it. The copies in migrations have no siblings to add.
    """

    main_column: models.Field | None = None
    currency_column: models.Field | None = None

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Add the column and its siblings, named after it by default."""
        super().contribute_to_class(cls, name, private_only)
        if self.main_column is not None:
            self.currency, self.converted = self.currency or f"{name}_currency", f"{name}_main"
            self.main_column.contribute_to_class(cls, self.converted)
        if self.currency_column is not None:
            self.currency_column.contribute_to_class(cls, self.currency)


class MomentColumn(PlainInMigrations, models.DateTimeField):
    """A moment that may be a whole day, stored in the sibling column `day` as a day is independent of time zones.

    For a whole day the column itself contains noon in UTC, so that an index finds nearby rows.
    """

    def __init__(self, *args: Any, day: str = "", **kwargs: Any) -> None:
        self.day = day
        super().__init__(*args, **kwargs)


class DerivedForeignKey(PlainInMigrations, models.ForeignKey):
    """A relation that a trigger of the database maintains: nothing else writes it, and the history omits it."""

    is_derived = True

    def __init__(self, to: Any, label: Any = "", **options: Any) -> None:
        defaults = {"null": True, "blank": True, "editable": False, "related_name": "+", "on_delete": models.DO_NOTHING}
        super().__init__(to, **{"verbose_name": label, **defaults, **options})


class DerivedMomentColumn(PlainInMigrations, models.DateTimeField):
    """A moment that follows from a change of another field: the history omits it, as it tells that change."""

    is_derived = True


class PercentColumn(PlainInMigrations, models.DecimalField):
    """A percentage with two decimals, by default from 0 to 100."""

    def __init__(self, *args: Any, minimum: int = 0, maximum: int | None = 100, **kwargs: Any) -> None:
        self.minimum = minimum
        self.maximum = maximum
        kwargs.setdefault("max_digits", 7)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class TextColumn(PlainInMigrations, models.CharField):
    """The base of short texts with a specific format, stored as plain text."""

    length = 200

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", self.length)
        super().__init__(*args, **kwargs)


class PhoneColumn(TextColumn):
    """A phone number, stored normalized (E.164) if possible, otherwise as entered."""

    length = 40


class ColourColumn(TextColumn):
    """A color as #rrggbb."""

    length = 7


class CountryColumn(TextColumn):
    """A country by its two-letter ISO 3166 code."""

    length = 2


class CurrencyColumn(TextColumn):
    """A currency by its ISO 4217 code."""

    length = 3


class FilterColumn(PlainInMigrations, models.JSONField):
    """A filter of the records of a type, whose key is `over`, as a tree (LIST-2)."""

    def __init__(self, *args: Any, over: str = "", **kwargs: Any) -> None:
        self.over = over
        super().__init__(*args, **kwargs)


class SecretColumn(PlainInMigrations, models.CharField):
    """A key or a password of another system, only shown to users who may edit the type (ACC-6)."""


def money(
    label: Any, currency: CurrencyColumn | str | None = None, *, main_digits: int = 18, **options: Any
) -> ConvertedMoneyColumn:
    """Return the column of an amount, which adds `<name>_main` to the model for the amount in the main currency.

    `currency` is the currency column, added as `currency`, or the name of an existing one. By default, a hidden
    `<name>_currency` is added. The amount in the main currency has up to `main_digits` digits, four of them decimals.
    `options` are passed to the column of the amount.
    """
    currency_column: CurrencyColumn | None
    if currency is None:
        name, currency_column = "", CurrencyColumn(blank=True, default="", editable=False)
    elif isinstance(currency, str):
        name, currency_column = currency, None
    else:
        name, currency_column = "currency", currency
    column = ConvertedMoneyColumn(label, currency=name, **options)
    column.main_column = models.DecimalField(max_digits=main_digits, decimal_places=4, null=True, editable=False)
    column.currency_column = currency_column
    return column
