"""The cards of a board: what each shows, rendered by Jinja2 since a board has hundreds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kanal.core import listing
from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.marks import ATTENTION
from kanal.kit.numbers import format_number
from kanal.kit.writing import written_day
from kanal.web import boardsettings
from kanal.web.assets import icon
from kanal.web.fieldtypes import presenter_of
from kanal.web.lists.renderers import writer_of
from kanal.web.markup import timed
from kanal.web.templatetags.timeline import near

EMPTY = (None, "", [])
CALENDAR = "calendar-event"


def card_columns(entity: Entity) -> tuple[str, ...]:
    """Return the keys of what cards read: the fields of the settings, and what every card shows."""
    always = (ATTENTION if entity.marks else "", entity.listing.age)
    return (*boardsettings.card_fields(entity), *filter(None, always))


@dataclass(frozen=True)
class Fact:
    """A field on the cards of a board. `write` renders a value, `start` is the markup before it."""

    column: listing.Column
    start: str
    write: Callable[[Any], Any]

    def html(self, row: listing.Row) -> str:
        """Render the value of a card, empty without one, or if the card's title already contains it."""
        value = row.values[self.column.key]
        if value in EMPTY:
            return ""
        text = escape(self.write(value))
        return "" if text.striptags() in row.title else f"{self.start}{text}</dd>"


def fact_of(column: listing.Column, page: listing.Page) -> Fact:
    """Return how a field is shown. It is made once per column of the board."""
    label, css = escape(column.label), ' class="num"' if column.is_numeric else ""
    if column.via is not None and column.category == "datetime":  # when the next activity is, say
        return Fact(column, f"<dt>{escape(column.via.label)}</dt><dd>{icon(CALENDAR)}", near)
    return Fact(column, f"<dt>{label}</dt><dd{css}>", writer_of(column, page))


def cards_of(entity: Entity, page: listing.Page, field: Field) -> list[dict[str, Any]]:
    """Return the cards of a column of the board for the template."""
    left_out = (entity.title, field.key, ATTENTION, entity.listing.age)
    facts = [fact_of(column, page) for column in page.columns if column.key not in left_out]
    columns = {column.key: column for column in page.columns}
    marks = presenter_of(columns[ATTENTION].field).cell(columns[ATTENTION], page) if ATTENTION in columns else None
    age = columns.get(entity.listing.age)
    return [
        {
            "id": row.id,
            "title": escape(row.title),
            "url": escape(entity.url(row.id)),
            "facts": Markup("".join(fact.html(row) for fact in facts)),  # noqa: S704 - each value is escaped
            "marks": marks(row.values[ATTENTION]) if marks is not None else "",
            "age": age_of(age, row),
        }
        for row in page.rows
    ]


def age_of(column: listing.Column | None, row: listing.Row) -> Markup:
    """Return for how many days a card has been where it is, or an empty text if that isn't known."""
    if column is None:
        return Markup("")
    since = row.values[column.key]
    if since is None:
        return Markup("")
    local, language = timezone.localtime(since), get_language() or "en"
    days = (today() - local.date()).days
    if days < 1:
        return Markup("")
    text = _("%(days)s d") % {"days": format_number(days, language)}
    return timed(local, f"{column.label}: {written_day(local.date(), language)}", text)
