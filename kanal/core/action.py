"""The declaration of an action: function, permission, dialog and button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kanal.core.fields.field import Field


@dataclass(frozen=True)
class Dialog:
    """The inputs of an action. Its endpoint takes the same.

    `inputs` are fields, or names of columns of `model` (by default of the action's own type). `pick` is the key of the
    type whose record is picked from a list. Its id is passed as the input `pick_as`. `pick_from(record, records)`
    narrows the list to the records that the action accepts. `initial(record)` returns the dialog's initial values.
    `save_label` is the label of the submit button.
    """

    inputs: tuple[Field | str, ...] = ()
    model: Any = None
    pick: str = ""
    pick_as: str = ""
    pick_from: Callable[[Any, Any], Any] | None = None
    initial: Callable[[Any], dict[str, Any]] | None = None
    save_label: Any = ""


@dataclass(frozen=True)
class Button:
    """The button of an action on the record's page: `place` is primary, add (what
    adds something to the record), panel or more; `tone` is danger for an action that is hard to take back.

    It posts, or opens the action's dialog. `confirm` is a confirmation question. `page`, a URL name, links to the
    action's own page. `begins`, the key of a type, links to the form of a new record of that type with this record
    preset in the field `begins_as` (NAV-3), which requires the permission to add such records. `done` is the success
    message. `then` is passed to the record's page as `?then=`, to offer a follow-up action.
    """

    icon: str = ""
    place: str = "panel"
    tone: str = ""
    confirm: Any = ""
    page: str = ""
    begins: str = ""
    begins_as: str = ""
    done: Any = ""
    then: str = ""


@dataclass(frozen=True)
class Action:
    """An action on one record: function, permission, URL, API endpoint, button and history entry.

    `run(record, values, *, by)` performs it and may return another record to go to. `dialog` collects its values,
    `button` is on the record's page. `state(record, user)` returns why it isn't possible now, in words for the user, or
    None. `hidden(record)` returns a reason to omit it altogether, `hidden_from(record, user)` to omit it for some
    users. `permission` overrides the one of the action. `reaches` and `leaves` are the kinds of status that a record
    enters and leaves only through this action. `api` adds an endpoint.
    """

    verb: str
    label: Any
    run: Callable[..., Any] | None = None
    permission: str = ""
    state: Callable[[Any, Any], Any] | None = None
    hidden: Callable[[Any], Any] | None = None
    hidden_from: Callable[[Any, Any], Any] | None = None
    reaches: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    api: bool = True
    dialog: Dialog = Dialog()
    button: Button = Button()

    @property
    def needs(self) -> str:
        """Return the permission that the action requires."""
        return self.permission or self.verb.replace("-", "_")

    def why_hidden(self, record: Any, user: Any) -> Any:
        """Return why the action is omitted for a user on a record, or nothing if it is offered."""
        return why_left_out(self, record, user)


def why_left_out(element: Any, record: Any, user: Any) -> Any:
    """Return why an action or a tab is omitted on a record or for this user: a text, or True."""
    if element.hidden is not None and (reason := element.hidden(record)):
        return reason
    return element.hidden_from is not None and user is not None and element.hidden_from(record, user)
