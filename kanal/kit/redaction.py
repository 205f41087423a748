"""Recognising what tells of a person in texts, and putting a mark in its place; pure, no models (LEAD-8).

Texts are read as people mean them: without accents, case, typographic marks, HTML entities and percent signs of links.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kanal.kit.letters import fold
from kanal.kit.spelling import (
    address_pattern,
    link_pattern,
    national,
    phone_pattern,
    plain,
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
    """What a person is recognised by: `identifiers` (e-mail addresses, links), `phones`, whole `names`, `parts` of
    names, and `values` of other fields; all of them, present and past.
    """

    identifiers: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Return what matches any of them in a plain text, the longest first; None where there is nothing to find."""
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
        """Return a case-insensitive pattern of PostgreSQL: it fits whatever may hold an address, a number or a name."""
        return "|".join(roughly(self.identifiers, self.phones, self.names)) or NEVER

    @property
    def anywhere(self) -> "Redactor":
        """Return what is this person's wherever it stands: addresses and numbers alone."""
        return Redactor(identifiers=self.identifiers, phones=self.phones)

    @property
    def nearby(self) -> "Redactor":
        """Return what is likely this person's on records close to theirs: whole names too, parts of them not."""
        return Redactor(identifiers=self.identifiers, phones=self.phones, names=self.names)

    def finds(self, text: str) -> bool:
        """Return whether a text tells of the person."""
        return bool(self.pattern and self.pattern.search(plain(text)[0]))

    def redact(self, text: str) -> str:
        """Return a text without what tells of the person."""
        if self.pattern is None:
            return text
        read, places = plain(text)
        pieces, end = [], 0
        for match in self.pattern.finditer(read):
            start, stop = places[match.start()][0], places[match.end() - 1][1]
            if start >= end:
                pieces += [text[end:start], MARK]
                end = stop
        return MARKS.sub(MARK, "".join([*pieces, text[end:]])) if pieces else text

    def redact_json(self, value: Any) -> Any:
        """Return what JSON holds, keys as they are, without what tells of the person."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self.redact_json(item) for item in value]
        if isinstance(value, dict):
            return {key: self.redact_json(item) for key, item in value.items()}
        return value


def by_length(texts: Iterable[str]) -> list[str]:
    """Return texts with the longest first, so that none is found only in part."""
    return sorted(texts, key=lambda text: (-len(text), text))


def redactor_of(
    *,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    people: Iterable[tuple[str, str]] = (),
    values: Iterable[str] = (),
) -> Redactor:
    """Return what finds a person by their addresses, numbers, names (first and last) and other values.

    A part of a name that is written small, such as “van”, is nobody's alone; nor is a value of a few letters.
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
