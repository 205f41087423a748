"""The action panel of a record: the actions offered to a user, and how each control behaves (DET-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import has_permission, permitted_actions
from kanal.core.action import Action
from kanal.core.entity import Entity
from kanal.core.fields.registry import native_fields
from kanal.kit.errors import ActionNeeded, NotAllowed, Refused

PLACES = ("primary", "add", "panel", "more")


@dataclass(frozen=True)
class Control:
    """A control of the panel: a link to a page, a button that posts, or a button that opens a dialog."""

    verb: str
    label: Any
    url: str
    how: str
    icon: str = ""
    tone: str = ""
    reason: str = ""
    place: str = "panel"
    confirm: str = ""

    @property
    def is_link(self) -> bool:
        """Return whether the control leads to a page."""
        return self.how == "link"

    @property
    def is_dialog(self) -> bool:
        """Return whether the control opens a dialog."""
        return self.how == "dialog"


@dataclass(frozen=True)
class Panel:
    """The controls of a record by position. The first of the primary ones that is possible stands out."""

    primary: tuple[Control, ...] = ()
    add: tuple[Control, ...] = ()
    panel: tuple[Control, ...] = ()
    more: tuple[Control, ...] = ()

    @property
    def every(self) -> tuple[Control, ...]:
        """Return all controls in the order of the page."""
        return (*self.primary, *self.add, *self.panel, *self.more)

    @property
    def outstanding(self) -> str:
        """Return the verb of the one control that stands out, empty if there is none."""
        return next((control.verb for control in self.primary if not control.reason and control.verb != "edit"), "")


def panel_of(entity: Entity, record: Any, user: Any, allowed: set[str]) -> Panel:
    """Return the controls that a user is offered on a record, according to the allowed actions."""
    controls = list_controls(entity, record, user, allowed)
    controls.sort(key=lambda control: control.verb == "edit")  # after the primary actions of later apps
    return Panel(*(tuple(button for button in controls if button.place == place) for place in PLACES))


def controls_of(user: Any, entity: Entity, record: Any) -> list[Control]:
    """List the controls that a user is offered on a visible record."""
    return list_controls(entity, record, user, allowed_of(user, entity, record))


def allowed_of(user: Any, entity: Entity, record: Any) -> set[str]:
    """Return the permissions that a user has on a visible record, limited to those that controls need."""
    return permitted_actions(user, entity, record, needed(registry.actions(entity)))


def list_controls(entity: Entity, record: Any, user: Any, allowed: set[str]) -> list[Control]:
    """List the controls in declaration order: "Edit" after the primary ones, "Delete" last."""
    controls = []
    for action in registry.actions(entity):
        if action.why_hidden(record, user):
            continue
        permitted = may_begin(user, action) if action.button.begins else action.needs in allowed
        if permitted and is_installed(action):
            controls.append(control(entity, record, action, user))
    held = str((entity.rules.held(record, user) if entity.rules.held else None) or "")
    place = next((at for at, candidate in enumerate(controls) if candidate.place != "primary"), len(controls))
    if "edit" in allowed and not any(candidate.verb == "edit" for candidate in controls):
        url = f"{entity.url(record.pk)}edit"
        controls.insert(place, Control("edit", _("Edit"), url, "link", "edit", reason=held, place="primary"))
    if (
        "delete" in allowed
        and not any(other_action.verb == "delete" for other_action in registry.actions(entity))
        and entity.is_deletable
    ):
        url = f"{entity.url(record.pk)}delete"
        controls.append(Control("delete", _("Delete"), url, "dialog", "trash", "danger", held, place="more"))
    return controls


def may_begin(user: Any, action: Action) -> bool:
    """Return whether the user may add records of the type that an action creates."""
    target = registry.find(action.button.begins)
    return target is not None and has_permission(user, target, "add")


def is_installed(action: Action) -> bool:
    """Return whether the page or type that an action opens is installed."""
    if action.button.begins and registry.find(action.button.begins) is None:
        return False
    try:
        return not action.button.page or bool(reverse(action.button.page, args=[0]))
    except NoReverseMatch:
        return False


def needed(actions: Sequence[Action]) -> set[str]:
    """Return the permissions required by some actions and by the generic ones."""
    return {"edit", "delete", *(action.needs for action in actions if not action.button.begins)}


def control(entity: Entity, record: Any, action: Action, user: Any) -> Control:
    """Return the control of an action."""
    reason = action.state(record, user) if action.state else None
    return Control(
        action.verb,
        action.label,
        action_url(entity, record, action),
        behaviour(action),
        action.button.icon,
        action.button.tone,
        str(reason or ""),
        action.button.place,
        str(action.button.confirm or ""),
    )


def behaviour(action: Action) -> str:
    """Return how the control acts: it opens a page, opens a dialog, or posts immediately."""
    if action.button.page or action.button.begins:
        return "link"
    asks = action.dialog.inputs or action.dialog.pick or action.button.confirm or action.verb == "delete"
    return "dialog" if asks else "post"


def describe_needed_action(user: Any, entity: Entity, record: Any, needed: ActionNeeded) -> dict[str, Any]:
    """Return the page or dialog of the action that a change of status needs: `reason`, `url`, `is_page`, `status`.

    Raise NotAllowed without permission, Refused if the action isn't possible now, ActionNeeded if it's hidden.
    """
    action = registry.action(entity, needed.verb)
    assert action is not None
    if action.needs not in permitted_actions(user, entity, record, {action.needs}):
        raise NotAllowed(_("You don't have permission to do “%(action)s” here.") % {"action": action.label})
    if action.state and (reason := action.state(record, user)):
        raise Refused(reason)
    if action.why_hidden(record, user):
        raise needed
    url = action_url(entity, record, action)
    return {"reason": str(needed), "url": url, "is_page": bool(action.button.page), "status": needed.status}


def action_url(entity: Entity, record: Any, action: Action) -> str:
    """Return the URL that an action's control opens."""
    if action.button.page:
        return reverse(action.button.page, args=[record.pk])
    if action.button.begins:
        return begin_url(entity, record, registry.get(action.button.begins), action.button.begins_as)
    return f"{entity.url(record.pk)}{action.verb}"


def begin_url(entity: Entity, record: Any, target: Entity, field: str = "") -> str:
    """Return the URL of another type's empty form, prefilled with this record. A parameter of it leads back."""
    field = field or link_field(entity, target)
    query = {field: record.pk, **shared_relations(entity, record, target)} if field else {}
    if target.scope.inherits or target.scope.parent:
        query["next"] = entity.url(record.pk)
    return f"/{target.path}/new?{urlencode(query)}"


def shared_relations(entity: Entity, record: Any, target: Entity) -> dict[str, int]:
    """Return values that a new record requires and this one also has, such as the price book of a bundle."""
    own = {field.key: field.target for field in native_fields(entity) if field.type.category == "relation"}
    required = (
        field
        for field in native_fields(target)
        if field.required and field.target and own.get(field.key) == field.target
    )
    return {field.key: pk for field in required if (pk := getattr(record, f"{field.key}_id"))}


def link_field(entity: Entity, target: Entity) -> str:
    """Return the field by which a type depends on another, else the first field that references it."""
    linking = [field for field in native_fields(target) if field.target == entity.key]
    parents = {target.scope.parent, *target.scope.inherits, target.scope.project.removesuffix("_id")}
    linking.sort(key=lambda field: (field.key not in parents, field.type.category != "relation"))
    return next((field.key for field in linking), "")
