"""Recognising what tells of a person in texts, and putting a mark in its place; pure, no models (LEAD-8)."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import phonenumbers

MARK = "[…]"
SEPARATORS = r"[\s().\-/\u00a0]*"
SHORTEST_PART = 3
SHORTEST_VALUE = 4
MARKS = re.compile(re.escape(MARK) + r"(?:[\s,]+" + re.escape(MARK) + r")+")


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
        """Return what matches any of them as whole words, the longest first; None where there is nothing to find."""
        texts = {*self.identifiers, *self.names, *self.parts, *self.values}
        spellings = {spelling for text in texts for spelling in (text, html.escape(text), html.escape(text, False))}
        found = [re.escape(one).replace(r"\ ", r"\s+") for one in sorted(spellings, key=len, reverse=True)]
        found = [rf"(?<!\w){one}(?!\w)" for one in found] + [phone_pattern(one) for one in sorted(self.phones)]
        return re.compile("|".join(found), re.IGNORECASE) if found else None

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
        return bool(self.pattern and self.pattern.search(text))

    def redact(self, text: str) -> str:
        """Return a text without what tells of the person."""
        if self.pattern is None:
            return text
        found = self.pattern.sub(MARK, text)
        return MARKS.sub(MARK, found) if found != text else text

    def redact_json(self, value: Any) -> Any:
        """Return what JSON holds, keys as they are, without what tells of the person."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self.redact_json(one) for one in value]
        if isinstance(value, dict):
            return {key: self.redact_json(one) for key, one in value.items()}
        return value

    @property
    def needles(self) -> list[str]:
        """Return short texts, one of which stands in whatever holds an address or a number of the person."""
        digits = {national(phone)[-4:] for phone in self.phones}
        return sorted({*self.identifiers, *digits} - {""})


def national(phone: str) -> str:
    """Return the digits of a number without those of its country."""
    try:
        return str(phonenumbers.parse(phone).national_number)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", phone).lstrip("0")


def phone_pattern(phone: str) -> str:
    """Return what matches a number in any spelling, with or without its country."""
    try:
        country = str(phonenumbers.parse(phone).country_code)
    except phonenumbers.NumberParseException:
        country = ""
    prefix = rf"(?:(?:\+|00)?{SEPARATORS}{SEPARATORS.join(country)}{SEPARATORS})?" if country else ""
    return rf"(?<![\d+]){prefix}(?:0{SEPARATORS})?{SEPARATORS.join(national(phone))}(?!\d)"


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
        for part in (first, last, *first.split(), *last.replace("-", " ").split()):
            if len(part) >= SHORTEST_PART and not part.islower():
                parts.add(part)
        parts |= {part for part in (first, last) if len(part) >= SHORTEST_PART}
    return Redactor(
        frozenset(filter(None, emails)),
        frozenset(phone for phone in phones if len(national(phone)) >= 5),
        frozenset(names),
        frozenset(parts),
        frozenset(one for one in values if len(one) >= SHORTEST_VALUE),
    )
