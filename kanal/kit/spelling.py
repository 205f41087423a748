"""Spelling variants of a person's names, addresses and numbers: patterns for plain, folded texts (LEAD-8)."""

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote

import phonenumbers

from kanal.kit.hosts import ascii_host, readable_host
from kanal.kit.letters import fold

Places = list[tuple[int, int]]
SEPARATORS = r"[\s().\-/:·]*"
AT = r"(?:\s*(?:@|[(\[{]\s*at\s*[)\]}])\s*|\s+at\s+)"
DOT = r"(?:\.|\s*[(\[{]\s*dot\s*[)\]}]\s*|\s+dot\s+)"
UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
# Encoded letters: HTML entities, percent-encoding, JSON escapes; and invisible characters.
WRITTEN = re.compile(
    rf"&(?:#\d{{1,7}}|#x[0-9a-f]{{1,6}}|[a-z][a-z0-9]{{1,30}});|(?:%[0-9a-f]{{2}})+|\\u[0-9a-f]{{4}}|[{UNSEEN}]+", re.I
)
GERMAN = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe"), ("æ", "ae"))
MOST_ENDINGS = 8


def fold_with_offsets(text: str) -> tuple[str, Places]:
    """Return the decoded, folded text, with the position of each letter in the original."""
    if text.isascii() and not any(mark in text for mark in "&%\\"):
        return text.lower(), [(place, place + 1) for place in range(len(text))]
    letters: list[str] = []
    places: Places = []
    end = 0
    for match in WRITTEN.finditer(text):
        add_letters(text, end, match.start(), letters, places)
        meant = fold(meaning(match.group()))
        letters.append(meant)
        places += [match.span()] * len(meant)
        end = match.end()
    add_letters(text, end, len(text), letters, places)
    return "".join(letters), places


def add_letters(text: str, start: int, end: int, letters: list[str], places: Places) -> None:
    """Append part of a text letter by letter. A combining mark belongs to the letter before it."""
    for place in range(start, end):
        folded = fold(text[place])
        letters.append(folded)
        places += [(place, place + 1)] * len(folded)
        if not folded and places:
            places[-1] = (places[-1][0], place + 1)


def meaning(written: str) -> str:
    """Return the meaning of an entity or escape, empty for invisible characters."""
    if written[0] == "&":
        return html.unescape(written)
    if written[0] == "%":
        return unquote(written)
    return chr(int(written[2:], 16)) if written[0] == "\\" else ""


def spellings(name: str) -> set[str]:
    """Return the folded spellings of a name, with German and Danish transcriptions: “mueller” and “muller” match."""
    folded, spelled = fold(name), name.lower()
    for umlaut, two in GERMAN:
        spelled = spelled.replace(umlaut, two)
    return {folded, fold(spelled), *(folded.replace(two, fold(umlaut)) for umlaut, two in GERMAN if two in folded)}


def word_pattern(folded: str) -> str:
    """Return a pattern for words with any spacing, where hyphens and apostrophes are optional."""
    pattern = re.escape(folded).replace(r"\ ", r"\s+").replace("'", r"'?").replace(r"\-", r"\s?-?\s?")
    return rf"(?<!\w){pattern}(?!\w)"


def address_pattern(address: str) -> str:
    """Return a pattern for an e-mail address, with any plus tag, also with its symbols spelled out."""
    local, _at, domain = address.rpartition("@")
    hosts = {fold(host) for host in (domain, ascii_host(domain), readable_host(domain)) if host}
    spelled = "|".join(DOT.join(map(re.escape, host.split("."))) for host in sorted(hosts))
    return rf"(?<![\w.+\-]){re.escape(fold(local.partition('+')[0]))}(?:\+[\w.\-]+)?{AT}(?:{spelled})(?![\w\-])"


def link_pattern(link: str) -> str:
    """Return a pattern for a link. For a page of the person, the common start of links is optional."""
    read = fold_with_offsets(link)[0].rstrip("/")
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", read)
    if "/" in bare:
        return rf"(?<![\w.])(?:https?://)?(?:www\.)?{re.escape(bare)}/?(?![\w\-])"
    return rf"(?<!\w){re.escape(read)}(?!\w)"


def national(phone: str) -> str:
    """Return the digits of a number without its country code."""
    try:
        return str(phonenumbers.parse(phone).national_number)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", phone).lstrip("0")


def phone_pattern(phone: str) -> str:
    """Return a pattern for any spelling of a number, with or without its country code."""
    try:
        country = str(phonenumbers.parse(phone).country_code)
    except phonenumbers.NumberParseException:
        country = ""
    prefix = rf"(?:(?:\+|00)?{SEPARATORS}{SEPARATORS.join(country)}{SEPARATORS})?" if country else ""
    return rf"(?<![\d+]){prefix}(?:\(?0{SEPARATORS})?\(?{SEPARATORS.join(national(phone))}(?!\d)"


def roughly(identifiers: Iterable[str], phones: Iterable[str], names: Iterable[str]) -> set[str]:
    """Return broad PostgreSQL patterns that preselect rows for a closer check."""
    patterns = set()
    for identifier in identifiers:
        local, at, domain = identifier.lower().rpartition("@")
        if at:
            hosts = {host.partition(".")[0] for host in (domain, ascii_host(domain), readable_host(domain)) if host}
            patterns |= {f"{escaped(local.partition('+')[0])}.{{1,60}}{escaped(host)}" for host in hosts}
        else:
            patterns.add(escaped(re.sub(r"^(?:https?://)?(?:www\.)?", "", identifier.lower()).rstrip("/")))
    patterns |= {
        r"(?:[^0-9]|&#[0-9]+;){0,4}".join(national(phone)[-MOST_ENDINGS:]) for phone in phones if national(phone)
    }
    for name in names:
        for spelling in {name.lower(), *spellings(name)}:
            patterns.add(".{1,8}".join(map(escaped, re.split(r"[\s,'’\-]+", spelling))))
    return patterns - {""}


def escaped(text: str) -> str:
    """Return a PostgreSQL pattern that matches a text literally."""
    return re.sub(r"([^\w\s])", r"\\\1", text)
