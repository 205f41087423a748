"""Dashboard modules that count and sum up records of any type: a figure, a comparison of periods, a ranking."""

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.access import FieldContext, display_names
from kanal.core.aggregation import Aggregation, Dimension, Group, Measure, Measurement, aggregate
from kanal.core.context import today
from kanal.core.currencies import main
from kanal.core.dashboards import (
    COMPARISON_MODULE,
    FIGURE,
    FIGURE_MODULE,
    RANKING_MODULE,
    ModuleType,
    Settings,
    Viewer,
    register_module,
)  # fmt: skip
from kanal.core.entity import Entity
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.listing import ListQuery
from kanal.core.listing.query import period_test
from kanal.core.query import Test, format_filter, join, parse
from kanal.kit import dates
from kanal.kit.numbers import format_number, money_total
from kanal.web.dashboard_modules import (
    FILTER,
    TYPE,
    filtered_list_url,
    is_permitted,
    or_nothing,
    user_filter,
)  # fmt: skip

MOST_RANKED = 8
MONEY = Field("money", _("Amount"), FIELD_TYPES["text"], default="")
BEFORE = {
    "week": _("%(amount)s last week"), "month": _("%(amount)s last month"),
    "quarter": _("%(amount)s last quarter"), "year": _("%(amount)s last year"),
}  # fmt: skip


def visible_measures(viewer: Viewer, entity: Entity, money: str) -> tuple[Measure, ...]:
    """Return the sum of an amount as measures, none if there is no amount or the viewer can't see it."""
    return (Measure("sum", money),) if money in FieldContext(viewer.user, entity).askable else ()


def sum_of(group: Group) -> Decimal | None:
    """Return the converted sum of a group, 0 without values, None if no amount was measured."""
    return next((measured.converted or Decimal(0) for measured in group.values.values()), None)


def format_amount(amount: Decimal) -> str:
    """Format an amount in the main currency."""
    return money_total(amount, main(), get_language() or "en")


def value_and_hint(entity: Entity, group: Group) -> dict[str, str]:
    """Return the amount of a group with its number of records, or only the latter without an amount."""
    amount = sum_of(group)
    if amount is None:
        return {"value": format_number(group.count, get_language() or "en"), "hint": ""}
    return {"value": format_amount(amount), "hint": entity.phrases.counted(group.count)}


@or_nothing
def figure_data(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the number of matching records, or the sum of an amount, with a link to their list."""
    entity, text = registry.get(settings["type"]), user_filter(viewer.user, settings["filter"])
    period, measures = settings["period"], visible_measures(viewer, entity, settings["money"])
    query = ListQuery(entity, viewer.user, node=parse(text), period=period)
    group = aggregate(Aggregation(query, measures)).whole
    node = join(query.node, period_test(entity, period) if period else None)
    return {
        **value_and_hint(entity, group),
        "url": filtered_list_url(entity, format_filter(node)),
        "tone": settings["tone"] if group.count else "",
    }


@or_nothing
def comparison_data(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the sum or number of the current period, and as a hint that of the whole period before."""
    entity, unit, date = registry.get(settings["type"]), settings["unit"], settings["date"]
    first = dates.start_of(today(), unit)
    before, last = dates.add_units(first, -1, unit), dates.end_of(first, unit)
    node = parse(user_filter(viewer.user, settings["filter"]))
    both = join(node, Test(date, "between", (str(before), str(last))))
    measures = visible_measures(viewer, entity, settings["money"])
    result = aggregate(Aggregation(ListQuery(entity, viewer.user, node=both), measures, (Dimension(date, unit),)))
    empty = Group(values={measure: Measurement() for measure in result.measures})
    now, earlier = (result.by_key().get(day, empty) for day in (first, before))
    current = join(node, Test(date, "between", (str(first), str(last))))
    return {
        "value": value_and_hint(entity, now)["value"],
        "hint": BEFORE[unit] % {"amount": value_and_hint(entity, earlier)["value"]},
        "direction": "up" if (sum_of(now), now.count) > (sum_of(earlier), earlier.count) else "",
        "url": filtered_list_url(entity, format_filter(current)),
    }


@or_nothing
def ranking_data(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the records of a relation with most matching records, or with the largest sum of an amount."""
    entity, text, by = registry.get(settings["type"]), user_filter(viewer.user, settings["filter"]), settings["by"]
    measures = visible_measures(viewer, entity, settings["money"])
    query = ListQuery(entity, viewer.user, node=parse(text))
    result = aggregate(Aggregation(query, measures, (Dimension(by),)))
    groups = sorted(
        (group for group in result.groups if group.keys[0]), key=lambda group: (sum_of(group) or 0, group.count)
    )[: -MOST_RANKED - 1 : -1]
    field = FieldContext(viewer.user, entity).askable[by]
    names = display_names(viewer.user, registry.get(field.target), (group.keys[0] for group in groups))
    largest = max((rank_of(group) for group in groups), default=Decimal(0))
    return {
        "entity": entity,
        "rows": [
            {
                "label": names[group.keys[0]],
                "url": filtered_list_url(
                    entity, format_filter(join(query.node, Test(by, "any", (str(group.keys[0]),))))
                ),
                "percent": round(100 * rank_of(group) / largest) if largest else 0,
                **value_and_hint(entity, group),
            }
            for group in groups
            if group.keys[0] in names
        ],
        "empty": settings["empty"],
        "url": filtered_list_url(entity, text),
    }


def rank_of(group: Group) -> Decimal:
    """Return the number by which groups are compared: the sum, or without an amount the number of records."""
    amount = sum_of(group)
    return Decimal(group.count) if amount is None else amount


register_module(
    ModuleType(
        FIGURE_MODULE, _("Figure"),
        (TYPE, FILTER, Field("period", _("Period"), FIELD_TYPES["text"], default=""), MONEY,
         Field("tone", _("Tone"), FIELD_TYPES["text"], default="")),
        figure_data, "modules/figure.html", size=FIGURE, is_offered=is_permitted,
    )
)  # fmt: skip
register_module(
    ModuleType(
        COMPARISON_MODULE, _("Comparison of periods"),
        (TYPE, FILTER, MONEY, Field("date", _("Date"), FIELD_TYPES["text"], required=True),
         Field("unit", _("Period"), FIELD_TYPES["text"], default="quarter")),
        comparison_data, "modules/figure.html", size=FIGURE, is_offered=is_permitted,
    )
)  # fmt: skip
register_module(
    ModuleType(
        RANKING_MODULE, _("Ranking"),
        (TYPE, FILTER, MONEY, Field("by", _("By"), FIELD_TYPES["text"], required=True),
         Field("empty", _("Text without records"), FIELD_TYPES["text"], required=True)),
        ranking_data, "modules/ranking.html", is_offered=is_permitted,
    )
)  # fmt: skip
