"""The environment for frequently repeated parts of a page, rendered from plain values: rows, cards, facts, timeline."""

from functools import cache
from pathlib import Path
from typing import Any

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
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["icon"] = icon
    made.filters["linebreaksbr"] = linebreaksbr
    return made


def render(name: str, **context: Any) -> Markup:
    """Render a template of this folder."""
    return Markup(environment().get_template(name).render(**context))  # noqa: S704
