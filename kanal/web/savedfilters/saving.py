""" "Save view": the state of a list or board as a new saved filter, or as a change of the one that is applied."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.listing import columns_of
from kanal.core.models import Role, SavedFilter
from kanal.core.query import QueryError, condition, order_of, to_json
from kanal.core.savedfilters import may_change, may_publish, reader_of, visible_filters
from kanal.kit.errors import Invalid
from kanal.kit.reading.ids import id_of
from kanal.web.http import go, next_of
from kanal.web.lists.state import State
from kanal.web.lists.views import view_of
from kanal.web.savedfilters import offer, pages

LONGEST_SORT = 200  # of the column


def save_view(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a name and store the state in the URL. The list then shows the saved filter.

    `update` changes the saved filter that is applied, which keeps its name and audience.
    """
    entity = pages.entity_for(request, key)
    state = State.of(request, entity)
    applied = applied_filter(request.user, entity, state)
    owner: Any = request.user
    saved = applied if applied and "update" in request.POST else SavedFilter(entity=entity.key, owner=owner)
    errors: list[str] = []
    if request.method == "POST":
        errors = [] if saved.pk else pages.apply_name_and_audience(request, saved)
        store_state(saved, entity, state, request.GET.get("view", ""), request.user)
        if not errors:
            saved.save()  # direct write: a view of lists, not a record
            return go(request, offer.state_of(saved).url(next_of(request, entity.list_url)))
    context = {
        "entity": entity,
        "saved": saved,
        "applied": applied,
        "errors": errors,
        "action": request.get_full_path(),
        "colours": pages.COLOURS.items(),
        "colour": saved.colour or "gray",
        "audiences": pages.audiences(request.user, saved),
        "may_publish": may_publish(request.user),
        "roles": Role.objects.all() if may_publish(request.user) else (),
        "user_types": owner._meta.get_field("user_type").choices,
    }
    return render(request, "pages/savedfilters/save.html", context, status=422 if errors else 200)


def applied_filter(user: Any, entity: Entity, state: State) -> SavedFilter | None:
    """Return the saved filter that the list applies, if the user may change it."""
    pk = id_of(state.saved)
    offered = visible_filters(user, entity) if pk else []
    return next((saved for saved in offered if saved.pk == pk and may_change(user, saved)), None)


def store_state(saved: SavedFilter, entity: Entity, state: State, view: str, user: Any) -> None:
    """Set filter, sort, columns, grouping and view of a saved filter. Raise Invalid if they don't fit the type."""
    reader = reader_of(saved, user)
    try:
        node = state.node()
        condition(node, entity, reader)
        order_of(state.sort, entity, reader)
        columns_of(entity, [state.group] if state.group else [], reader, strict=True)
        columns = columns_of(entity, [key for key in state.columns.split(",") if key], reader)
    except QueryError as problem:
        raise Invalid(_("This view can't be saved: %(problem)s") % {"problem": problem}) from None
    saved.tree, saved.problem = to_json(node), ""
    if len(state.sort) > LONGEST_SORT:
        raise Invalid(_("This view can't be saved: %(problem)s") % {"problem": _("It's sorted by too many fields.")})
    saved.sort, saved.group = state.sort, state.group[:80]
    saved.columns = [column.key for column in columns]
    saved.view = view_of(entity, view).key
