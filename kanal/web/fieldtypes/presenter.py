"""How users see and enter the values of a field type. The base class shows and accepts plain text."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import get_language
from markupsafe import Markup

from kanal.core.fields import Field
from kanal.core.fields.types import FieldType
from kanal.core.listing import Column, Page
from kanal.kit.registries import Registry
from kanal.web import structured
from kanal.web.fieldtypes.conditions import ConditionPresenter
from kanal.web.markup import linked, status

if TYPE_CHECKING:
    from kanal.web.fieldtypes.entry import Entry
    from kanal.web.fieldtypes.fact import Fact

Write = Callable[[Any], Any]


def language() -> str:
    """Return the reader's language, used to format numbers and dates."""
    return get_language() or "en"


class Presenter(ConditionPresenter):
    """Presentation of a field type: control, submitted text, cell, fact, filter, all derived from `text` by default.

    `control` names a template in `kanal/web/jinja/controls/`, `input_type` the type of a plain input. `is_wide` makes
    the control full width. `is_number` aligns values to the right. `is_bulky` lets a long value take up the full width
    of a record page. `has_inline_form` tells whether a single value can be changed in a list and in bulk,
    `points_at_records` whether values are ids of records. `icon` tells what a value is where it has no label.
    """

    control = "text"
    input_type = "text"
    is_wide = False
    is_number = False
    is_bulky = False
    has_inline_form = True
    points_at_records = False
    icon = ""

    def text(self, field: Field, value: Any) -> str:
        """Return a non-empty value, or its JSON form, as text in the reader's language."""
        return structured.words(value) if isinstance(value, list | dict) else str(value)

    def typed(self, field: Field, value: Any) -> str:
        """Return a value as the text of its control, which `parse` reads back."""
        return "" if value is None else str(getattr(value, "pk", value))

    def blank(self, currency: str) -> Any:
        """Return the form value of an empty field, on a record with a currency."""
        return None

    def show(self, entry: "Entry", value: Any) -> None:
        """Set an entry to a value."""
        entry.text = self.typed(entry.field, value)

    def keep(self, entry: "Entry", posted: QueryDict) -> None:
        """Set an entry to the submitted text, valid or not."""
        entry.text = posted.get(entry.name, "")

    def parse(self, field: Field, posted: QueryDict, name: str) -> Any:
        """Return the submitted value as a raw value for the write path. Raise Invalid if it can't be parsed."""
        return posted.get(name, "").strip() or None

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Return the function that formats the values of a list column. Created once, called for each row."""
        field = column.field
        return lambda value: self.text(field, value)

    def fill(self, fact: "Fact", value: Any) -> None:
        """Set a fact of a record page to a non-empty value."""
        fact.text = self.text(fact.field, value)

    def html(self, fact: "Fact") -> Markup | str:
        """Render the text of a fact. Plain text isn't marked safe."""
        if fact.colour:
            return status(fact.text, fact.colour)
        return linked(fact.href, fact.text) if fact.href else fact.text


PRESENTERS: Registry[Presenter] = Registry("presenters", lambda presenter: type(presenter).__name__)


def presents(*types: type[FieldType]) -> Callable[[type[Presenter]], type[Presenter]]:
    """Register a presenter for field types."""

    def registered(presenter: type[Presenter]) -> type[Presenter]:
        for field_type in types:
            PRESENTERS.register(field_type.key, presenter())
        return presenter

    return registered


def presenter_of(field: Field) -> Presenter:
    """Return the presenter of a field's type."""
    return PRESENTERS[field.type.key]
