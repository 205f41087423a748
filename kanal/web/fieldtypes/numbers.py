"""Numbers: integers, decimals, percentages, money."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from markupsafe import Markup

from kanal.core import currencies
from kanal.core.fields import Field
from kanal.core.fields.numbers import DecimalType, IntegerType, MoneyType, NoAmount, PercentType
from kanal.core.listing import Column, Page
from kanal.core.query import FilterContext, Test
from kanal.kit.money import Money
from kanal.kit.numbers import format_money, format_number, money_brief, parse_decimal
from kanal.web.fieldtypes.entry import Entry
from kanal.web.fieldtypes.fact import Fact
from kanal.web.fieldtypes.presenter import Presenter, Write, language, presents
from kanal.web.markup import spanned

MARKS = ("\u00a0", "\u202f", " ", "’", "'")


def plain_number(value: Decimal | int) -> str:
    """Format a number in the user's language without thousands separators, ready for editing."""
    text = format_number(value, language())
    for mark in MARKS:
        text = text.replace(mark, "")
    return text.replace(",", "") if language().startswith("en") else text.replace(".", "")


@presents(IntegerType, DecimalType)
class NumberPresenter(Presenter):
    """A number, formatted and parsed in the reader's language."""

    control = "number"
    operators = ("is", "not", "gt", "lt", "between", "empty", "set")
    is_number = True

    def text(self, field: Field, value: Any) -> str:
        """Return the number with thousands separators."""
        return format_number(Decimal(str(value)), language())

    def typed(self, field: Field, value: Any) -> str:
        """Return the number without thousands separators."""
        return "" if value is None else plain_number(value)

    def parse(self, field: Field, posted: QueryDict, name: str) -> Any:
        """Parse the number. Raise Invalid if it isn't one or is ambiguous."""
        text = posted.get(name, "").strip()
        return parse_decimal(text, language()) if text else None

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the number, ids without separators."""
        if column.field.key == "id":
            return str
        lang_code = language()
        return lambda number: format_number(number, lang_code)

    def html(self, fact: Fact) -> Markup:
        """Render tabular figures."""
        return spanned("num", fact.text)

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Return the numbers formatted in the user's language."""
        return self.range_words(test.values, "")

    def range_words(self, values: tuple[str, ...], currency: str) -> str:
        """Return the numbers of a condition, or amounts in a currency. Values that aren't numbers stay unchanged."""
        try:
            numbers = [Decimal(value) for value in values if value != currency]
        except InvalidOperation:
            return ", ".join(values)
        if currency:
            return " – ".join(money_brief(number, currency, language()) for number in numbers)
        return " – ".join(format_number(number, language()) for number in numbers)


@presents(PercentType)
class PercentPresenter(NumberPresenter):
    """A percentage."""

    control = "percent"

    def text(self, field: Field, value: Any) -> str:
        """Return the percentage with its sign."""
        return f"{super().text(field, value)} %"

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Return the percentages with their sign."""
        return f"{super().filter_words(test, field, reader)} %" if test.values else ""

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the percentage with its sign."""
        lang_code = language()
        return lambda number: f"{format_number(number, lang_code)} %"


def is_price(field: Field) -> bool:
    """Return whether an amount is a price or part of a document, where the cents always show.

    The amounts that figures sum up are converted to the main currency; prices and items aren't.
    """
    return not field.converted and not field.is_custom


@presents(MoneyType)
class MoneyPresenter(NumberPresenter):
    """An amount with currency."""

    control = "money"
    operators = ("gt", "lt", "between", "is", "not", "empty", "set")

    def text(self, field: Field, value: Any) -> str:
        """Return the amount with its currency."""
        if isinstance(value, Money):
            return format_money(value.amount, value.currency, language())
        if isinstance(value, dict):
            return format_money(Decimal(str(value["amount"])), value["currency"], language())
        return super().text(field, value)

    def blank(self, currency: str) -> NoAmount:
        """Return an empty amount, so that the control offers the record's currency."""
        return NoAmount(currency)

    def show(self, entry: Entry, value: Any) -> None:
        """Show the amount. An empty one shows the currency that it would have."""
        entry.currency = getattr(value, "currency", "") or entry.currency or currencies.main()
        entry.text = self.typed(entry.field, value.amount) if value else ""

    def keep(self, entry: Entry, posted: QueryDict) -> None:
        """Keep the submitted amount and currency."""
        super().keep(entry, posted)
        entry.currency = posted.get(f"{entry.name}_currency", "") or entry.currency

    def parse(self, field: Field, posted: QueryDict, name: str) -> Any:
        """Parse the amount with its currency."""
        return {"amount": super().parse(field, posted, name), "currency": posted.get(f"{name}_currency", "")}

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the amount with its currency, without decimals if it's whole and no price."""
        lang_code, write = language(), format_money if is_price(column.field) else money_brief
        return lambda money: write(money.amount, money.currency, lang_code)

    def filter_input(self, field: Field, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
        """Ask for amounts and their currency."""
        codes = currencies.in_use()
        asked = super().filter_input(field, op, values, reader)
        return {
            **asked,
            "control": "money",
            "currencies": codes,
            "currency": values[-1] if values and values[-1] in codes else codes[0],
            "second": "" if asked["second"] in codes else asked["second"],
        }

    def filter_values(self, op: str, posted: QueryDict) -> tuple[str, ...]:
        """Return the amounts, followed by their currency."""
        values, currency = super().filter_values(op, posted), posted.get("currency")
        return (*values, currency) if values and currency else values

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Return the amounts with their currency, by default the main one, in which they're compared."""
        return self.range_words(
            test.values, next((value for value in test.values if value.isalpha()), currencies.main())
        )
