"""A language whose every text is the English one in brackets, accented and 40 % longer: «Ñéẁ léád ~~~».

It is no catalogue: Django asks an object for the translation of a text, and this one makes it. Its code is that of
German in a region that does not exist, so numbers and days are written as in German, and English ones are found.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from django.test import override_settings
from django.utils.translation import trans_real

CODE = "de-xx"
OPEN, CLOSE = "«", "»"
LETTERS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
# What a text contains that isn't words: placeholders, elements, references to characters.
PLACES = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\{.*?\}\}|\{\w*\}|<[^<>]+>|&#?\w+;)")
LONGER = 0.4
ENDS = ".!?:… \n"


def pseudo(text: str) -> str:
    """Return a text in the pseudo-language."""
    body = text.rstrip(ENDS)
    parts = PLACES.split(body)
    parts[::2] = [part.translate(LETTERS) for part in parts[::2]]
    filling = "~" * max(2, int(len(text) * LONGER))
    return f"{OPEN}{''.join(parts)} {' '.join(re.findall('.{1,8}', filling))}{text[len(body) :]}{CLOSE}"


class PseudoTranslation(NullTranslations):
    """The translation object of the pseudo-language, with what Django asks of one."""

    def to_language(self) -> str:
        """Return the language's code, as `get_language` gives it."""
        return CODE

    def gettext(self, message: str) -> str:
        """Return the translation of a text; Django writes a context before it."""
        return pseudo(message.rpartition(trans_real.CONTEXT_SEPARATOR)[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation of a text with a number."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def installed() -> Iterator[None]:
    """Have the pseudo-language among Kanal's languages until the end of the block."""
    from django.conf import settings

    with override_settings(LANGUAGES=[*settings.LANGUAGES, (CODE, pseudo("Pseudo"))]):
        trans_real._translations[CODE] = PseudoTranslation()  # type: ignore[attr-defined]
        try:
            yield
        finally:
            trans_real._translations.pop(CODE, None)  # type: ignore[attr-defined]
