"""How likely a text belongs to a language: by its letters, and for large scripts by how common its characters are."""

from __future__ import annotations

import itertools
import math
import re
from functools import cache, lru_cache

from kanal.kit.reading.alphabets import ALPHABETS, COMMON_SIGNS, FOREIGN, SHARES, VOWELS

# Multibyte encodings with their script.
WIDE = {"cp932": "japanese", "euc-jp": "japanese", "gb18030": "chinese", "big5": "taiwanese", "euc-kr": "korean"}
# The lead bytes of common characters in each script's standard.
_USUAL = {
    "japanese": ("euc-jp", 0xB0, 0xCF), "chinese": ("gb2312", 0xB0, 0xD7), "taiwanese": ("big5", 0xA4, 0xC6),
    "korean": ("euc-kr", 0xB0, 0xC8),
}  # fmt: skip
_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_WORDS = re.compile(r"[^\W\d_]{0,40}[^\x00-\x7f\W\d_][^\W\d_]{0,40}")
# These symbols within a word, or ® and the like before one, are incorrectly decoded letters.
_WITHIN = re.compile(r"[^\W\d_][^\x00-\x7f\w’‘–\u00ad\u00a0·][^\W\d_]|[®©™¦¤¬¶±¾¼½¸¹][^\W\d_]")
_SIGN, _ODD_SIGN, _USUAL_WIDE, _RARE_WIDE = 0.002, 0.000_01, 0.000_5, 0.000_000_1
_KANA_SHARE, _HANGUL_SHARE = 0.01, 0.001
_TURN, _MIXED = 3.0, 6.0


def likelihood(text: str, encoding: str = "") -> float:
    """Return the log-likelihood of a text's non-ASCII characters in the best-matching language."""
    signs = _BEYOND.findall(text)
    odd = -_MIXED * len(_WITHIN.findall(text))
    if script := WIDE.get(encoding):
        return odd + sum(math.log(_share_wide(sign, script)) for sign in signs) - _MIXED * _beside_ascii(text)
    letters = [_small(sign) for sign in signs if sign.isalpha()]
    odd += sum(math.log(_SIGN if sign in COMMON_SIGNS else _ODD_SIGN) for sign in signs if not sign.isalpha())
    best = max(sum(shares.get(letter, _FOREIGN_LOG) for letter in letters) for shares in _languages())
    return odd + best + sum(map(_of_word, _WORDS.findall(text)))


@cache
def _languages() -> tuple[dict[str, float], ...]:
    """Return the logarithm of each letter's frequency, by language."""
    languages = []
    for classes in ALPHABETS.values():
        shares: dict[str, float] = {}
        for letters, share in zip(classes.split("|"), SHARES, strict=False):
            shares |= dict.fromkeys(letters, math.log(share))
        languages.append(shares)
    return tuple(languages)


_FOREIGN_LOG = math.log(FOREIGN)


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter  # the lowercase of the Turkish dotted capital is two characters


def _of_word(word: str) -> float:
    """Return the penalty of a word: mixed scripts or cases, clusters of vowels or consonants."""
    kinds = [letter in VOWELS for letter in word.lower()]
    turns = sum(a != b for a, b in itertools.pairwise(kinds)) / max(len(kinds) - 1, 1)
    if word > "\u0590":
        return 0.0  # scripts without vowels or case
    return _TURN * (turns - 1) - _MIXED * (_is_mixed(word) + _has_two_scripts(word))


def _is_mixed(word: str) -> bool:
    """Return whether a lowercase letter precedes a capital, as in incorrectly decoded words."""
    return not word.isupper() and any(a.islower() and b.isupper() for a, b in itertools.pairwise(word))


def _has_two_scripts(word: str) -> bool:
    """Return whether a word mixes Latin letters with those of other alphabets."""
    return any(letter < "\x80" for letter in word) and any("\u0370" <= letter <= "\u06ff" for letter in word)


def _beside_ascii(text: str) -> int:
    return len(re.findall(r"[A-Za-z][\u3040-\uffef]|[\u3040-\uffef][a-z]", text))


@lru_cache(maxsize=20_000)
def _share_wide(sign: str, script: str) -> float:
    if sign in COMMON_SIGNS:
        return _SIGN
    if script == "japanese" and _KANA.match(sign):
        return _KANA_SHARE
    standard, first, last = _USUAL[script]
    try:
        lead = sign.encode(standard)[0]
    except UnicodeEncodeError:
        return _RARE_WIDE
    if script == "korean" and first <= lead <= last:
        return _HANGUL_SHARE
    return _USUAL_WIDE if first <= lead <= last else _RARE_WIDE * 100
