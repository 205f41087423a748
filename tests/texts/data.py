"""What on a page is data: values of the database, and what the language's own formats contain."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_timedelta
from django.apps import apps
from django.db import models

from kanal.core.fields.code_tables import zone_options
from kanal.entities.intake.senders import SENDERS
from tests.texts.pseudo import CLOSE, OPEN

LANGUAGE = Locale("de")
IN_BRACKETS = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
WORD = re.compile(r"[^\W\d_]{2,}")
# Names and abbreviations that are the same in every language, and addresses.
NAMES = (
    r"\b(?:https?://)?(?:[\w-]+\.)+(?:com|example|org|no)\b(?:/\S*)?|https?://\S+|\S+@\S+\.\w+|\b[A-Z][A-Za-z]+(?:/[A-Z][\w-]+)+\b|#[0-9a-fA-F]{6}\b|\{\w+\}"
    r"|\b(?:Kanal|Word|Excel|CSV|XLSX|PDF|API|URL|JSON|vCard|HTML|UTF|LE|BE|Latin|Windows|Mac|UTC|GMT|IBAN|CRM|ID|CPU|MB|GB|kB|ms|min|Ctrl|Esc)\b"
)
CONSTANT = re.compile(NAMES)


def mark_names() -> None:
    """Mark the names that the seed gives to statuses, roles and categories, so that they are known as data."""
    for model in apps.get_models():
        column = next((field for field in model._meta.concrete_fields if field.name == "name"), None)
        if isinstance(column, models.CharField) and model.__module__.startswith("kanal"):
            for row in model._default_manager.all():
                if not row.name.startswith("†"):
                    model._default_manager.filter(pk=row.pk).update(name=f"†{row.name}"[: column.max_length])


def stored_texts() -> set[str]:
    """Return the texts of all rows, without those of columns that hold keys."""
    return {text.strip() for model in apps.get_models() for text in texts_in(model) if len(text.strip()) > 1}


def texts_in(model: type[models.Model]) -> Iterator[str]:
    """List the texts in the rows of a model."""
    columns = [
        column.attname
        for column in model._meta.concrete_fields
        if not getattr(column, "choices", None) and not isinstance(column, models.SlugField) and column.name != "key"
    ]
    for row in model._default_manager.values_list(*columns):
        for value in row:
            yield from strings(value)


def strings(value: Any) -> Iterator[str]:
    """List the texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in strings(item))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in strings(item))


def distances() -> set[str]:
    """Return the words around the number of "8 months ago" and "1 minute"."""
    patterns = {format_timedelta(timedelta(days), granularity=unit, threshold=100, add_direction=True, locale=LANGUAGE)
                for days in (-9000, -1, 1, 9000) for unit in ("year", "month", "week", "day")}  # fmt: skip
    patterns |= {format_timedelta(timedelta(**{f"{unit}s": n}), granularity=unit, threshold=100, locale=LANGUAGE)
                 for unit in ("minute", "hour", "day", "week") for n in (1, 2)}  # fmt: skip
    return {word for pattern in patterns for word in re.split(r"[\s\d.]+", pattern) if word}


@lru_cache
def formats() -> set[str]:
    """Return the words of the language's own formats: months, days, distances in time, countries, currencies."""
    names = {*LANGUAGE.territories.values(), *LANGUAGE.currencies.values(), *LANGUAGE.languages.values()}
    names |= set(LANGUAGE.currencies)
    for kinds in (LANGUAGE.months, LANGUAGE.days):
        names |= {str(name) for kind in kinds.values() for width in kind.values() for name in width.values()}
    names |= distances()
    names |= {option.label for option in zone_options()} | {str(sender.label) for sender in SENDERS.values()}
    return names


# A translated text that follows another one, or stands in another one where no quotation mark or other sign sets it
# apart: languages order and inflect words, so such a sentence can't be translated.
IN_SENTENCE = re.compile(rf"(?:[\w~]|(?<![.!?:…]){CLOSE})[\s\d]*{OPEN}")


def put_together(text: str) -> str:
    """Return the place at which a text was put together of translated parts; "" if it is one."""
    match = IN_SENTENCE.search(text)
    return text[max(0, match.start() - 40) : match.end() + 40] if match else ""


class Known:
    """Decides what is left of a text without brackets and data."""

    def __init__(self, texts: set[str]) -> None:
        self.exact = texts | formats()
        self.longest = sorted((text for text in self.exact if WORD.search(text)), key=len, reverse=True)
        self.rests: dict[str, str] = {}

    def rest(self, text: str) -> str:
        """Return the words of a text that are neither translated nor data; "" for none."""
        text = " ".join(text.split())
        if text not in self.rests:
            self.rests[text] = self.without_known(text)
        return self.rests[text]

    def without_known(self, text: str) -> str:
        """Take out what is in brackets, then what is data."""
        plain, before = text, ""
        while plain != before:
            plain, before = IN_BRACKETS.sub(" ", plain), plain
        plain = plain.strip()
        if plain in self.exact:
            return ""
        plain = CONSTANT.sub(" ", plain).strip()
        if not WORD.search(plain):
            return ""
        for known in self.longest:
            if known in plain:
                plain = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", plain)
                if not WORD.search(plain):
                    return ""
        return " ".join(plain.split())
