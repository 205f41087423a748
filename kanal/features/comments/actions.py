"""Add, edit and delete comments. Who sees a record sees its comments; private ones require a permission."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import authors_in_reach, get_for, has_feature_permission, may_add_to, permissions_of
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.news import by_others
from kanal.core.query.compiled import Param, compiled
from kanal.features.comments.models import Comment
from kanal.kit.errors import Invalid, NotAllowed, NotFound
from kanal.kit.text import sanitize_html

LONGEST = 50_000
KEY = "comments"
PRIVATE = "private"
NOBODY = 0


def comments_of(user: Any, entity: Entity, record_id: Any) -> QuerySet[Comment]:
    """Return the comments of a record that the user is known to see, newest first."""
    return comments(entity.key, record_id, author_of_private(user, entity, record_id))


def newest_comments(user: Any, entity: Entity, record_id: int, limit: int) -> list[Comment]:
    """Return the newest comments of a record."""
    author = author_of_private(user, entity, record_id)
    return compiled(first_comments, entity.key, author, limit).ask(record=record_id)


def comments(key: str, record_id: Any, author: int | None) -> QuerySet[Comment]:
    """Return a queryset of a record's comments, with the private ones of one author only, or of all."""
    comments_of_record = Comment.objects.filter(entity=key, record_id=record_id)
    return comments_of_record if author is None else comments_of_record.filter(Q(is_private=False) | Q(author=author))


def first_comments(key: str, author: int | None, limit: int) -> QuerySet[Comment]:
    """Return a queryset of a record's newest comments."""
    return comments(key, Param("record", BigIntegerField()), author)[:limit]


def comments_by_others(user: Any, entity: Entity) -> QuerySet[Comment] | None:
    """Return the comments of others on records of a type that everybody who sees the record may read, as news."""
    if not entity.has_comments:
        return None
    others = Comment.objects.order_by().filter(by_others(user, "author_id"), entity=entity.key, is_private=False)
    return others.annotate(at=F("created_at"))


def author_of_private(user: Any, entity: Entity, record_id: int) -> int | None:
    """Return whose private comments the user can read: nobody's (0), their own, or everybody's (None)."""
    if permissions_of(user).is_external:
        return NOBODY
    return None if sees_private(user, entity, record_id) else user.pk


def sees_private(user: Any, entity: Entity, record_id: int) -> bool:
    """Return whether the user can read private comments of a record: by permission, never as an external user."""
    if permissions_of(user).is_external:
        return False
    return has_feature_permission(user, entity, entity.model(pk=record_id), KEY, PRIVATE)


def may_comment(user: Any, entity: Entity, record: Any) -> bool:
    """Return whether the user may comment on a visible record: by permission, or if they may change it."""
    return may_add_to(user, entity, record, KEY)


@transaction.atomic
def say(entity: Entity, record_id: int, text: str, *, is_private: bool = False, by: Actor) -> Comment:
    """Add a comment. Raise NotFound, NotAllowed, or Invalid for an empty one."""
    record = get_for(by.user, entity, record_id)
    if not may_comment(by.user, entity, record):
        raise NotAllowed
    private = is_private and not permissions_of(by.user).is_external
    return Comment.objects.create(  # direct write: comments aren't a record type
        entity=entity.key, record_id=record_id, text=cleaned(text), is_private=private, author=by.user
    )


def note_many(entity: Entity, notes: Iterable[tuple[int, str]]) -> None:
    """Store system notes, each a record id and its HTML, with one statement."""
    made = [Comment(entity=entity.key, record_id=pk, text=sanitize_html(text), is_note=True) for pk, text in notes]
    if made:
        Comment.objects.bulk_create(made)  # direct write: comments aren't a record type


def cleaned(text: str) -> str:
    """Return the sanitized text. Raise Invalid if it's empty or too long."""
    clean = sanitize_html(text.replace("\x00", "")).strip()
    if not clean or clean in ("<div></div>", "<div><br></div>", "<br>"):
        raise Invalid.on("text", _("Write something first."))
    if len(clean) > LONGEST:
        raise Invalid.on("text", _("This comment is too long."))
    return clean


def get_own_comment(user: Any, pk: int, action: str) -> Comment:
    """Return a comment of the user, or one they have permission for. Raise NotFound or NotAllowed."""
    comment = Comment.objects.filter(pk=pk).first()
    if comment is None:
        raise NotFound
    entity = registry.get(comment.entity)
    record = get_for(user, entity, comment.record_id)
    is_own = comment.author_id == user.pk
    if not comments_of(user, entity, comment.record_id).filter(pk=pk).exists():
        raise NotFound
    is_reached = is_own or authors_in_reach(user, [comment.author_id])
    if not is_reached or not (is_own or has_feature_permission(user, entity, record, KEY, action)):
        raise NotAllowed(_("Only the author can change this comment."))
    return comment


@transaction.atomic
def reword(pk: int, text: str, *, is_private: bool, by: Actor) -> Comment:
    """Edit the user's own comment."""
    comment = get_own_comment(by.user, pk, "edit")
    comment.text, comment.is_private, comment.edited_at = cleaned(text), is_private, timezone.now()
    if permissions_of(by.user).is_external:
        comment.is_private = False
    comment.save()  # direct write: comments aren't a record type
    return comment


@transaction.atomic
def take_back(pk: int, *, by: Actor) -> Comment:
    """Delete the user's own comment."""
    comment = get_own_comment(by.user, pk, "delete")
    Comment.objects.filter(pk=comment.pk).delete()  # direct write: comments aren't a record type
    return comment
