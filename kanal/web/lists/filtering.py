"""The dialog to add or change a condition of a filter (field, operator, values), or the whole filter as text.

A list applies the result to its URL, a form puts it into its field (`filter_editor.py`).
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.listing import Column, offered_columns
from kanal.core.query import All, FilterContext, Node, Not, QueryError, Test, condition, parse
from kanal.core.query.saved import SAVED
from kanal.kit.errors import NotAllowed
from kanal.web.fieldtypes import presenter_of
from kanal.web.fieldtypes.filter_labels import OPERATORS
from kanal.web.http import go
from kanal.web.lists import parts
from kanal.web.lists.filter_text import condition_column, plain_test, saved_column
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.views import tools_url, view_of

NO_VALUE = ("empty", "set")


def filter_dialog(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the form of a list's condition (`place` names an existing one). The result becomes part of the URL."""
    state, view = State.of(request, entity), view_of(entity, request.GET.get("view", ""))
    address = state.url(f"{tools_url(entity, project)}filter")
    action = add_parameters(address, place=request.GET.get("place", ""), view=request.GET.get("view", ""))

    def to_list(text: str) -> HttpResponse:
        return go(request, state.url(view.base(entity, project), filter=text))

    return condition_dialog(request, entity, state.filter, action, to_list, has_text=True)


def condition_dialog(
    request: HttpRequest,
    entity: Entity,
    text: str,
    action: str,
    finish: Callable[[str], HttpResponse],
    *,
    has_text: bool = False,
) -> HttpResponse:
    """Show the form of a condition of a filter, and pass the changed filter's text to `finish`.

    With `has_text` the whole filter can also be changed as text.
    """
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    reader, problem = FilterContext(request.user), ""
    if request.method == "POST":
        try:
            return finish(changed_filter(request, text, entity, reader))
        except QueryError as refusal:
            problem = str(refusal)
    context = form_context(request, text, entity, reader)
    context |= {"action": action, "problem": problem, "entity": entity, "has_text": has_text}
    return render(request, "pages/filters/condition.html", context)


def node_of(text: str) -> Node:
    """Return a parsed filter, or an empty one if it's invalid."""
    try:
        return parse(text)
    except QueryError:
        return All()


def changed_filter(request: HttpRequest, text: str, entity: Entity, reader: FilterContext) -> str:
    """Return the filter with the submitted changes. Raise QueryError if they're invalid."""
    if request.POST.get("mode") == "text":
        text = request.POST.get("text", "").strip()
        condition(parse(text), entity, reader)
        return text
    node = node_of(text)
    entered = entered_condition(request, entity, reader)
    condition(entered, entity, reader)
    return parts.replaced(node, parts.place_in(node, request.GET.get("place", "")), entered)


def entered_condition(request: HttpRequest, entity: Entity, reader: FilterContext) -> Node:
    """Return the condition from the form. Operators such as `!contains` negate it."""
    column = known_column(request.POST.get("field", ""), entity, reader)
    if column is None:
        raise QueryError(_("Choose a field."))
    given = request.POST.get("op", "")
    op = given.removeprefix("!")
    if op in NO_VALUE:
        return Test(column.key, op)
    values = presenter_of(column.field).filter_values(op, request.POST)
    if not values:
        raise QueryError(_("Enter a value."), column.key)
    test = Test(column.key, op, values)
    return Not(test) if given != op else test


def form_context(request: HttpRequest, text: str, entity: Entity, reader: FilterContext) -> dict[str, Any]:
    """Build the form context: the edited condition, or the choices so far."""
    node = node_of(text)
    place = parts.place_in(node, request.GET.get("place", ""))
    part = parts.at(node, place)
    test, test_op = (part and plain_test(part)) or (Test("", ""), "")
    given = request.POST if request.method == "POST" else request.GET
    key = given.get("field") or test.field
    column = known_column(key, entity, reader)
    context = {
        "offered": offered_columns(entity, reader),
        "saved_column": saved_column(entity, reader),
        "text": text,
        "is_alternative": place and not part,
        "is_complex": part is not None and not test.field,
    }
    if column is None:
        return {**context, "column": None, "field_key": ""}
    ops = operators_of(column)
    op = given.get("op") or (test_op if test.field == key else "")
    op = op if op in {*ops, test_op} - {""} else ops[0]
    values = given.getlist("value") or (list(test.values) if test.field == key else [])
    return {
        **context,
        "column": column,
        "field_key": column.key,
        "ops": [(operator, OPERATORS[operator]) for operator in dict.fromkeys((*ops, op))],
        "op": op,
        **input_of(column, op.removeprefix("!"), values, reader),
    }


def input_of(column: Column, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
    """Return the input for the values of a condition: the template `input` and its context. Some have none."""
    if op in NO_VALUE:
        return {"input": ""}
    asked = presenter_of(column.field).filter_input(column.field, op, values, reader)
    return {**asked, "input": f"pages/filters/inputs/{asked['control']}.html"}


def known_column(key: str, entity: Entity, reader: FilterContext) -> Column | None:
    """Return the column with this key if it can be filtered by, else None."""
    column = condition_column(key, entity, reader) if key else None
    return column if column is not None and operators_of(column) else None


def operators_of(column: Column) -> tuple[str, ...]:
    """Return the operators that the dialog offers for a column."""
    return ("any", "none") if column.key == SAVED else presenter_of(column.field).operators
