"""Detection and redaction of personal data in texts. Pure, without models (LEAD-8).

Matching ignores accents, case, typographic marks, HTML entities and percent-encoding in links.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kanal.kit.letters import fold
from kanal.kit.spelling import (
    address_pattern,
    fold_with_offsets,
    link_pattern,
    national,
    phone_pattern,
    roughly,
    spellings,
    word_pattern,
)

MARK = "[…]"
SHORTEST_PART = 3
SHORTEST_VALUE = 4
MARKS = re.compile(re.escape(MARK) + r"(?:[\s,]+" + re.escape(MARK) + r")+")
NEVER = r"(?!)"

__all__ = ["MARK", "Redactor", "national", "redactor_of"]


@dataclass(frozen=True)
class Redactor:
    """The data that identifies a person, current and past.

    `identifiers` are e-mail addresses and links, `names` whole names, `parts` their parts, `values` other fields.
    """

    identifiers: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Return a pattern for all identifying data in plain text, longest first. None if there is none."""
        words = {fold(text) for text in self.values}
        words |= {spelling for text in (*self.names, *self.parts) for spelling in spellings(text)}
        patterns = [
            address_pattern(identifier) if "@" in identifier else link_pattern(identifier)
            for identifier in by_length(self.identifiers)
        ]
        patterns += [word_pattern(word) for word in by_length(words)]
        patterns += [phone_pattern(phone) for phone in sorted(self.phones)]
        return re.compile("|".join(patterns)) if patterns else None

    @cached_property
    def rough_pattern(self) -> str:
        """Return a case-insensitive PostgreSQL pattern for any text that may contain an address, number or name."""
        return "|".join(roughly(self.identifiers, self.phones, self.names)) or NEVER

    @property
    def anywhere(self) -> "Redactor":
        """Return the data that identifies the person on any record: addresses and numbers only."""
        return Redactor(identifiers=self.identifiers, phones=self.phones)

    @property
    def nearby(self) -> "Redactor":
        """Return the data that likely identifies the person on closely related records: also whole names, not parts."""
        return Redactor(identifiers=self.identifiers, phones=self.phones, names=self.names)

    def finds(self, text: str) -> bool:
        """Return whether a text mentions the person."""
        return bool(self.pattern and self.pattern.search(fold_with_offsets(text)[0]))

    def redact(self, text: str) -> str:
        """Return a text without the person's data."""
        if self.pattern is None:
            return text
        read, places = fold_with_offsets(text)
        pieces, end = [], 0
        for match in self.pattern.finditer(read):
            start, stop = places[match.start()][0], places[match.end() - 1][1]
            if start >= end:
                pieces += [text[end:start], MARK]
                end = stop
        return MARKS.sub(MARK, "".join([*pieces, text[end:]])) if pieces else text

    def redact_json(self, value: Any) -> Any:
        """Return a JSON value without the person's data. Keys are unchanged."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self.redact_json(item) for item in value]
        if isinstance(value, dict):
            return {key: self.redact_json(item) for key, item in value.items()}
        return value


def by_length(texts: Iterable[str]) -> list[str]:
    """Return texts sorted longest first, so that none is matched only in part."""
    return sorted(texts, key=lambda text: (-len(text), text))


def redactor_of(
    *,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    people: Iterable[tuple[str, str]] = (),
    values: Iterable[str] = (),
) -> Redactor:
    """Return a redactor for a person's addresses, numbers, names (first and last) and other values.

    A lowercase part of a name, such as “van”, and a value of a few letters identify nobody.
    """
    names, parts = set(), set()
    for first, last in people:
        if first and last:
            names |= {f"{first} {last}", f"{last} {first}", f"{last}, {first}"}
        for part in (first, last, *first.split(), *re.split(r"[\s\-‑]+", last), *re.split(r"[\s\-'’‑]+", last)):
            if len(part) >= SHORTEST_PART and not part.islower():
                parts.add(part)
        parts |= {part for part in (first, last) if len(part) >= SHORTEST_PART}
    return Redactor(
        frozenset(filter(None, emails)),
        frozenset(phone for phone in phones if len(national(phone)) >= 5),
        frozenset(names),
        frozenset(parts),
        frozenset(value for value in values if len(value) >= SHORTEST_VALUE),
    )
