"""Field types with text values: plain, long, e-mail, phone, web address, color."""

import re
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.fields import columns
from kanal.core.fields.field import CleanContext, Field
from kanal.core.fields.types import FieldType
from kanal.kit.addresses import normalize_email, normalize_website
from kanal.kit.phones import match_key


class TextType(FieldType):
    """A short text."""

    key = "text"
    label = gettext_lazy("Text")
    model_fields: tuple[type, ...] = (models.CharField,)
    schema = {"type": "string", "examples": ["Berg Shipping"]}

    def nothing(self, field: Field) -> Any:
        """Return an empty text for a column, None for a custom field."""
        return None if field.is_custom else ""

    def clean(self, field: Field, raw: Any, context: CleanContext) -> str:
        """Return the text. Raise ValueError if it isn't text, is too long, or doesn't match the field's pattern."""
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
            raise ValueError(_("This must be a string."))
        text = str(raw)
        if "\x00" in text:
            raise ValueError(_("This text contains a character that can't be stored."))
        if field.max_length and len(text) > field.max_length:
            raise ValueError(
                _("This has %(length)s characters; at most %(limit)s are allowed.")
                % {"length": len(text), "limit": field.max_length}
            )
        if field.pattern and not re.fullmatch(field.pattern, text):
            raise ValueError(_("The value doesn't match the required format (%(form)s).") % {"form": field.pattern})
        return text

    def limit(self, field: Field, value: Any) -> None:
        """Skip limits: only the length is limited."""


class LongTextType(TextType):
    """A multi-line text."""

    key = "long_text"
    label = gettext_lazy("Long text")
    model_fields = (models.TextField,)
    schema = {"type": "string", "examples": ["Met at the fair."]}


class EmailType(TextType):
    """An e-mail address, normalized."""

    key = "email"
    label = gettext_lazy("E-mail")
    model_fields = (models.EmailField,)
    schema = {"type": "string", "format": "email", "examples": ["ada@berg.example"]}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> str:
        """Return the normalized address. Raise ValueError if it is invalid."""
        return normalize_email(super().clean(field, raw, context))


def region() -> str | None:
    """Return the default country of phone numbers."""
    from kanal.core import settings

    return settings.value("company.country") or None


class PhoneType(TextType):
    """A phone number, stored as E.164 if it can be parsed."""

    key = "phone"
    label = gettext_lazy("Phone")
    model_fields = (columns.PhoneColumn,)
    schema = {"type": "string", "examples": ["+4722334455"]}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> str:
        """Return the normalized number. Raise ValueError for a text without digits."""
        text = super().clean(field, raw, context)
        if not any(character.isdigit() for character in text):
            raise ValueError(_("Enter a phone number."))
        key = match_key(text, context.country or region())
        return key if key.startswith("+") else text


class LinkType(TextType):
    """A web address."""

    key = "link"
    label = gettext_lazy("Link")
    model_fields = (models.URLField,)
    schema = {"type": "string", "format": "uri", "examples": ["https://berg.example"]}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> str:
        """Add https:// if there is no scheme. Raise ValueError for schemes other than http and https."""
        text = super().clean(field, raw, context)
        if "://" not in text and not re.match(r"^[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
            text = "https://" + text
        if not re.match(r"^https?://[^\s/$.?#][^\s\"<>]*$", text, re.IGNORECASE):
            raise ValueError(_("Enter a web address such as https://example.com."))
        try:
            return normalize_website(text)
        except ValueError:
            raise ValueError(_("Enter a web address such as https://example.com.")) from None


class ColourType(TextType):
    """A color as #rrggbb."""

    key = "colour"
    label = gettext_lazy("Colour")
    model_fields = (columns.ColourColumn,)
    schema = {"type": "string", "pattern": "^#[0-9a-f]{6}$", "examples": ["#2f6fed"]}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> str:
        """Return the color. Raise ValueError if it isn't one."""
        text = super().clean(field, raw, context).lower()
        if not re.fullmatch(r"#[0-9a-f]{6}", text):
            raise ValueError(_("Enter a colour such as #2f6fed."))
        return text
