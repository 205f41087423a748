"""How likely a text is one of a language: by its letters, of wide alphabets by how usual its signs are."""

from __future__ import annotations

import itertools
import math
import re
from functools import cache, lru_cache

from kanal.kit.reading.alphabets import ALPHABETS, COMMON_SIGNS, FOREIGN, SHARES, VOWELS

# Encodings that take several bytes for a letter, with the script that they are made for.
WIDE = {"cp932": "japanese", "euc-jp": "japanese", "gb18030": "chinese", "big5": "taiwanese", "euc-kr": "korean"}
# The first bytes of the usual signs in the standard of each script.
_USUAL = {
    "japanese": ("euc-jp", 0xB0, 0xCF), "chinese": ("gb2312", 0xB0, 0xD7), "taiwanese": ("big5", 0xA4, 0xC6),
    "korean": ("euc-kr", 0xB0, 0xC8),
}  # fmt: skip
_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_WORDS = re.compile(r"[^\W\d_]{0,40}[^\x00-\x7f\W\d_][^\W\d_]{0,40}")
# Signs within a word, or ® and its like before one, are wrongly read letters.
_WITHIN = re.compile(r"[^\W\d_][^\x00-\x7f\w’‘–\u00ad\u00a0·][^\W\d_]|[®©™¦¤¬¶±¾¼½¸¹][^\W\d_]")
_SIGN, _ODD_SIGN, _USUAL_WIDE, _RARE_WIDE = 0.002, 0.000_01, 0.000_5, 0.000_000_1
_KANA_SHARE, _HANGUL_SHARE = 0.01, 0.001
_TURN, _MIXED = 3.0, 6.0


def likelihood(text: str, encoding: str = "") -> float:
    """Return the logarithm of how likely the signs beyond ASCII of a text are, in the language that suits it best."""
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
    """Return the logarithm of each letter's share, by language."""
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
    return small if len(small) == 1 else letter  # the Turkish capital with a dot is two signs when it is small


def _of_word(word: str) -> float:
    """Return what speaks against a word: letters of two scripts or cases in it, vowels and consonants in heaps."""
    kinds = [letter in VOWELS for letter in word.lower()]
    turns = sum(a != b for a, b in itertools.pairwise(kinds)) / max(len(kinds) - 1, 1)
    if word > "\u0590":
        return 0.0  # scripts without vowels or cases
    return _TURN * (turns - 1) - _MIXED * (_is_mixed(word) + _has_two_scripts(word))


def _is_mixed(word: str) -> bool:
    """Return whether a small letter stands before a capital one, as wrongly read words have it."""
    return not word.isupper() and any(a.islower() and b.isupper() for a, b in itertools.pairwise(word))


def _has_two_scripts(word: str) -> bool:
    """Return whether Latin letters stand beside those of other alphabets."""
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
