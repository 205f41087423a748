"""The changes of a record on its timeline: what somebody did at one go is one event (DET-2)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import history, registry
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.history import Entry
from kanal.core.history.reading import Difference
from kanal.kit.money import Money
from kanal.web.display import format_history_value, titles_for
from kanal.web.timeline import Item, told_of

Titles = dict[tuple[str, int], str]
AT_ONE_GO = dt.timedelta(minutes=10)


def changes(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the changes, with old and new values of the fields that the user may read."""
    entries = history.entries_of(user, entity, record.pk, limit=limit)
    titles = titles_in(user, [entry for entry in entries if entry.kind != "c"])
    items = (change_item(entity, record, entry, titles) for entry in joined(entries))
    return [item for item in items if item is not None]


def change_item(entity: Entity, record: Any, entry: Entry, titles: Titles) -> Item | None:
    """Convert a change to a timeline item, or None if the reader sees nothing of it. Computed values are quiet."""
    lines: list[str] = []
    quiet: list[str] = []
    for difference in entry.differences if entry.kind != "c" else ():
        if line := line_of(record, difference, titles):
            (quiet if difference.field.read_only else lines).append(line)
    if entry.kind not in "cd" and not entry.verb and not lines and not quiet:
        return None
    sentence = told_of(sentence_of(entity, entry), entry.actor or _("System"), action=action_label(entity, entry.verb))
    return Item(
        "changes", entry.at, icon_of(entry), sentence, lines=tuple(lines), quiet=tuple(quiet), by=entry.actor_id
    )


def joined(entries: Iterable[Entry]) -> list[Entry]:
    """Join the changes that one person made in succession, newest first, to one with the first and the last values."""
    groups: list[Entry] = []
    for entry in entries:
        later = groups[-1] if groups else None
        if later and is_same_go(later, entry):
            groups[-1] = replace(later, differences=joined_differences(entry.differences, later.differences))
        else:
            groups.append(entry)
    return groups


def is_same_go(later: Entry, entry: Entry) -> bool:
    """Return whether two changes that follow each other were made by one person at one go, and by no action."""
    same_person = (later.actor_id, later.actor, later.means) == (entry.actor_id, entry.actor, entry.means)
    is_plain = later.kind == entry.kind == "u" and not later.verb and not entry.verb
    return same_person and is_plain and later.at - entry.at <= AT_ONE_GO


def joined_differences(old: Iterable[Difference], new: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return what two changes changed together, without fields that have their old value again."""
    by_key = {difference.field.key: difference for difference in old}
    for difference in new:
        earlier = by_key.get(difference.field.key, difference)
        by_key[difference.field.key] = replace(difference, old=earlier.old)
    return tuple(difference for difference in by_key.values() if difference.old != difference.new)


def icon_of(entry: Entry) -> str:
    """Return the icon of a change."""
    return {"c": "circle-plus", "d": "trash"}.get(entry.kind, "edit")


def sentence_of(entity: Entity, entry: Entry) -> str:
    """Return the sentence about a change, with placeholders for the person and the action."""
    if entry.kind == "c":
        return _("%(who)s created this record")
    if entry.kind == "d":
        return _("%(who)s deleted this record")
    return _("%(who)s chose “%(action)s”") if action_label(entity, entry.verb) else _("%(who)s updated this record")


def title_of(entity: Entity, entry: Entry) -> str:
    """Return what a change was: the label of its action if there is one."""
    if entry.kind == "c":
        return _("Created")
    if entry.kind == "d":
        return _("Deleted")
    return action_label(entity, entry.verb) or _("Updated")


def action_label(entity: Entity, verb: str) -> str:
    """Return the label of an action, including those of other types that changed this record, "" if there is none."""
    for candidate in (entity, *registry.all_entities()) if verb else ():
        if action := registry.action(candidate, verb):
            return str(action.label)
    return ""


def titles_in(user: Any, entries: list[Entry]) -> Titles:
    """Return the names of the records that entries refer to."""
    differences = [difference for entry in entries for difference in entry.differences]
    return titles_for(
        user, [(difference.field, value) for difference in differences for value in (difference.old, difference.new)]
    )


def line_of(record: Any, difference: Difference, titles: Titles) -> str:
    """Return a changed field as text, “Status: New → Offer”, or "" if the reader can't see either value."""
    old, new = (changed_value(record, difference.field, value, titles) for value in (difference.old, difference.new))
    return f"{difference.field.label}: {old or '–'} → {new or '–'}" if old or new else ""


def changed_value(record: Any, field: Field, value: Any, titles: Titles) -> str:
    """Return a history value as text. An amount, stored without its currency, is in the record's."""
    currency = getattr(record, field.currency, "") if field.currency else ""
    if currency and value not in (None, "") and not isinstance(value, dict):
        value = Money(Decimal(str(value)), currency)
    return format_history_value(field, value, titles)
