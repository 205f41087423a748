"""The dialog to add or change a condition of a list (field, operator, values), or the whole filter as text."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.listing import Column, offered_columns
from kanal.core.listing.columns import column_of
from kanal.core.query import All, FilterContext, Node, QueryError, Test, condition, parse
from kanal.kit.errors import NotAllowed
from kanal.web.fieldtypes import presenter_of
from kanal.web.fieldtypes.filter_labels import OPERATORS
from kanal.web.http import go
from kanal.web.lists import parts
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.views import tools_url, view_of

NO_VALUE = ("empty", "set")


def filter_dialog(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the form of a condition (`place` names an existing one). The result becomes part of the URL."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    state, reader = State.of(request, entity), FilterContext(request.user)
    view = view_of(entity, request.GET.get("view", ""))
    problem = ""
    if request.method == "POST":
        try:
            text = changed_filter(request, state, entity, reader)
            return go(request, state.url(view.base(entity, project), filter=text, saved=""))
        except QueryError as refusal:
            problem = str(refusal)
    context = form_context(request, state, entity, reader)
    address = state.url(f"{tools_url(entity, project)}filter")
    action = add_parameters(address, place=request.GET.get("place", ""), view=request.GET.get("view", ""))
    context |= {"action": action, "problem": problem, "entity": entity}
    return render(request, "pages/list/filter.html", context)


def node_of(state: State) -> Node:
    """Return the state's filter, or an empty one if it's invalid."""
    try:
        return state.node()
    except QueryError:
        return All()


def changed_filter(request: HttpRequest, state: State, entity: Entity, reader: FilterContext) -> str:
    """Return the filter with the submitted changes. Raise QueryError if they're invalid."""
    if request.POST.get("mode") == "text":
        text = request.POST.get("text", "").strip()
        condition(parse(text), entity, reader)
        return text
    node = node_of(state)
    test = entered(request, entity, reader)
    condition(test, entity, reader)
    return parts.replaced(node, parts.place_in(node, request.GET.get("place", "")), test)


def entered(request: HttpRequest, entity: Entity, reader: FilterContext) -> Test:
    """Return the condition from the form."""
    column = column_of(entity, request.POST.get("field", ""), reader)
    op = request.POST.get("op", "")
    if op in NO_VALUE:
        return Test(column.key, op)
    values = presenter_of(column.field).filter_values(op, request.POST)
    if not values:
        raise QueryError(_("Enter a value."), column.key)
    return Test(column.key, op, values)


def form_context(request: HttpRequest, state: State, entity: Entity, reader: FilterContext) -> dict[str, Any]:
    """Build the form context: the edited condition, or the choices so far."""
    node = node_of(state)
    place = parts.place_in(node, request.GET.get("place", ""))
    part = parts.at(node, place)
    test = part if isinstance(part, Test) else Test("", "")
    given = request.POST if request.method == "POST" else request.GET
    key = given.get("field") or test.field
    column = known_column(key, entity, reader)
    context = {"offered": offered_columns(entity, reader), "text": state.filter, "is_alternative": place and not part}
    if column is None:
        return {**context, "column": None, "field_key": ""}
    ops = presenter_of(column.field).operators
    op = given.get("op") or (test.op if test.field == key else "")
    op = op if op in {*ops, test.op} - {""} else ops[0]
    values = given.getlist("value") or (list(test.values) if test.field == key else [])
    return {
        **context,
        "column": column,
        "field_key": column.key,
        "ops": [(operator, OPERATORS[operator]) for operator in dict.fromkeys((*ops, op))],
        "op": op,
        **input_of(column, op, values, reader),
    }


def input_of(column: Column, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
    """Return the input for the values of a condition: the template `input` and its context. Some have none."""
    if op in NO_VALUE:
        return {"input": ""}
    asked = presenter_of(column.field).filter_input(column.field, op, values, reader)
    return {**asked, "input": f"pages/list/filter_inputs/{asked['control']}.html"}


def known_column(key: str, entity: Entity, reader: FilterContext) -> Column | None:
    """Return the column with this key if it can be filtered by, else None."""
    try:
        column = column_of(entity, key, reader) if key else None
    except QueryError:
        return None
    return column if column is not None and presenter_of(column.field).operators else None
