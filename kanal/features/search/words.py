"""The words of records and of search queries. Pure, no database."""

import re
from collections.abc import Iterable

from kanal.kit.letters import fold

Meanings = list[list[str]]
WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"\(?\+?[\d\s()./\-]{5,24}")
SHORTEST_NUMBER = 6
SHORTEST_PHONE = 8
LONGEST_WORD = 60
MOST_WORDS = 120
HEADS = (5, 3)


def index_words(texts: Iterable[str], phones: Iterable[str] = ()) -> str:
    """Return the unique folded words of a record. Phone numbers are also included by their last digits."""
    parts: dict[str, None] = {}
    for text in texts:
        for word in WORD.findall(fold(text)):
            parts.setdefault(word[:LONGEST_WORD])
        joined = "".join(WORD.findall(fold(text)))
        if len(text) <= LONGEST_WORD and joined:
            parts.setdefault(joined)
    for phone in phones:
        digits = "".join(filter(str.isdigit, phone))
        for start in range(max(len(digits) - SHORTEST_NUMBER + 1, 0)):
            parts.setdefault(digits[start:])
    return " ".join(list(parts)[:MOST_WORDS])


def asked_words(text: str) -> list[str]:
    """Return the words of a query, at most eight. A number with spaces or dashes is one word."""
    text = text.replace("\x00", "")[:200].strip()
    if NUMBER.fullmatch(text):
        digits = "".join(filter(str.isdigit, text.replace("(0)", "")))
        if len(digits) >= SHORTEST_NUMBER:
            return [digits.lstrip("0") if len(digits) >= SHORTEST_PHONE else digits.removeprefix("00")]
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text))][:8]


def spellable(folded: str) -> list[str]:
    """Return the words of a name that could be misspelled: letters only, at least four."""
    return [word for word in dict.fromkeys(WORD.findall(folded)) if word.isalpha() and 4 <= len(word) <= 40]


def tsquery(meanings: Meanings) -> str:
    """Return the tsquery: a prefix for each word and its possible meanings.

    A few letters next to longer words are left to `patterns`: half of all entries have a word with that prefix, and the
    index would list them. A few digits alone match only that exact number. Words are letters and digits only.
    """
    longer = [words for words in meanings if head_of(min(words, key=len))]
    parts = [" | ".join(f"'{word}'{beginning_of(word)}" for word in words) for words in longer or meanings]
    return " & ".join(f"({part})" for part in parts)


def beginning_of(word: str) -> str:
    """Return the suffix that makes a word a prefix match."""
    return "" if word.isdigit() and not head_of(word) else ":*"


def patterns(meanings: Meanings) -> list[list[str]]:
    """Return the patterns for each word, one of which matches a text with a space before each word."""
    return [[f"% {word}%" for word in words] for words in meanings]


def heads_query(meanings: Meanings, scope: Iterable[str]) -> str:
    """Return the tsquery by first letters among entries with a word of a scope. Empty if all are too short.

    It only contains whole words of the index, which reads a thousandth of a million entries at once.
    """
    heads = [[head_of(word) for word in words] for words in meanings]
    parts = [" | ".join(f"'^{head}'" for head in each) for each in heads if all(each)]
    among = " | ".join(f"'@{word}'" for word in sorted(scope))
    return " & ".join(f"({part})" for part in (among, *parts)) if parts else ""


def head_of(word: str) -> str:
    """Return a word's first letters as indexed, empty for a shorter word."""
    return next((word[:size] for size in HEADS if len(word) >= size), "")


def score(folded: str, question: str, words: list[str]) -> int:
    """Return the rank of a hit: exact name, name prefix, word of the name, anything else."""
    if folded == question:
        return 4
    if folded.startswith(question):
        return 3
    inside = WORD.findall(folded)
    return sum(any(part.startswith(word) for part in inside) for word in words) * 2 // max(len(words), 1)
