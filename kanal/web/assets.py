"""The built front end: URLs of bundles, and icons for rows rendered by Jinja2."""

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

BUILT = "built/"


def built(name: str) -> str:
    """Return the URL of a bundled file, such as `main.css`."""
    return static(BUILT + name)


@cache
def icon(name: str, extra: str = "") -> SafeString:
    """Return the markup of a sprite icon for rows rendered by Jinja2. `extra` is an additional class."""
    css = f"icon {extra}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, built("icons.svg"), name
    )
