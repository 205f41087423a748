"""How people see and enter the values of a field type; the base class shows and takes plain text."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import get_language
from markupsafe import Markup

from kanal.core.fields import Field
from kanal.core.fields.types import FieldType
from kanal.core.listing import Column, Page
from kanal.core.query import FilterContext, Test
from kanal.kit.registries import Registry
from kanal.web import structured
from kanal.web.fieldtypes.filter_labels import PERIODS, WORDS
from kanal.web.markup import linked, status

if TYPE_CHECKING:
    from kanal.web.fieldtypes.entry import Entry
    from kanal.web.fieldtypes.fact import Fact

Write = Callable[[Any], Any]


def language() -> str:
    """Return the language of the reader, in which numbers and dates are written."""
    return get_language() or "en"


class Presenter:
    """The pages' half of a field type: control, posted text, cell, fact, filter, all derived from `text` by default.

    `control` names a template in `pages/form/controls/`, `input_type` the type of a plain one; `is_wide` gives the
    control the whole width. `operators` are what the filter dialog offers, the usual one first; without any, nobody
    can filter by the type. `is_number` aligns values to the right; `is_bulky` lets a long value take the whole width
    of a record page. `has_inline_form` says whether a single value can be changed in a list and in bulk;
    `points_at_records` that values are ids of records.
    """

    control = "text"
    input_type = "text"
    is_wide = False
    operators: tuple[str, ...] = ()
    is_number = False
    is_bulky = False
    has_inline_form = True
    points_at_records = False

    def text(self, field: Field, value: Any) -> str:
        """Write a value that is there, or its JSON form, as text in the reader's language."""
        return structured.words(value) if isinstance(value, list | dict) else str(value)

    def typed(self, field: Field, value: Any) -> str:
        """Write a value as its control holds it; `parse` reads it back."""
        return "" if value is None else str(getattr(value, "pk", value))

    def blank(self, currency: str) -> Any:
        """Return what a form shows for no value, on a record with a currency."""
        return None

    def show(self, entry: "Entry", value: Any) -> None:
        """Have the entry of a form show a value."""
        entry.text = self.typed(entry.field, value)

    def keep(self, entry: "Entry", posted: QueryDict) -> None:
        """Have the entry of a form show what was typed, right or wrong."""
        entry.text = posted.get(entry.name, "")

    def parse(self, field: Field, posted: QueryDict, name: str) -> Any:
        """Read a control as a raw value for the write path; raise Invalid where that is impossible."""
        return posted.get(name, "").strip() or None

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Return the function that writes values of a list's column: made once, called for each row."""
        field = column.field
        return lambda value: self.text(field, value)

    def fill(self, fact: "Fact", value: Any) -> None:
        """Put a value that is there into a fact of a record page."""
        fact.text = self.text(fact.field, value)

    def html(self, fact: "Fact") -> Markup | str:
        """Mark up the text of a fact; a text that is not marked up is not safe."""
        if fact.colour:
            return status(fact.text, fact.colour)
        return linked(fact.href, fact.text) if fact.href else fact.text

    def filter_input(self, field: Field, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
        """Return what asks for the values of a condition: `control` names a template in `pages/list/filter_inputs/`."""
        first, second = [*values, "", ""][:2]
        return {"control": "text", "value": first, "second": second, "two": op == "between"}

    def filter_values(self, op: str, posted: QueryDict) -> tuple[str, ...]:
        """Read the values of a condition from the dialog."""
        return tuple(text for value in posted.getlist("value") if (text := value.strip()))

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Put the values of a condition into words."""
        words = {**WORDS, **PERIODS}
        return ", ".join(str(words.get(value.replace("_", " "), value)) for value in test.values)


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
