"""Template loading: components compiled by cotton, icons as a plain tag, since pages have dozens of them."""

import re

from django_cotton.cotton_loader import Loader as ComponentLoader

ICON = re.compile(
    r'<c-icon (?P<bound>:?)name="(?P<name>[^"{\s]+)"(?: size="(?P<size>[a-z]+)")?(?: class="(?P<extra>[^"{]*)")? />'
)


def tag_of(match: re.Match[str]) -> str:
    """Return an icon component as the tag."""
    name = match["name"] if match["bound"] else f'"{match["name"]}"'
    return f'{{% icon {name} "{match["size"] or ""}" "{match["extra"] or ""}" %}}'


class Loader(ComponentLoader):
    """Loads templates with components."""

    def _get_template_string(self, template_name: str) -> str:
        """Return a template with icons replaced by tags."""
        return ICON.sub(tag_of, super()._get_template_string(template_name))
