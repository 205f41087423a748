"""`{% icon name %}`: a sprite icon, cheaper than a component. `<c-icon>` is compiled to this tag."""

from django import template
from django.utils.safestring import SafeString

from kanal.web import assets

register = template.Library()


@register.simple_tag
def icon(name: object, size: str = "", extra: str = "") -> SafeString:
    """Return the markup of an icon, with an optional size and additional classes."""
    return assets.icon(str(name), " ".join(filter(None, [f"icon-{size}" if size else "", extra])))
