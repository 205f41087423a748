"""The composer above a record's timeline: comments, and what apps add, such as calls and tasks (DET-3a)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape

from kanal.core.access import get_for
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.kit.errors import Invalid, NotAllowed, NotFound
from kanal.kit.registries import Registry
from kanal.web import forms, navigation
from kanal.web.form import try_write
from kanal.web.http import actor_of, refresh, wants_fragment

PREFIX = "compose-"


@dataclass(frozen=True)
class Stored:
    """What the reader is told about a stored entry, and the URL of the dialog that `offer` opens."""

    message: str
    offer: str = ""
    dialog: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of entry: a comment, a call, a task.

    `fits(entity)` returns whether records of a type have such entries, `may_add(user, entity, record)` whether the user
    may add one to a visible record, preferably without a query. `form(user, entity, record)` returns the form, whose
    first field is the text. `store(entity, record, typed, by)` checks the permission, stores the entry and may raise
    Invalid or Refused. `save` labels the button.
    """

    key: str
    label: Any
    icon: str
    save: Any
    placeholder: Any
    fits: Callable[[Entity], bool]
    may_add: Callable[[Any, Entity, Any], bool]
    form: Callable[[Any, Entity, Any], forms.Form]
    store: Callable[[Entity, Any, dict[str, Any], Actor], Stored]
    is_rich: bool = False
    shortcut: str = ""


_kinds: Registry[Kind] = Registry("entries of the composer", lambda kind: kind.label)


def register_kind(kind: Kind) -> Kind:
    """Register a kind of entry. The order of registration is that of the buttons."""
    return _kinds.register(kind.key, kind)


def kinds_of(user: Any, entity: Entity, record: Any) -> list[Kind]:
    """Return the kinds of entries that the user may add to a record."""
    return [kind for kind in _kinds.values() if kind.fits(entity) and kind.may_add(user, entity, record)]


def composer_of(user: Any, entity: Entity, record: Any) -> dict[str, Any] | None:
    """Return the context of a record's composer with an empty form, or None if the user may add nothing."""
    kinds = kinds_of(user, entity, record)
    form = empty_form(user, entity, record, kinds[0]) if kinds else None
    return composer_context(user, entity, record, kinds, kinds[0], form) if form and form.entries else None


def empty_form(user: Any, entity: Entity, record: Any, kind: Kind) -> forms.Form:
    """Return the empty form of an entry. Its ids don't clash with those of dialogs."""
    form = kind.form(user, entity, record)
    for entry in form.entries:
        entry.prefix = PREFIX
    return form


def composer_context(
    user: Any, entity: Entity, record: Any, kinds: list[Kind], kind: Kind, form: forms.Form
) -> dict[str, Any]:
    """Return the context of the composer's template."""
    first, *others = form.entries
    checks = [entry for entry in others if entry.presenter.control == "checkbox"]
    return {
        "key": f"{user.pk}.{entity.key}.{record.pk}",
        "url": f"{entity.url(record.pk)}compose",
        "kinds": kinds,
        "kind": kind,
        "form": form,
        "text": first,
        "others": [entry for entry in others if entry not in checks],
        "checks": checks,
    }


def compose(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Show the form of `?kind=` for a record, and store what was entered."""
    record = get_for(request.user, entity, pk)
    kinds = kinds_of(request.user, entity, record)
    kind = chosen_kind(entity, kinds, request.GET.get("kind", ""))
    form = empty_form(request.user, entity, record, kind)
    if not form.entries:
        raise NotAllowed
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        entry = try_write(form, lambda: store_entry(request, kind, entity, record, form, typed))
        if entry is not None:
            return confirm_entry(request, entity, pk, entry)
    composer = composer_context(request.user, entity, record, kinds, kind, form)
    context = {
        "composer": {**composer, "is_rich": "rich" in request.POST},
        "title": str(record),
        "trail": navigation.trail(request.user, entity),
    }
    template = "pages/compose.html#form" if wants_fragment(request) else "pages/compose.html"
    return render(request, template, context, status=422 if form.summary else 200)


def chosen_kind(entity: Entity, kinds: list[Kind], key: str) -> Kind:
    """Return a kind by key, the first for "". Raise NotAllowed, or NotFound if the type has no such entries."""
    kind = next((kind for kind in kinds if key in ("", kind.key)), None)
    if kind is not None:
        return kind
    raise NotAllowed if any(kind.key == key and kind.fits(entity) for kind in _kinds.values()) else NotFound


def store_entry(
    request: HttpRequest, kind: Kind, entity: Entity, record: Any, form: forms.Form, typed: dict[str, Any]
) -> Stored:
    """Store an entry. Text that isn't from the editor gets its markup."""
    require_readable(form)
    text = form.entries[0].name
    if kind.is_rich and "rich" not in request.POST:
        typed[text] = marked_up(typed[text] or "")
    return kind.store(entity, record, typed, actor_of(request))


def require_readable(form: forms.Form) -> None:
    """Raise Invalid with all errors if a submitted value couldn't be read."""
    if errors := {entry.name: entry.errors for entry in form.entries if entry.errors}:
        raise Invalid(errors)


def confirm_entry(request: HttpRequest, entity: Entity, pk: int, entry: Stored) -> HttpResponse:
    """Confirm a stored entry, and have the record's page refreshed."""
    return refresh(request, entity.url(pk), entry.message, label=entry.offer, dialog=entry.dialog)


def marked_up(text: str) -> str:
    """Convert plain text to the editor's markup, so that it can be edited there."""
    lines = [escape(line) for line in text.strip().splitlines()]
    return f"<div>{'<br>'.join(lines)}</div>" if lines else ""
