"""The marks of a record as small tags, the same in lists, boards, heads and homes (OPP-7)."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup, escape

from kanal.core.fields import Field
from kanal.core.marks import Mark
from kanal.web.assets import icon


def mark_tag(mark: Mark) -> Markup:
    """Return a mark as a tag with its icon. Its tooltip explains it."""
    html = f'<span class="mark-tag" data-tone="{mark.tone}" title="{escape(mark.help)}">{icon(mark.icon)}'
    return Markup(f"{html}{escape(mark.label)}</span>")  # noqa: S704 - the texts are escaped


def marks_writer(field: Field) -> Callable[[Iterable[str]], Markup]:
    """Return the function that renders the marks of a record, given by key. It is made once for many records."""
    tags: dict[Any, Markup] = {mark.key: mark_tag(mark) for mark in field.marks}
    return lambda keys: Markup(" ").join(tags[key] for key in keys)
