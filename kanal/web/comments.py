"""Comments in the composer, and the dialogs to change and delete them. Permissions are checked by the feature."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import registry
from kanal.core.access import permissions_of
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields.from_model import model_field
from kanal.features.comments import actions
from kanal.features.comments.models import Comment
from kanal.kit.errors import Invalid
from kanal.web import composer, forms
from kanal.web.form import dialog
from kanal.web.http import actor_of, refresh, wants_fragment


def comment_form(user: Any, entity: Entity, record: Any) -> forms.Form:
    """Return the empty form of a comment. External users can't write private ones."""
    names = ("text",) if permissions_of(user).is_external else ("text", "is_private")
    return forms.build_form([("", [model_field(Comment, name) for name in names])], {}, user)


def store_comment(entity: Entity, record: Any, typed: dict[str, Any], by: Actor) -> composer.Stored:
    """Add a comment to a record."""
    actions.say(entity, record.pk, typed["text"], is_private=bool(typed.get("is_private")), by=by)
    return composer.Stored(_("The comment was added."))


composer.register_kind(
    composer.Kind(
        "note", gettext_lazy("Note"), "message", gettext_lazy("Add comment"), gettext_lazy("Write a comment…"),
        lambda entity: entity.has_comments, actions.may_comment, comment_form, store_comment,
        is_rich=True, shortcut="n",
    )
)  # fmt: skip


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
    return refresh(request, url, _("The comment was changed."))


def render_comment_form(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return the form of a comment with its errors. For a dialog's script the status is a success."""
    return dialog(request, "pages/comment.html", context, 200 if wants_fragment(request) else status)


def delete_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then delete one's own comment."""
    comment = actions.get_own_comment(request.user, pk, "delete")
    url = registry.get(comment.entity).url(comment.record_id)
    if request.method == "POST":
        actions.take_back(pk, by=actor_of(request))
        return refresh(request, url, _("The comment was deleted."))
    return dialog(request, "pages/confirm.html", {"text": _("Are you sure?"), "url": f"/comments/{pk}/delete"})
