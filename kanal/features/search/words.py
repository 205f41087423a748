"""Which words a record is found by, and which ones a question asks for; pure, no database."""

import re
from collections.abc import Iterable

from kanal.kit.letters import fold

WORD = re.compile(r"[^\W_]+")
NUMBER = re.compile(r"[+(]?[\d\s()./\-]{5,24}")
SHORTEST_NUMBER = 6
LONGEST_WORD = 60
MOST_WORDS = 120


def words_of(texts: Iterable[str], phones: Iterable[str] = ()) -> str:
    """Give the folded words of a record, each once; a phone number also by its last digits, in any spelling."""
    found: dict[str, None] = {}
    for text in texts:
        for word in WORD.findall(fold(text)):
            found.setdefault(word[:LONGEST_WORD])
        joined = "".join(WORD.findall(fold(text)))
        if len(text) <= LONGEST_WORD and joined:
            found.setdefault(joined)
    for phone in phones:
        digits = "".join(filter(str.isdigit, phone))
        for start in range(max(len(digits) - SHORTEST_NUMBER + 1, 0)):
            found.setdefault(digits[start:])
    return " ".join(list(found)[:MOST_WORDS])


def asked_words(text: str) -> list[str]:
    """Give the words of a question, at most eight; a number written with spaces or dashes is one word."""
    text = text.replace("\x00", "")[:200].strip()
    if NUMBER.fullmatch(text):
        digits = "".join(filter(str.isdigit, text))
        if len(digits) >= SHORTEST_NUMBER:
            return [digits.removeprefix("00")]
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text))][:8]


def tsquery(words: list[str]) -> str:
    """Write the question for PostgreSQL: every word as the beginning of one; words are letters and digits alone."""
    return " & ".join(f"'{word}':*" for word in words)


def spellable(folded: str) -> list[str]:
    """Give the words of a name that somebody could misspell: letters alone, at least four."""
    return [word for word in dict.fromkeys(WORD.findall(folded)) if word.isalpha() and 4 <= len(word) <= 40]


def loose_tsquery(words: list[str], meant: dict[str, list[str]]) -> str:
    """Write the question with what each word may have meant beside it."""
    parts = [" | ".join(f"'{one}':*" for one in [word, *meant.get(word, [])]) for word in words]
    return " & ".join(f"({part})" for part in parts)


def score(folded: str, question: str, words: list[str]) -> int:
    """Rank a hit: the very name, a name that begins so, a word of the name, anything else."""
    if folded == question:
        return 4
    if folded.startswith(question):
        return 3
    inside = WORD.findall(folded)
    return sum(any(one.startswith(word) for one in inside) for word in words) * 2 // max(len(words), 1)
