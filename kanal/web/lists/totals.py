"""Totals of columns and groups as text: one compact amount, with what it consists of."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.aggregation import Group, Measure, Measurement
from kanal.core.currencies import main
from kanal.core.listing import Column
from kanal.kit.numbers import format_number, money_brief, money_total


@dataclass(frozen=True)
class Total:
    """A compact total. `parts` are the exact amounts that it stands for, empty if it says all itself."""

    text: str = ""
    parts: tuple[str, ...] = ()


def total_of(measurement: Measurement) -> Total:
    """Return a measurement as one amount in the main currency, or in its own one if there is no other."""
    parts = (*parts_of(measurement), converted_text(measurement))
    text = short_total(measurement)
    return Total(text, tuple(part for part in parts if part and part != text))


def column_totals(columns: list[Column], whole: Group) -> list[Total]:
    """Return the total of each column. The first one is labeled if it has none."""
    totals = [total_of(whole.values.get(Measure("sum", column.key), Measurement())) for column in columns]
    if totals and not totals[0].text:
        totals[0] = Total(_("Total"))
    return totals


def short_total(total: Measurement) -> str:
    """Return a short total: for several currencies only the amount in the main one."""
    language, amounts = get_language() or "en", dict(total.by_currency)
    if total.number is not None:
        return format_number(total.number, language)
    if total.converted is not None and len(amounts) > 1:
        amounts = {main(): total.converted}
    return " + ".join(money_total(amount, code, language) for code, amount in sorted(amounts.items()) if code)


def total_text(total: Measurement) -> str:
    """Return a total: a number, or the exact amounts by currency and their sum in the main one."""
    if total.number is not None:
        return format_number(total.number, get_language() or "en")
    return " ".join(filter(None, (" + ".join(parts_of(total)), converted_text(total))))


def parts_of(total: Measurement) -> list[str]:
    """Return the exact amount in each currency."""
    language = get_language() or "en"
    return [money_brief(amount, code, language) for code, amount in sorted(total.by_currency.items()) if code]


def converted_text(total: Measurement) -> str:
    """Return “= €1,505” for amounts that aren't all in the main currency, else ""."""
    if total.converted is None or set(total.by_currency) <= {main()}:
        return ""
    return f"= {money_brief(total.converted, main(), get_language() or 'en')}"
