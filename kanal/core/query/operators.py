"""The operators for each category of fields: one function per category that returns a condition."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any as Value

from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, LessThan, LessThanOrEqual
from django.utils.translation import gettext as _

from kanal.core import currencies
from kanal.core.fields import CleanContext, Field
from kanal.core.fields.news import NewsType
from kanal.core.fields.numbers import NumberType
from kanal.core.fields.texts import region as phone_region
from kanal.core.query.expressions import Fold, applicable, comparable, currency_of, negated, raw
from kanal.core.query.relations import linked, relation
from kanal.core.query.times import date
from kanal.core.query.tree import POSITIVE, QueryError, Test, wrong_value
from kanal.kit.letters import fold
from kanal.kit.phones import phone_patterns


def build(field: Field, test: Test, reader: Value) -> Q:
    """Return the condition of one test. Raise QueryError if operator or values don't fit the field."""
    category = OPERATORS_BY_CATEGORY.get(field.type.category)
    if category is None or test.op not in category[0]:
        message = _("The operator “%(op)s” can't be used with the field “%(field)s”.")
        raise QueryError(message % {"op": test.op, "field": test.field}, test.field)
    if test.op in POSITIVE:
        return negated(build(field, Test(test.field, POSITIVE[test.op], test.values), reader))
    if test.op == "set" and test.values:
        raise QueryError(_("“Is empty” and “is not empty” take no value."), test.field)
    if test.op == "set":
        return is_set(field, reader) & applicable(field)
    if not test.values:
        raise QueryError(_("The condition on “%(field)s” has no value.") % {"field": test.field}, test.field)
    return category[1](field, test, reader) & applicable(field)


def is_set(field: Field, reader: Value) -> Q:
    """Return the condition for records with a value in the field, as visible to the reader."""
    category = field.type.category
    if category in ("relation", "relations") and field.key != "id":
        return linked(field, reader)
    if field.is_custom:
        return Q(custom__has_key=field.name)
    if field.marks:
        return marked(field, [mark.key for mark in field.marks], reader)
    if category == "choices":
        return Q(**{f"{field.column}__len__gt": 0})
    held = Q(**{f"{field.column}__isnull": False})
    if category == "text" or (category == "choice" and not field.has_rows):
        return held & ~Q(**{field.column: ""})
    return held


def like(text: str) -> str:
    """Escape wildcards of LIKE."""
    return fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def text(field: Field, test: Test, reader: Value) -> Q:
    """Compare texts ignoring case and accents, phone numbers and addresses in any format."""
    left = Fold(raw(field))
    condition = Q(pk__in=[])
    for value in dict.fromkeys(
        candidate for typed in test.values for candidate in (typed, as_stored(field, test.op, typed))
    ):
        if field.type.key == "phone":
            condition |= same_phone(left, test.op, value)
        if test.op in ("contains", "starts"):
            start = "" if test.op == "starts" else "%"
            condition |= Q(Like(left, f"{start}{like(value)}%"))
        else:
            condition |= Q(Exact(left, fold(value)))
    return condition


def as_stored(field: Field, op: str, value: str) -> str:
    """Return an address in its type's stored format, such as a website with scheme, or unchanged if it isn't one."""
    if op == "contains" or field.type.key not in ("email", "link"):
        return value
    try:
        return str(field.clean(value) or value)
    except ValueError:
        return value


def same_phone(left: Combinable, op: str, value: str) -> Q:
    """Return the condition for numbers that match a text: with a country, or of any country if it has none (SRCH-1)."""
    condition = Q(pk__in=[])
    for pattern in phone_patterns(value, op, phone_region()):
        condition |= Q(Like(left, pattern))
    return condition


class Like(Exact):
    """SQL's LIKE with an already escaped pattern."""

    lookup_name = "like"

    def get_rhs_op(self, connection: Value, rhs: str) -> str:
        """Return the operator."""
        return f"LIKE {rhs}"


def read_all(field: Field, test: Test, values: tuple[str, ...]) -> list:
    """Clean the values with the field's type."""
    cleaned = []
    for value in values:
        try:
            cleaned.append(field.type.clean(field, value, CleanContext()))
        except ValueError:
            raise wrong_value(test, value) from None
    return cleaned


def compare(left: Combinable, op: str, values: list) -> Q:
    """Compare an expression with one or two values."""
    if op == "gt":
        return Q(GreaterThan(left, values[0]))
    if op == "lt":
        return Q(LessThan(left, values[0]))
    if op == "between":
        return Q(GreaterThanOrEqual(left, values[0])) & Q(LessThanOrEqual(left, values[1]))
    return Q(In(left, values))


def need(test: Test, count: int) -> None:
    """Raise QueryError if a test has the wrong number of values for its operator."""
    if test.op in ("gt", "lt", "between") and len(test.values) != count:
        raise QueryError(_("The condition on “%(field)s” has the wrong number of values.") % {"field": test.field})


def number(field: Field, test: Test, reader: Value) -> Q:
    """Compare numbers."""
    need(test, 2 if test.op == "between" else 1)
    return compare(comparable(field), test.op, read_all(field, test, test.values))


def money(field: Field, test: Test, reader: Value) -> Q:
    """Compare in the main currency at today's rate, unless the value's currency is the record's."""
    values, currency = list(test.values), currencies.main()
    if len(values) > 1 and values[-1].isalpha():
        currency = values.pop().upper()
        if currency not in currencies.in_use():
            raise wrong_value(test, currency)
    need(Test(test.field, test.op, tuple(values)), 2 if test.op == "between" else 1)
    try:
        amounts = [NumberType().number(value) for value in values]
    except ValueError:
        raise wrong_value(test, ",".join(values)) from None
    if field.is_custom:
        return custom_money(field, test.op, amounts, currency)
    if not field.converted:
        return compare(comparable(field), test.op, amounts)
    if currency == currencies.main():
        return compare(F(field.converted), test.op, amounts)
    converted = [currencies.to_main(amount, currency) for amount in amounts]
    same = Q(**{field.currency: currency})
    other = compare(F(field.converted), test.op, converted) if None not in converted else Q(pk__in=[])
    return (same & compare(F(field.column), test.op, amounts)) | (~same & other)


def custom_money(field: Field, op: str, amounts: list, currency: str) -> Q:
    """Compare with the values converted to each currency, so that the index on amounts applies to all of them."""
    rates, condition = currencies.rates(), Q(pk__in=[])
    for code in currencies.in_use():
        if code != currency and not (rates.get(code) and rates.get(currency)):
            continue
        worth = Decimal(1) if code == currency else rates[currency] / rates[code]
        bounds = [amount * worth for amount in amounts]
        condition |= Q(Exact(currency_of(field), code)) & compare(comparable(field), op, bounds)
    return condition


def choice(field: Field, test: Test, reader: Value) -> Q:
    """Compare keys, for those of a table the ids of its rows."""
    keys = choice_keys(field, test)
    if field.has_rows:
        ids = {option.key: option.id for option in field.options()}
        return Q(**{f"{field.column}__in": [ids[key] for key in keys]})
    return Q(In(raw(field), keys))


def choice_keys(field: Field, test: Test) -> list[str]:
    """Return the keys in a test. Raise QueryError for one that is not among the options."""
    known = {option.key for option in field.options()}
    for value in test.values:
        if value not in known:
            raise wrong_value(test, value)
    return list(test.values)


def choices(field: Field, test: Test, reader: Value) -> Q:
    """Return the condition for records with at least one of the keys."""
    if field.marks:
        return marked(field, choice_keys(field, test), reader)
    if field.is_custom:
        return Q(HasAnyKey(KeyTransform(field.name, "custom"), list(test.values)))
    return Q(**{f"{field.column}__overlap": list(test.values)})


def marked(field: Field, keys: list[str], reader: Value) -> Q:
    """Return the condition for records with at least one of the marks."""
    condition = Q(pk__in=[])
    for mark in field.marks:
        if mark.key in keys:
            condition |= mark.condition(reader)
    return condition


class HasAnyKey(Exact):
    """PostgreSQL's ?|: whether a JSON array contains one of the texts."""

    lookup_name = "has_any"
    prepare_rhs = False

    def process_rhs(self, compiler: Value, connection: Value) -> tuple:
        """Pass the list as an array."""
        return "%s", [self.rhs]

    def get_rhs_op(self, connection: Value, rhs: str) -> str:
        """Return the operator."""
        return f"?| {rhs}"


def boolean(field: Field, test: Test, reader: Value) -> Q:
    """Compare yes and no."""
    wanted = set(read_all(field, test, test.values))
    if isinstance(field.type, NewsType):
        return has_news(field.type.entity, wanted, reader)
    yes = Q(In(raw(field), ["true"])) if field.is_custom else Q(**{field.column: True})
    if len(wanted) > 1:
        return Q(pk__isnull=False)
    if field.is_custom:
        return yes if wanted == {True} else negated(yes)
    return yes if wanted == {True} else Q(**{field.column: False})


def has_news(entity: Value, wanted: set[bool], reader: Value) -> Q:
    """Return the condition for records with news for the reader, without them, or both."""
    from kanal.core.news import each_with_news, with_news

    if len(wanted) > 1:
        return Q(pk__isnull=False)
    return with_news(reader.user, entity) if wanted == {True} else negated(each_with_news(reader.user, entity))


SAME = {"is", "not", "any", "none", "empty", "set"}
OPERATORS_BY_CATEGORY: dict[str, tuple[set[str], Callable[[Field, Test, Value], Q]]] = {
    "text": (SAME | {"contains", "starts"}, text),
    "number": (SAME | {"gt", "lt", "between"}, number),
    "money": (SAME | {"gt", "lt", "between"}, money),
    "choice": (SAME, choice),
    "choices": (SAME, choices),
    "relation": (SAME, relation),
    "relations": (SAME, relation),
    "boolean": ({"is", "not", "any", "none"}, boolean),
    "date": ({"is", "not", "on", "before", "after", "between", "within", "older", "empty", "set"}, date),
    "datetime": ({"is", "not", "on", "before", "after", "between", "within", "older", "empty", "set"}, date),
}
