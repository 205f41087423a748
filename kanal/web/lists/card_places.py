"""Which columns of a list a phone shows, where each row is a card of two lines: name; details, status and an amount."""

from collections.abc import Iterable

from kanal.core.entity import Entity
from kanal.core.listing import Column

DETAILS = ("relation", "text", "choice")
NUMBERS = ("money",)
DAYS = ("date", "datetime")


def card_places(entity: Entity, columns: list[Column], named: str) -> dict[str, str]:
    """Return the CSS class of each column that is part of a card, by key. `named` is the column that names the row.

    A type's board cards say which details matter; the status is one of them. At the end of the second line comes
    an amount, or else a day that people set.
    """
    status = entity.listing.status
    rest = [column for column in columns if column.key not in (named, status)]
    rest.sort(key=lambda column: place_on_board(entity, column))
    places = {status: "card-mark"} if any(column.key == status for column in columns) and status != named else {}
    end = first_of(rest, NUMBERS) or first_of([column for column in rest if not column.field.read_only], DAYS)
    details = [column for column in rest if column.category in DETAILS][: 1 if places else 2]
    for css, column in zip(("card-detail", "card-mark"), details, strict=False):
        places[column.key] = css
    return {**places, end.key: "card-end"} if end else places


def place_on_board(entity: Entity, column: Column) -> int:
    """Return the position of a column on the type's board cards, the last one for columns that aren't on them."""
    card = entity.listing.card
    return card.index(column.key) if column.key in card else len(card)


def first_of(columns: Iterable[Column], categories: tuple[str, ...]) -> Column | None:
    """Return the first column of some categories."""
    return next((column for column in columns if column.category in categories), None)
