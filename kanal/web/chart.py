"""The chart of a record type: the records of a list grouped by a field or by periods of a date (LIST-8)."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from markupsafe import Markup

from kanal.core import access, listing, registry
from kanal.core.aggregation import Aggregation, Dimension, Group, Measure, Measurement, aggregate, is_summed, takes_long
from kanal.core.currencies import main
from kanal.core.entity import Entity
from kanal.core.listing.count import expected
from kanal.core.query import FilterContext, QueryError
from kanal.kit.errors import Invalid, NotAllowed
from kanal.kit.numbers import format_number, money_total
from kanal.web.chart_groups import PERIODS, TIMES, bars_of, names_of, periods_filled
from kanal.web.jinja import render as render_rows
from kanal.web.lists import filter_text
from kanal.web.lists import page as lists
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.totals import total_text
from kanal.web.lists.views import ListView, base_url, register_view, switch

GROUPED = ("choice", "boolean", "relation", *TIMES)
MOST_BARS = 40
MOST_RELATED = 5_000
COUNT = "count"


def grouping_columns(entity: Entity, reader: FilterContext) -> dict[str, listing.Column]:
    """Return the fields by which a chart can group the records, the type's status and date first."""
    own = {key: listing.Column(key, field) for key, field in reader.columns(entity).items()}
    keys = [entity.listing.status, entity.subtype, entity.listing.period, *own]
    chosen = {key: own[key] for key in keys if key in own and key != "id"}
    return {key: column for key, column in chosen.items() if column.category in GROUPED and column.is_sortable}


def measures_of(entity: Entity, reader: FilterContext) -> dict[str, tuple[Any, Measure]]:
    """Return what a chart can show of each group, by key: its label and its measure, the number of records first."""
    measures: dict[str, tuple[Any, Measure]] = {COUNT: (_("Number of records"), Measure())}
    for key, field in reader.columns(entity).items():
        column = listing.Column(key, field)
        if not column.is_numeric or key == "id" or not column.is_sortable:
            continue
        if is_summed(column):
            measures[f"sum:{key}"] = (_("Sum: %(field)s") % {"field": column.label}, Measure("sum", key))
        measures[f"average:{key}"] = (_("Average: %(field)s") % {"field": column.label}, Measure("average", key))
    return measures


class ChartChoice:
    """What a chart shows: by which field, in which periods, and which measure, as chosen in the URL."""

    def __init__(self, request: HttpRequest, entity: Entity) -> None:
        """Read the choice. What is unknown to the reader is replaced by the first one offered."""
        reader = FilterContext(request.user)
        self.columns, self.measures = grouping_columns(entity, reader), measures_of(entity, reader)
        self.column = self.columns.get(request.GET.get("by", "")) or next(iter(self.columns.values()))
        self.key = wanted if (wanted := request.GET.get("measure", "")) in self.measures else COUNT
        self.measure = self.measures[self.key][1]
        bucket = request.GET.get("bucket", "")
        self.bucket = (bucket if bucket in PERIODS else "month") if self.is_by_time else ""

    @property
    def is_by_time(self) -> bool:
        """Return whether the groups are periods."""
        return self.column.category in TIMES

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the URL."""
        bucket = "" if self.bucket == "month" else self.bucket
        by = "" if self.column is next(iter(self.columns.values())) else self.column.key
        return {"by": by, "bucket": bucket, "measure": "" if self.key == COUNT else self.key}

    def aggregation(self, ask: listing.ListQuery) -> Aggregation:
        """Return the aggregation of a list."""
        measures = () if self.key == COUNT else (self.measure,)
        return Aggregation(ask.but(group="", cursor=""), measures, (Dimension(self.column.key, bucket=self.bucket),))


def chart_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the chart of a type. If it takes long to compute, the page loads it afterwards."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    choice, state, base = ChartChoice(request, entity), State.of(request, entity), CHART.base(entity, project)
    shown, later = lists.Shown(), ""
    try:
        shown.chips = filter_text.chips_of(state.node(), entity, FilterContext(request.user)) if state.filter else []
        ask = state.ask(entity, request.user, project)
        if takes_long(choice.aggregation(ask)):
            later = add_parameters(state.url(f"{base}bars"), **choice.parameters)
        else:
            shown.table = render_chart(ask, choice, state, project)
    except QueryError as problem:
        shown.problem = str(problem)
    context = lists.context(request, entity, state, base, shown, project, view=CHART.key)
    parameters = {name: value for name, value in choice.parameters.items() if value}
    context |= {
        "views": switch(entity, state, CHART.key, project),
        "later": later,
        "fields": [(column.label, key, column is choice.column) for key, column in choice.columns.items()],
        "measures": [(label, key, key == choice.key) for key, (label, _measure) in choice.measures.items()],
        "buckets": [(label, key, key == choice.bucket) for key, label in PERIODS.items()] if choice.bucket else [],
        "hidden": {**context["hidden"], **parameters},
    }
    return render(request, "pages/chart.html", context)


def bars_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Return the chart alone, for a page that was sent without it."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    state = State.of(request, entity)
    try:
        ask = state.ask(entity, request.user, project)
        return HttpResponse(render_chart(ask, ChartChoice(request, entity), state, project))
    except QueryError as problem:
        raise Invalid(str(problem)) from None


def render_chart(ask: listing.ListQuery, choice: ChartChoice, state: State, project: Any) -> Markup:
    """Render the bars, read by one statement, and by another for the names of related records."""
    refuse_many(choice)
    groups = list(aggregate(choice.aggregation(ask)).groups)
    numbers = {id(group): number_of(group, choice) for group in groups}
    left = 0
    if choice.is_by_time:
        groups = periods_filled(groups, choice.bucket, MOST_BARS)
    else:
        groups.sort(key=lambda group: numbers[id(group)], reverse=True)
        groups, left = groups[:MOST_BARS], max(len(groups) - MOST_BARS, 0)
    names = names_of(ask.user, choice.column, groups, choice.bucket)
    largest = max((abs(numbers.get(id(group), Decimal(0))) for group in groups), default=Decimal(0))
    bars = [
        {
            **bar,
            "text": text_of(group, choice),
            "percent": round(100 * max(numbers.get(id(group), Decimal(0)), Decimal(0)) / largest) if largest else 0,
        }
        for group, bar in zip(
            groups, bars_of(groups, names, choice.column, choice.bucket, ask.node, url_of_list(ask, state, project)),
            strict=True,
        )
    ]  # fmt: skip
    title = f"{choice.measures[choice.key][0]} · {choice.column.label}"
    more = _("%(number)s more are not shown.") % {"number": format_number(left, get_language() or "en")} if left else ""
    return render_rows("chart.jinja", bars=bars, is_by_time=choice.is_by_time, title=title, more=more)


def refuse_many(choice: ChartChoice) -> None:
    """Raise QueryError for grouping by records of which there are too many to compare."""
    target = registry.find(choice.column.field.target) if choice.column.category == "relation" else None
    if target is not None and not target.is_lookup and expected(listing.ListQuery(target)) > MOST_RELATED:
        names = {"field": choice.column.label}
        raise QueryError(_("There are too many different values of “%(field)s” for a chart.") % names)


def url_of_list(ask: listing.ListQuery, state: State, project: Any) -> Any:
    """Return the function that returns the URL of the list with a filter."""
    base = base_url(ask.entity, project)
    return lambda text: state.but(group="").url(base, filter=text, saved="")


def number_of(group: Group, choice: ChartChoice) -> Decimal:
    """Return the number that a bar shows: amounts are compared in the main currency."""
    if choice.key == COUNT:
        return Decimal(group.count)
    value = group.values.get(choice.measure, Measurement())
    number = value.converted if value.number is None else value.number
    return Decimal(0 if number is None else number)  # nothing if the rate of a currency is missing


def text_of(group: Group, choice: ChartChoice) -> dict[str, str]:
    """Return what stands beside a bar, short and whole."""
    if choice.key == COUNT:
        count = format_number(group.count, get_language() or "en")
        return {"short": count, "whole": count}
    value = group.values.get(choice.measure)
    if value is None:
        return {"short": "", "whole": ""}
    language, whole = get_language() or "en", total_text(value)
    return {"short": money_total(value.converted, main(), language) if value.converted else whole, "whole": whole}


CHART = register_view(
    ListView(
        "chart", gettext_lazy("Chart"), "chart-bar", name="chart", page=chart_page,
        parts=(("bars", "chart-bars", bars_page),),
        path=lambda entity: "chart/", applies=lambda entity: entity.has_overview or entity.has_board,
        ignores=("sort", "columns", "group", "limit"), order=40,
    )
)  # fmt: skip
