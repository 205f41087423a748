"""The declaration of an action: what it does and who may, what its dialog asks, how its button stands on the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kanal.core.fields.field import Field


@dataclass(frozen=True)
class Dialog:
    """What an action asks the user for; its endpoint takes the same.

    `inputs` are fields, or names of columns of `model` (of the action's own type, where there is none). `pick` is the
    key of the type whose record is picked from a list; its id comes as the input `pick_as`. `initial(record)` gives
    the values that the dialog opens with; `save_label` is on the button that sends it.
    """

    inputs: tuple[Field | str, ...] = ()
    model: Any = None
    pick: str = ""
    pick_as: str = ""
    initial: Callable[[Any], dict[str, Any]] | None = None
    save_label: Any = ""


@dataclass(frozen=True)
class Button:
    """How an action stands on the record's page: `place` is primary, panel or more; `tone` its colour.

    It posts, or opens the action's dialog; `confirm` is a question that is asked first. With `page`, the name of a URL,
    it leads to the action's own page. With `begins`, the key of a type, it leads to the form of a new record of that
    type, with this record filled in at the field `begins_as` (NAV-3): it needs the permission to add such records.
    `done` is told to the user afterwards; `then` to the record's page, as `?then=`, so that it may offer what follows.
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
    """A verb on one record: function, permission, URL, API endpoint, button and history word at once.

    `run(record, values, *, by)` does it and may give another record to go to. `dialog` asks for its values, `button`
    stands on the record's page. `state(record, user)` gives the reason why it can't be done now, in words that fit its
    reader, or None; `hidden(record)` leaves it out altogether and gives the reason, as `hidden_from(record, user)` does
    for some users. `permission` is asked for where it is not the verb's own. `reaches` and `leaves` are the kinds of
    status that a record gets, and gets rid of, by this action alone. `api` gives it an endpoint.
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
        """Name the permission that the action needs."""
        return self.permission or self.verb.replace("-", "_")

    def why_hidden(self, record: Any, user: Any) -> Any:
        """Return why the action is left out for a user on a record as it is; nothing where it is offered."""
        return why_left_out(self, record, user)


def why_left_out(element: Any, record: Any, user: Any) -> Any:
    """Return why an action or a tab has nothing to do on a record, or not for this user: a text, or True."""
    if element.hidden is not None and (reason := element.hidden(record)):
        return reason
    return element.hidden_from is not None and user is not None and element.hidden_from(record, user)
