"""The page of a saved filter: conditions, where it is used, mail on a schedule, and notices (LIST-3a, LIST-7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS
from django.views.decorators.http import require_POST

from kanal.core.models import SavedFilter
from kanal.core.query import FilterContext, QueryError, from_json
from kanal.core.savedfilters import managed, may_change
from kanal.features.savedviews.models import ViewMail, Watch
from kanal.features.savedviews.subscriptions import subscribe_view, watch_filter
from kanal.kit.errors import Invalid, NotFound
from kanal.kit.reading.ids import id_of
from kanal.web.http import go
from kanal.web.lists import filter_text
from kanal.web.lists.views import view_of
from kanal.web.savedfilters import offer, pages
from kanal.web.savedfilters.uses import uses_of


def get_managed_filter(request: HttpRequest, pk: int) -> SavedFilter:
    """Return a saved filter that is offered to the user, or that they may repair. Raise NotFound for others."""
    saved = SavedFilter.objects.filter(pk=pk).select_related("owner").first()
    if saved is None or saved not in managed(request.user, pages.entity_for(request, saved.entity)):
        raise NotFound
    return saved


def saved_filter_page(request: HttpRequest, pk: int, problem: str = "") -> HttpResponse:
    """Show a saved filter, and what its reader gets of it by mail."""
    saved = get_managed_filter(request, pk)
    entity = pages.entity_for(request, saved.entity)
    user: Any = request.user
    try:
        parts = filter_text.shown_parts(from_json(saved.tree), entity, FilterContext(user)) if saved.tree else []
    except QueryError:
        parts = []
    context = {
        "entity": entity,
        "saved": saved,
        "parts": parts,
        "invalid": offer.checked(saved, entity, user),
        "url": offer.url_of(saved, entity),
        "view": view_of(entity, saved.view),
        "may_change": may_change(user, saved),
        "names_owner": not user.is_external,
        "uses": uses_of(saved, user),
        "mail": ViewMail.objects.filter(saved=saved, user=user).first() or ViewMail(),
        "watch": Watch.objects.filter(saved=saved, user=user).first(),
        "rhythms": ViewMail.Rhythm.choices,
        "weekdays": WEEKDAYS.items(),
        "hours": [(hour, f"{hour:02}:00") for hour in range(24)],
        "problem": problem,
    }
    return render(request, "pages/savedfilters/details.html", context, status=422 if problem else 200)


@require_POST
def mail_saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the view to the user on a schedule, or stop that."""
    saved = get_managed_filter(request, pk)
    user: Any = request.user
    if request.POST.get("do") == "stop":
        ViewMail.objects.filter(saved=saved, user=user).delete()  # direct write: a preference of the user
        return go(request, f"/saved-filters/{pk}/")
    try:
        subscribe_view(
            user, saved, request.build_absolute_uri("/"), rhythm=request.POST.get("rhythm", ""),
            weekday=number_of(request.POST.get("weekday") or "0"), hour=number_of(request.POST.get("hour", "")),
        )  # fmt: skip
    except Invalid as refusal:
        return saved_filter_page(request, pk, " ".join(refusal.messages()))
    return go(request, f"/saved-filters/{pk}/")


def number_of(text: str) -> int:
    """Return a weekday or an hour, or -1 if the text isn't one."""
    return 0 if text == "0" else id_of(text) or -1


@require_POST
def watch_saved_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the user by mail when a record enters or leaves the filter, or stop that."""
    saved = get_managed_filter(request, pk)
    user: Any = request.user
    if request.POST.get("do") == "stop":
        Watch.objects.filter(saved=saved, user=user).delete()  # direct write: a preference of the user
        return go(request, f"/saved-filters/{pk}/")
    try:
        watch_filter(user, saved, request.build_absolute_uri("/"))
    except (Invalid, QueryError) as refusal:
        text = " ".join(refusal.messages()) if isinstance(refusal, Invalid) else str(refusal)
        return saved_filter_page(request, pk, text)
    return go(request, f"/saved-filters/{pk}/")
