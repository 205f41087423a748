"""Forms to add, change and delete comments. Permissions are checked by the feature."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import get_for
from kanal.core.entity import Entity
from kanal.features.comments import actions
from kanal.kit.errors import Invalid
from kanal.web.form import dialog
from kanal.web.http import actor_of, go, wants_fragment


def add_comment(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Add a comment to a record, and redirect to its page."""
    get_for(request.user, entity, pk)
    text, private = request.POST.get("text", ""), request.POST.get("is_private") == "true"
    context = {"title": _("Add comment"), "url": f"{entity.url(pk)}comments", "text": text, "is_private": private}
    if request.method != "POST":
        return render_comment_form(request, context)
    try:
        said = marked_up(text) if "plain" in request.POST else text
        actions.say(entity, pk, said, is_private=private, by=actor_of(request))
    except Invalid as problem:
        return render_comment_form(request, {**context, "problem": problem}, 422)
    return go(request, entity.url(pk))


def marked_up(text: str) -> str:
    """Convert plain text to the editor's markup, so that it can be edited there."""
    lines = [escape(line) for line in text.strip().splitlines()]
    return f"<div>{'<br>'.join(lines)}</div>" if lines else ""


def edit_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one's own comment."""
    comment = actions.get_own_comment(request.user, pk, "edit")
    url = registry.get(comment.entity).url(comment.record_id)
    context: dict[str, Any] = {"title": _("Edit comment"), "url": f"/comments/{pk}/edit"}
    if request.method != "POST":
        return render_comment_form(request, {**context, "text": comment.text, "is_private": comment.is_private})
    text, private = request.POST.get("text", ""), request.POST.get("is_private") == "true"
    try:
        actions.reword(pk, text, is_private=private, by=actor_of(request))
    except Invalid as problem:
        return render_comment_form(request, {**context, "text": text, "is_private": private, "problem": problem}, 422)
    return go(request, url)


def render_comment_form(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return the form of a comment with its errors. For a dialog's script the status is a success."""
    return dialog(request, "pages/comment.html", context, 200 if wants_fragment(request) else status)


def delete_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then delete one's own comment."""
    comment = actions.get_own_comment(request.user, pk, "delete")
    url = registry.get(comment.entity).url(comment.record_id)
    if request.method == "POST":
        actions.take_back(pk, by=actor_of(request))
        return go(request, url)
    return dialog(request, "pages/confirm.html", {"text": _("Are you sure?"), "url": f"/comments/{pk}/delete"})
