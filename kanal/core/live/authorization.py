"""Authorization of messages: each one passes the access layer (ACC-7) before it is sent. Synchronous, in a thread."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import translation

from kanal.core import access, registry
from kanal.core.access.queryset import condition_for
from kanal.core.entity import Entity
from kanal.core.fields.registry import native_fields
from kanal.core.history import actor_names as actor_names_for
from kanal.core.live.clients import STALE, Client, Message
from kanal.core.live.coalescing import Batch, Changes
from kanal.core.models import Progress

Answers = list[tuple[Client, Message | None]]


class Authorization:
    """Queries the access layer for many users: once for all pages of a user, and once for identical conditions."""

    def __init__(self, users: dict[int, Any]) -> None:
        """Store the users of all open pages."""
        self.users = users
        self.known: dict[tuple[Any, ...], set[int]] = {}
        self.answered: dict[tuple[Any, ...], set[int]] = {}

    def visible(self, user_id: int, entity: Entity, ids: Iterable[int]) -> set[int]:
        """Return the ids visible to a user."""
        wanted = frozenset(ids)
        if not wanted or user_id not in self.users:
            return set()
        key = (user_id, entity.key, wanted)
        if key not in self.known:
            self.known[key] = self.asked(self.users[user_id], entity, wanted)
        return self.known[key]

    def names_for(self, client: Client, names: dict[int, str]) -> dict[int, str]:
        """Return the names of users who made changes, with a neutral word for those hidden from an external user."""
        user = self.users.get(client.user_id)
        if user is None or not names or not access.permissions_of(user).is_external:
            return names
        with translation.override(user.language or None):
            return actor_names_for(user, names)

    def asked(self, user: Any, entity: Entity, wanted: frozenset[int]) -> set[int]:
        """Query the ids for a user, unless they are cached for the same condition."""
        if not access.has_permission(user, entity, "view"):
            return set()
        condition = condition_for(user, entity)
        key = (entity.key, wanted, condition)
        if key not in self.answered:
            records = access.visible_to(user, entity).filter(pk__in=wanted)
            self.answered[key] = set(records.values_list("pk", flat=True))
        return self.answered[key]


def read_users(ids: Iterable[int]) -> dict[int, Any]:
    """Reload the users of open pages, without cached permissions."""
    model = get_user_model()
    return {user.pk: user for user in model._default_manager.filter(pk__in=set(ids), is_active=True)}


def answers(batch: Batch, clients: Iterable[Client], users: dict[int, Any]) -> Answers:
    """Return each page's messages for a batch. None ends its stream, as its user has lost access."""
    authorization = Authorization(users)
    messages: Answers = []
    clients = list(clients)
    if batch.rights:
        messages += [(client, None) for client in clients if is_shut_out(client, users)]
    if batch.everything:
        return messages + [(client, STALE) for client in clients]
    names = actor_names(batch)
    for key, changes in batch.changes.items():
        if entity := registry.find(key):
            messages += of_type(authorization, entity, changes, clients, names)
    return messages + of_work(batch.work, clients, users) + of_names(batch, clients)


def is_shut_out(client: Client, users: dict[int, Any]) -> bool:
    """Return whether a page shows types that its user may no longer see at all."""
    user = users.get(client.user_id)
    if user is None:
        return True
    entities = [registry.find(key) for key in client.keys]
    return any(entity is not None and not access.has_permission(user, entity, "view") for entity in entities)


def actor_names(batch: Batch) -> dict[int, str]:
    """Return the names of the users who changed records."""
    ids = {actor for changes in batch.changes.values() for actor in changes.actors.values()}
    rows = get_user_model()._default_manager.filter(pk__in=ids)
    return {user.pk: str(user) for user in rows} if ids else {}


def of_type(
    authorization: Authorization, entity: Entity, changes: Changes, clients: list[Client], names: dict[int, str]
) -> Answers:
    """Return the messages to lists, boards and record pages about changes of a type's records."""
    messages: Answers = []
    columns = parents_in(entity)
    links = linked_records(entity, changes.ids, columns) if columns and not changes.is_many else {}
    for client in clients:
        shows = entity.key in client.types
        own = {pk for key, pk in client.records if key == entity.key}
        around = {record: links[record] for record in client.records if record in links}
        if not (shows or own or around):
            continue
        if changes.is_many:
            user = authorization.users.get(client.user_id)
            if user is not None and access.has_permission(user, entity, "view"):
                messages.append((client, {"type": entity.key, "many": True}))
            continue
        message = message_for(authorization, entity, changes, client, own, shows)
        below = {record: authorization.visible(client.user_id, entity, ids) for record, ids in around.items()}
        if about := sorted(f"{key}.{pk}" for (key, pk), ids in below.items() if ids):
            message["about"] = about
        if message:
            messages.append((client, told_by(message, entity, changes, client, authorization.names_for(client, names))))
    return messages


def message_for(
    authorization: Authorization, entity: Entity, changes: Changes, client: Client, own: set[int], shows: bool
) -> Message:
    """Return the message for a page: visible records, and the removal of displayed ones."""
    wanted = changes.ids if shows else changes.ids & own
    visible = authorization.visible(client.user_id, entity, wanted)
    known = client.visible_ids.get(entity.key, set()) | own
    gone = (changes.deleted | (changes.ids - visible)) & known
    client.note_seen(entity.key, visible)
    parts = {"created": changes.created & visible, "changed": changes.changed & visible, "gone": gone}
    return {name: sorted(ids) for name, ids in parts.items() if ids}


def told_by(message: Message, entity: Entity, changes: Changes, client: Client, names: dict[int, str]) -> Message:
    """Add the type to a message, and the author if it is a single user."""
    record_ids = {pk for name in ("created", "changed", "gone") for pk in message.get(name, ())}
    actors = {changes.actors.get(pk, 0) for pk in record_ids}
    if len(actors) == 1 and (actor := actors.pop()):
        message |= {"by": names.get(actor, "")}
        if actor == client.user_id:
            message["mine"] = True
    return {"type": entity.key, **message}


def parents_in(entity: Entity) -> dict[str, str]:
    """Return the columns that relate a type's records to others: column → type."""
    fields = [field for field in native_fields(entity) if field.target and field.type.category == "relation"]
    names = {column.name for column in entity.model._meta.concrete_fields}
    return {field.key: field.target for field in fields if field.key in names}


def linked_records(entity: Entity, ids: set[int], columns: dict[str, str]) -> dict[tuple[str, int], set[int]]:
    """Return the related records of some ids."""
    ids_by_parent: dict[tuple[str, int], set[int]] = defaultdict(set)
    names = [f"{column}_id" for column in columns]
    for pk, *parents in entity.model._default_manager.filter(pk__in=ids).values_list("pk", *names):
        for target, parent in zip(columns.values(), parents, strict=True):
            if parent:
                ids_by_parent[(target, parent)].add(pk)
    return ids_by_parent


def of_work(ids: set[int], clients: list[Client], users: dict[int, Any]) -> Answers:
    """Return the progress of long-running work for the pages of its users only (JOB-1)."""
    if not ids:
        return []
    rows = list(Progress.objects.filter(pk__in=ids))
    messages: Answers = []
    for client in clients:
        own = [row for row in rows if row.user_id == client.user_id and client.user_id in users]
        if own:
            messages.append((client, {"work": [work_of(row) for row in own]}))
    return messages


def work_of(row: Progress) -> dict[str, Any]:
    """Return the data of a piece of work for pages."""
    return {"id": row.pk, "title": row.title, "state": row.state, "done": row.done, "total": row.total}


def of_names(batch: Batch, clients: list[Client]) -> Answers:
    """Return the messages addressed to users by name."""
    return [(client, {"name": name}) for client in clients for name in sorted(batch.names.get(client.user_id, ()))]


def seen_by(user: Any, wanted: dict[str, set[int]]) -> dict[str, set[int]]:
    """Return the records that the user may see among those that a page claims to show."""
    authorization = Authorization({user.pk: user})
    visible_by_type = {}
    for key, ids in wanted.items():
        if entity := registry.find(key):
            visible_by_type[key] = set(authorization.visible(user.pk, entity, ids))
    return visible_by_type
