"""Choices: one option, several options, yes or no."""

from typing import Any

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kanal.core.fields import Field
from kanal.core.fields.choices import ChoiceType, MultipleChoiceType
from kanal.core.fields.marks import MarksType
from kanal.core.fields.news import NewsType
from kanal.core.fields.types import BooleanType
from kanal.core.listing import Column, Page
from kanal.core.query import FilterContext, Test
from kanal.web.assets import icon
from kanal.web.fieldtypes.entry import Entry
from kanal.web.fieldtypes.fact import Fact
from kanal.web.fieldtypes.presenter import Presenter, Write, presents
from kanal.web.marks import marks_writer
from kanal.web.markup import status, tag

FALSE = {"", "false", "0", "no", "off"}


def is_given(text: str | None) -> bool:
    """Return whether a checkbox was submitted as checked."""
    return text is not None and text.lower() not in FALSE


def option_label(field: Field, key: Any) -> str:
    """Return an option's label. Rows in the history are looked up by id."""
    for option in field.options():
        if option.key == key or (field.has_rows and option.id == key):
            return str(option.label)
    return str(key)


@presents(ChoiceType)
class ChoicePresenter(Presenter):
    """A single option, shown by label and color."""

    control = "select"
    operators = ("any", "none", "empty", "set")

    def text(self, field: Field, value: Any) -> str:
        """Return the option's label."""
        return option_label(field, value)

    def show(self, entry: Entry, value: Any) -> None:
        """Show the option among the available ones."""
        super().show(entry, value)
        entry.offer_options()

    def keep(self, entry: Entry, posted: QueryDict) -> None:
        """Keep the submitted option among the available ones."""
        super().keep(entry, posted)
        entry.offer_options()

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the label of a key, colored if the option has a color."""
        marks: dict[str, Any] = {}
        for option in column.field.options():
            coloured = is_status or (option.colour and column.field.has_rows)
            marks[option.key] = status(option.label, option.colour) if coloured else escape(option.label)
        return lambda key: marks.get(key) or escape(key)

    def fill(self, fact: Fact, value: Any) -> None:
        """Set the label in the option's color."""
        super().fill(fact, value)
        fact.colour = next((option.colour for option in fact.field.options() if option.key == value), "")

    def filter_input(self, field: Field, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
        """Offer the options."""
        options = [(option.key, option.label) for option in field.options()]
        return {"control": "options", "options": options, "values": values}

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Return the options' labels."""
        labels = {option.key: str(option.label) for option in field.options()}
        return ", ".join(labels.get(value, value) for value in test.values)


@presents(MultipleChoiceType)
class MultipleChoicePresenter(ChoicePresenter):
    """Multiple options."""

    control = "several"
    is_wide = True

    def text(self, field: Field, value: Any) -> str:
        """Return the options' labels."""
        return ", ".join(option_label(field, key) for key in value)

    def show(self, entry: Entry, value: Any) -> None:
        """Show the options among the available ones."""
        entry.texts = [str(key) for key in value or ()]
        entry.offer_options()

    def keep(self, entry: Entry, posted: QueryDict) -> None:
        """Keep the submitted options among the available ones."""
        entry.texts = self.parse(entry.field, posted, entry.name)
        entry.offer_options()

    def parse(self, field: Field, posted: QueryDict, name: str) -> list[str]:
        """Return the options' keys."""
        return [text for text in posted.getlist(name) if text]

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the options as tags."""
        marks = {option.key: tag(option) for option in column.field.options()}
        return lambda keys: Markup(" ").join(marks.get(key) or escape(key) for key in keys)

    def fill(self, fact: Fact, value: Any) -> None:
        """Set the labels without colors."""
        fact.text = self.text(fact.field, value)


@presents(MarksType)
class MarksPresenter(MultipleChoicePresenter):
    """The marks of a record."""

    has_inline_form = False

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the marks as tags."""
        return marks_writer(column.field)

    def fill(self, fact: Fact, value: Any) -> None:
        """Set the labels, and the marks to render."""
        fact.text, fact.keys = self.text(fact.field, value), tuple(value)

    def html(self, fact: Fact) -> Markup:
        """Render the marks as tags."""
        return marks_writer(fact.field)(fact.keys)


@presents(BooleanType)
class BooleanPresenter(Presenter):
    """Yes or no."""

    control = "checkbox"
    operators = ("is",)

    def text(self, field: Field, value: Any) -> str:
        """Return the value as a word."""
        return _("Yes") if value else _("No")

    def fill(self, fact: Fact, value: Any) -> None:
        """Set the word, and whether it is no."""
        super().fill(fact, value)
        fact.is_off = not value

    def typed(self, field: Field, value: Any) -> str:
        """Return `true` for yes."""
        return "true" if value else ""

    def keep(self, entry: Entry, posted: QueryDict) -> None:
        """Keep the checkbox's state."""
        entry.text = self.typed(entry.field, self.parse(entry.field, posted, entry.name))

    def parse(self, field: Field, posted: QueryDict, name: str) -> bool:
        """Return no for an unchecked box."""
        return is_given(posted.get(name))

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format yes as a labeled check mark, no as empty."""
        mark = Markup(format_html('{}<span class="visually-hidden">{}</span>', icon("check"), _("Yes")))  # noqa: S704
        empty = Markup(
            '<span class="none"><span aria-hidden="true">–</span><span class="visually-hidden">{}</span></span>'
        ).format(_("No"))
        return lambda value: mark if value else empty

    def filter_input(self, field: Field, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
        """Ask for yes or no."""
        return {"control": "boolean", "value": values[0] if values else "true"}


@presents(NewsType)
class NewsPresenter(BooleanPresenter):
    """Whether a record has changed since its reader looked at it."""

    has_inline_form = False
