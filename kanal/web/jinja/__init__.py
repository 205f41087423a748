"""The environment for frequently repeated parts of a page, rendered from plain values: rows, cards, facts, fields."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kanal.web.assets import icon


@cache
def environment() -> Environment:
    """Create the environment once. Values not marked safe are escaped, undefined names are errors."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=settings.DEBUG,
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["icon"] = icon
    made.filters["linebreaksbr"] = linebreaksbr
    return made


def render(name: str, **context: Any) -> Markup:
    """Render a template of this folder. A page renders dozens, so none of them copies the globals key by key."""
    template = environment().get_template(name)
    parts = template.root_render_func(template.new_context({**_globals(), **context}, shared=True))
    return Markup("".join(parts))  # noqa: S704


@cache
def _globals() -> dict[str, Any]:
    """Return what every template can use."""
    return dict(environment().globals)
