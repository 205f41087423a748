"""The head of a record's page: the facts one came for, its tags, and always the same figures (DET-1, ACCT-6)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from markupsafe import Markup

from kanal.core import registry
from kanal.core.access import FieldContext, has_permission, reads_all
from kanal.core.context import today
from kanal.core.entity import Entity, Figure, FigureValue
from kanal.core.fields.field import is_hidden_on
from kanal.core.keys import USERS
from kanal.kit.money import Money
from kanal.kit.numbers import format_number, money_brief
from kanal.kit.writing import relative_day, written_moment
from kanal.web.fieldtypes import Fact, presenter_of
from kanal.web.fieldtypes.presenter import language
from kanal.web.markup import person, timed


@dataclass(frozen=True)
class HeadFact:
    """A fact in the line below the title. Without an icon that tells what it is, its label is shown."""

    key: str
    label: str
    html: Any
    icon: str = ""
    has_label: bool = False


@dataclass(frozen=True)
class ShownFigure:
    """A figure as it is shown: `value` is empty if there is none."""

    label: Any
    value: Any = ""
    note: str = ""


def head_facts(entity: Entity, record: Any, facts: dict[str, Fact]) -> list[HeadFact]:
    """Return the declared facts of a record's head that have a value the reader may see."""
    chosen = []
    for entry in entity.head:
        alternatives = entry if isinstance(entry, tuple) else (entry,)
        shown = (filled_facts(alternative, facts) for alternative in alternatives)
        if fitting := next(filter(None, shown), None):
            chosen.append(joined_fact(fitting) if len(fitting) > 1 else head_fact(fitting[0], record))
    return chosen


def filled_facts(keys: str, facts: dict[str, Fact]) -> list[Fact]:
    """Return the facts of keys joined by "+" that have a value the reader may see."""
    filled = [facts[key] for key in keys.split("+") if key in facts and facts[key].is_filled]
    return [fact for fact in filled if all(link.is_named for link in fact.links)]


def joined_fact(facts: list[Fact]) -> HeadFact:
    """Return several texts as one fact, such as the parts of a name."""
    return HeadFact(facts[0].field.key, " ".join(fact.label for fact in facts), " ".join(fact.text for fact in facts))


def head_fact(fact: Fact, record: Any) -> HeadFact:
    """Return a field as a fact of the head: users with their initials, moments by their distance from today."""
    field, label = fact.field, fact.label
    if field.target == USERS and fact.links:
        return HeadFact(field.key, label, Markup(" ").join(person(link.label) for link in fact.links))
    value = field.get(record) if not fact.links else None
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value)
        apart = relative_day(local.date(), today(), language())
        html = timed(local, written_moment(local, language()), apart)
        return HeadFact(field.key, label, html, has_label=True)
    target = registry.find(field.target) if fact.links else None
    icon = target.icon if target is not None else presenter_of(field).icon
    return HeadFact(field.key, label, fact.html, icon, has_label=isinstance(value, dt.date) or fact.is_number)


def figures_of(allowed: FieldContext, record: Any) -> list[ShownFigure]:
    """Return the figures of a type that its reader may see, each with its value on a record or none."""
    user = allowed.user
    visible = {key for key, field in allowed.readable.items() if not is_hidden_on(field, record)}
    figures = registry.figures(allowed.entity)
    shown = [figure for figure in figures if set(figure.fields) <= visible and may_read(user, figure.tells)]
    sources: dict[Any, Any] = {None: record}
    for figure in shown:
        if figure.source is not None and figure.source not in sources:
            sources[figure.source] = figure.source(record, user)
    return [shown_figure(figure, figure.value(sources[figure.source], user)) for figure in shown]


def may_read(user: Any, tells: tuple[str, ...] | None) -> bool:
    """Return whether a user may see some fields, named as `quotes.value`, and records with them."""
    entities = filter(None, {registry.find(name.partition(".")[0]) for name in tells or ()})
    return all(has_permission(user, entity, "view") for entity in entities) and reads_all(user, tells)


def shown_figure(figure: Figure, value: Any) -> ShownFigure:
    """Return a figure with its value in the reader's language."""
    if isinstance(value, FigureValue):
        return ShownFigure(figure.label, figure_text(value.value), value.note)
    return ShownFigure(figure.label, figure_text(value))


def figure_text(value: Any) -> Any:
    """Format the value of a figure in the reader's language, empty if there is none."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return money_brief(value.amount, value.currency, language())
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return format_number(value, language())
    return value
