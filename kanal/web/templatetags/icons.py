"""`{% icon name %}`: an icon of the sprite, without the price of a component; `<c-icon>` is read as this tag."""

from django import template
from django.utils.safestring import SafeString

from kanal.web import assets

register = template.Library()


@register.simple_tag
def icon(name: object, size: str = "", extra: str = "") -> SafeString:
    """Return the markup of an icon, in a size of its own and with further classes."""
    return assets.icon(str(name), " ".join(filter(None, [f"icon-{size}" if size else "", extra])))
