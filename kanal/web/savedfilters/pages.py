"""Pages to manage saved filters: list, new, edit, copy, delete, defaults (LIST-3, OP-OPP-29)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.listing import columns_of
from kanal.core.models import Role, SavedFilter
from kanal.core.query import QueryError, format_filter, from_json, parse, to_json
from kanal.core.query.compiler import FilterContext, condition
from kanal.core.savedfilters import managed, may_change, may_publish, problem_of, reader_of
from kanal.kit.errors import NotAllowed, NotFound
from kanal.kit.reading.ids import id_of
from kanal.web.http import go
from kanal.web.lists import choosing, filter_text
from kanal.web.lists.state import State
from kanal.web.lists.views import view_of, views_of
from kanal.web.savedfilters import offer
from kanal.web.savedfilters.uses import uses_of

COLOURS = {
    "red": gettext_lazy("Red"), "orange": gettext_lazy("Orange"), "amber": gettext_lazy("Amber"),
    "lime": gettext_lazy("Lime"), "green": gettext_lazy("Green"), "teal": gettext_lazy("Teal"),
    "cyan": gettext_lazy("Cyan"), "blue": gettext_lazy("Blue"), "indigo": gettext_lazy("Indigo"),
    "purple": gettext_lazy("Purple"), "pink": gettext_lazy("Pink"), "gray": gettext_lazy("Gray"),
}  # fmt: skip
Audience = SavedFilter.Audience


def entity_for(request: HttpRequest, key: str) -> Entity:
    """Return a type visible to the user. Raise NotFound for others."""
    entity = registry.get(key)
    if not access.has_permission(request.user, entity, "view"):
        raise NotFound
    return entity


def get_own_filter(request: HttpRequest, pk: int) -> SavedFilter:
    """Return a filter that the user may change: their own, or any as an administrator. Raise NotFound or NotAllowed."""
    rows = SavedFilter.objects.filter(pk=pk).select_related("owner")
    if request.method == "POST":  # don't overwrite concurrent changes of others, such as their default
        rows = rows.select_for_update(of=("self",), no_key=True)
    saved = rows.first()
    if saved is None or saved not in managed(request.user, entity_for(request, saved.entity)):
        raise NotFound
    if not may_change(request.user, saved):
        raise NotAllowed
    return saved


def administration(request: HttpRequest, key: str) -> HttpResponse:
    """List the saved filters of a type with their actions, and the reason for broken ones (LIST-3a)."""
    entity = entity_for(request, key)
    rows = [
        {
            "saved": saved,
            "url": offer.url_of(saved, entity),
            "words": words_of(saved, entity, request.user),
            "view": view_of(entity, saved.view).label,
            "may_change": may_change(request.user, saved),
            "problem": offer.checked(saved, entity, request.user),
            "is_default": request.user.pk in saved.default_for.get("users", ()),
        }
        for saved in managed(request.user, entity)
    ]
    context = {"entity": entity, "rows": rows, "names_owners": not access.permissions_of(request.user).is_external}
    return render(request, "pages/savedfilters.html", context)


def words_of(saved: SavedFilter, entity: Entity, user: Any) -> str:
    """Return the conditions of a filter as a sentence, or "" if it's invalid."""
    try:
        return filter_text.sentence_of(from_json(saved.tree), entity, FilterContext(user))
    except QueryError:
        return ""


def new_saved_filter(request: HttpRequest, key: str) -> HttpResponse:
    """Create a saved filter, prefilled with the state of the list."""
    entity = entity_for(request, key)
    state = State.of(request, entity)
    user: Any = request.user
    saved = SavedFilter(entity=entity.key, owner=user, sort=state.sort, group=state.group)
    saved.columns = [part for part in state.columns.split(",") if part]
    return form(request, entity, saved, state.filter, _("New saved filter"))


def edit_saved_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a saved filter."""
    saved = get_own_filter(request, pk)
    return form(request, entity_for(request, saved.entity), saved, saved_filter_text(saved), _("Edit the saved filter"))


def saved_filter_text(saved: SavedFilter) -> str:
    """Return a filter's tree as text, or "" if it's invalid."""
    try:
        return format_filter(from_json(saved.tree))
    except QueryError:
        return ""


def form(request: HttpRequest, entity: Entity, saved: SavedFilter, text: str, title: str) -> HttpResponse:
    """Show and process the form of a saved filter."""
    user: Any = request.user
    if request.method == "POST":
        text = request.POST.get("filter", "")
        errors = apply_form(request, entity, saved, text)
        if not errors:
            saved.save()  # direct write: a view of lists, not a record
            keep_one_default(user, saved)
            keep_one_per_role(saved)
            return go(request, f"/saved-filters/{entity.key}/")
    else:
        errors = [problem] if saved.pk and (problem := problem_of(saved, entity, user)) else []
    context = {
        "entity": entity,
        "saved": saved,
        "text": text,
        "title": title,
        "errors": errors,
        "in_list": f"{entity.list_url}?{urlencode({'filter': text})}",
        "colours": COLOURS.items(),
        "own_colour": saved.colour if saved.colour not in COLOURS else "",
        "colour": saved.colour or "gray",
        "views": views_of(entity),
        "audiences": audiences(request.user, saved),
        "may_publish": may_publish(request.user),
        "roles": Role.objects.all(),
        "user_types": user._meta.get_field("user_type").choices,
        "is_admin": access.permissions_of(request.user).is_admin,
        "my_default": request.user.pk in saved.default_for.get("users", ()),
        **choosing.choices(entity, FilterContext(request.user), shown_keys(entity, saved), saved.sort, saved.group),
        "default_roles": saved.default_for.get("roles", []),
    }
    return render(
        request, "pages/savedfilters/form.html", context, status=422 if errors and request.method == "POST" else 200
    )


def shown_keys(entity: Entity, saved: SavedFilter) -> list[str] | tuple[str, ...]:
    """Return the columns of a filter, by default those of the type."""
    return saved.columns or entity.listing.columns


def audiences(user: Any, saved: SavedFilter) -> list[tuple[str, Any]]:
    """List the audiences for a user's filter. Sharing requires a permission. A shared filter stays shared."""
    return [
        choice for choice in Audience.choices if may_publish(user) or choice[0] in (Audience.PRIVATE, saved.audience)
    ]


def apply_form(request: HttpRequest, entity: Entity, saved: SavedFilter, text: str) -> list[str]:
    """Apply the submitted values to a filter. Return the errors."""
    posted, user = request.POST, request.user
    errors = apply_name_and_audience(request, saved)
    saved.view = view_of(entity, posted.get("view", "")).key
    reader = reader_of(saved, user)
    saved.sort, saved.group = choosing.chosen_sort(posted, entity, reader)[:200], posted.get("group", "")[:80]
    columns = choosing.chosen_columns(posted, entity, reader)
    saved.columns = [] if tuple(columns) == entity.listing.columns else columns
    try:
        node = parse(text)
        condition(node, entity, reader)
        columns_of(entity, [saved.group] if saved.group else [], reader, strict=True)
        saved.tree, saved.problem = to_json(node), ""
    except QueryError as problem:
        errors.append(str(problem))
    take_defaults(request, saved)
    return errors


def apply_name_and_audience(request: HttpRequest, saved: SavedFilter) -> list[str]:
    """Apply the submitted name, colour and audience to a filter. Return the errors."""
    posted, user = request.POST, request.user
    saved.name = posted.get("name", "").strip()[:120]
    saved.colour = posted.get("colour", "") if posted.get("colour") in (*COLOURS, saved.colour) else ""
    audience = posted.get("audience", "")
    saved.audience = audience if audience in dict(audiences(user, saved)) else Audience.PRIVATE
    if may_publish(user):
        saved.roles = [pk for value in posted.getlist("roles") if (pk := id_of(value))]
        saved.user_types = posted.getlist("user_types")
    return [] if saved.name else [_("Give the filter a name.")]


def take_defaults(request: HttpRequest, saved: SavedFilter) -> None:
    """Set for whom the filter is the default: the user, and roles if set by an administrator."""
    users = set(saved.default_for.get("users", ())) - {request.user.pk}
    if request.POST.get("my_default"):
        users.add(request.user.pk)
    roles = saved.default_for.get("roles", [])
    if access.permissions_of(request.user).is_admin:
        roles = [pk for value in request.POST.getlist("default_roles") if (pk := id_of(value))]
    saved.default_for = {"users": sorted(users), "roles": roles} if users or roles else {}


def delete_saved_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then delete a saved filter."""
    saved = get_own_filter(request, pk)
    back = f"/saved-filters/{saved.entity}/"
    if request.method == "POST":
        saved.delete()  # direct write: a view of lists, not a record
        return go(request, back)
    context = {
        "action": f"/saved-filters/{pk}/delete",
        "text": _("Are you sure?"),
        "uses": uses_of(saved, request.user),
    }
    return render(request, "pages/savedfilters/delete.html", context)


@require_POST
def copy_saved_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Create a private copy of an offered filter."""
    saved = SavedFilter.objects.filter(pk=pk).first()
    if saved is None or saved not in managed(request.user, entity_for(request, saved.entity)):
        raise NotFound
    saved.pk, saved._state.adding = None, True
    saved.name = (_("Copy of %(name)s") % {"name": saved.name})[:120]
    owner: Any = request.user
    saved.owner, saved.audience, saved.default_for = owner, Audience.PRIVATE, {}
    saved.save()  # direct write: a view of lists, not a record
    return go(request, f"/saved-filters/{saved.pk}/edit")


@require_POST
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or unset a filter as the user's default."""
    chosen = SavedFilter.objects.filter(pk=pk).first()
    if chosen is None or chosen not in managed(request.user, entity_for(request, chosen.entity)):
        raise NotFound
    set_default(request.user, chosen, request.user.pk not in chosen.default_for.get("users", ()))
    keep_one_default(request.user, chosen)
    return go(request, f"/saved-filters/{chosen.entity}/")


def keep_one_default(user: Any, chosen: SavedFilter) -> None:
    """Unset the user's other default filters of the type."""
    if user.pk not in chosen.default_for.get("users", ()):
        return
    for saved in SavedFilter.objects.filter(entity=chosen.entity, default_for__users__contains=user.pk).order_by("pk"):
        if saved.pk != chosen.pk:
            set_default(user, saved, False)


def keep_one_per_role(chosen: SavedFilter) -> None:
    """Unset the roles of a filter as those of the type's other defaults."""
    roles = set(chosen.default_for.get("roles", ()))
    for saved in SavedFilter.objects.filter(entity=chosen.entity).exclude(pk=chosen.pk) if roles else ():
        if roles & set(saved.default_for.get("roles", ())):
            rest = [pk for pk in saved.default_for["roles"] if pk not in roles]
            saved.default_for = {**saved.default_for, "roles": rest}
            saved.save(update_fields=["default_for"])  # direct write: a view of lists, not a record


@transaction.atomic
def set_default(user: Any, saved: SavedFilter, wanted: bool) -> None:
    """Set whether a filter is the user's default, without overwriting concurrent changes."""
    now = SavedFilter.objects.select_for_update(no_key=True).get(pk=saved.pk).default_for
    users = set(now.get("users", ())) - {user.pk} | ({user.pk} if wanted else set())
    saved.default_for = {**now, "users": sorted(users)}
    saved.save(update_fields=["default_for"])  # direct write: a view of lists, not a record
