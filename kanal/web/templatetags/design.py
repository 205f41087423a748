"""Filters for components: initials, an avatar's hue, the kind of a form field."""

from zlib import crc32

from django import forms, template
from django.forms import BoundField

register = template.Library()


@register.filter
def initials(name: object) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    picked = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in picked).upper()


@register.filter
def hue(name: object) -> int:
    """Return a hue (0–359) that's always the same for a name."""
    return crc32(str(name or "").encode()) % 36 * 10


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Return whether a bound field is a single checkbox, whose label follows it."""
    return isinstance(field.field.widget, forms.CheckboxInput)
