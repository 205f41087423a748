"""A filter as built by the page: parts joined by AND, each of alternatives joined by OR. Adds, removes conditions."""

from dataclasses import dataclass

from kanal.core.query import All, Node, format_filter
from kanal.core.query import Any as AnyOf


@dataclass(frozen=True)
class Place:
    """The place of a condition: its part, and its index among the part's alternatives, written `2` or `2.1`."""

    part: int
    alternative: int = 0

    def __str__(self) -> str:
        return f"{self.part}.{self.alternative}" if self.alternative else str(self.part)


def split_conditions(node: Node) -> list[Node]:
    """List the conditions that a filter joins by AND."""
    return list(node.items) if isinstance(node, All) else [node]


def alternatives_of(part: Node) -> list[Node]:
    """List the alternatives of a part."""
    return list(part.items) if isinstance(part, AnyOf) else [part]


def place_in(node: Node, text: str) -> Place | None:
    """Parse a place, including that of a new alternative after the last one. Return None if there is none."""
    numbers = text.split(".")[:2]
    if not all(number.isascii() and number.isdigit() and len(number) < 5 for number in numbers):
        return None
    place, parts = Place(*map(int, numbers)), split_conditions(node)
    inside = place.part < len(parts) and place.alternative <= len(alternatives_of(parts[place.part]))
    return place if inside else None


def at(node: Node, place: Place | None) -> Node | None:
    """Return the condition at a place, or None."""
    if place is None:
        return None
    alternatives = alternatives_of(split_conditions(node)[place.part])
    return alternatives[place.alternative] if place.alternative < len(alternatives) else None


def one_of(alternatives: list[Node]) -> Node:
    """Join alternatives by OR."""
    return alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives))


def remove_condition(node: Node, place: Place) -> str:
    """Return a filter as text without one of its conditions."""
    parts = split_conditions(node)
    rest = [
        alternative
        for number, alternative in enumerate(alternatives_of(parts[place.part]))
        if number != place.alternative
    ]
    parts[place.part : place.part + 1] = [one_of(rest)] if rest else []
    return format_filter(All(tuple(parts)))


def replaced(node: Node, place: Place | None, fresh: Node) -> str:
    """Return a filter as text with a condition replaced, or added to a part or to the whole."""
    parts = split_conditions(node)
    if place is None:
        return format_filter(All((*parts, fresh)))
    alternatives = alternatives_of(parts[place.part])
    alternatives[place.alternative : place.alternative + 1] = [fresh]
    parts[place.part] = one_of(alternatives)
    return format_filter(All(tuple(parts)))
