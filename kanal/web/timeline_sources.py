"""The events of timelines that every type has: comments, files, changes and records created on it (DET-2)."""

from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import history, registry
from kanal.core.access import FieldContext, has_permission
from kanal.core.access.children import children_of
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.registry import native_fields
from kanal.features.comments.actions import newest_comments
from kanal.features.files.actions import newest_files
from kanal.web.timeline import Item, Source, add_source, has_source, told_of
from kanal.web.timeline_changes import changes


def comments(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the comments."""
    newest = newest_comments(user, entity, record.pk, limit)
    names = history.actor_names(user, (comment.author_id for comment in newest))
    return [comment_item(comment, names, comment.author_id == user.pk) for comment in newest]


def comment_item(comment: Any, names: dict[Any, str], is_own: bool) -> Item:
    """Convert a comment to a timeline item. Its author may edit and delete it."""
    controls = (
        {"label": _("Edit comment"), "icon": "pencil", "url": f"/comments/{comment.pk}/edit"},
        {"label": _("Delete comment"), "icon": "trash", "url": f"/comments/{comment.pk}/delete"},
    )
    who = _("System") if comment.is_note else names.get(comment.author_id) or _("Former user")
    sentence = _("%(who)s commented (edited)") if comment.edited_at else _("%(who)s commented")
    return Item(
        "comments",
        comment.created_at,
        "message",
        told_of(_("%(who)s noted") if comment.is_note else sentence, who),
        html=comment.text,
        colour="blue",
        private=comment.is_private,
        controls=controls if is_own else (),
        by=comment.author_id,
    )


def files(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the attached files."""
    attached = newest_files(user, entity, record.pk, limit)
    names = history.actor_names(user, (file.author_id for file in attached))
    return [
        Item(
            "files",
            file.updated_at,
            "paperclip",
            told_of(_("%(who)s attached a file"), names.get(file.author_id) or _("System")),
            text=file.name,
            url=f"/files/{file.pk}",
            colour="teal",
            by=file.author_id,
        )
        for file in attached
    ]


def records(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the records created on a record, such as quotes and contracts, in one query."""
    rows = children_of(user, parents_in(user, entity), record.pk, limit)
    names = history.actor_names(user, (row.author for row in rows))
    items = []
    for row in rows:
        target = registry.get(row.key)
        sentence = told_of(_("%(type)s added by %(who)s"), names.get(row.author) or _("System"), type=str(target.label))
        items.append(
            Item(
                "records",
                row.at,
                target.icon,
                sentence,
                text=row.title or f"#{row.pk}",
                url=target.url(row.pk),
                colour="purple",
                by=row.author,
            )
        )
    return items


def parents_in(user: Any, entity: Entity) -> tuple[tuple[str, str], ...]:
    """Return which types reference a record by which column, as (type, column), if the user may see both."""
    columns = []
    for key, field in child_types(entity):
        target = registry.get(key)
        if has_permission(user, target, "view") and field.key in FieldContext(user, target).readable:
            columns.append((key, f"{field.key}_id" if field.links is None else f"{field.key}__id"))
    return tuple(columns)


@cache
def child_types(entity: Entity) -> tuple[tuple[str, Field], ...]:
    """Return the types whose records belong to one of a type, each with the field that references it.

    These are types that one can comment on, and that inherit its owners or visibility or are listed on one of its tabs.
    """
    listed = {tab.list[0]: tab.list[1].partition(":")[0] for tab in registry.tabs(entity) if tab.list}
    pairs = []
    for target in registry.all_entities():
        names = {target.scope.parent, *target.scope.inherits, listed.get(target.key)}
        fields = [field for field in native_fields(target) if field.target == entity.key and field.key in names]
        if fields and target.has_comments and not has_source(target.key):
            pairs.append((target.key, fields[0]))
    return tuple(pairs)


add_source(Source("comments", gettext_lazy("Comments"), comments, lambda entity: entity.has_comments))
add_source(Source("files", gettext_lazy("Files"), files, lambda entity: entity.has_files))
add_source(Source("records", gettext_lazy("Records"), records, lambda entity: bool(child_types(entity))))
add_source(Source("changes", gettext_lazy("Changes"), changes))
