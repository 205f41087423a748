"""`{% filter_editor … %}`: the conditions of a filter in a form, as chips and as text."""

from typing import Any

from django import template

from kanal.core import registry
from kanal.core.query import FilterContext
from kanal.web.lists.filter_editor import FilterEditor

register = template.Library()


@register.inclusion_tag("pages/filters/editor.html", takes_context=True)
def filter_editor(
    context: Any, over: str, text: str, name: str, control_id: str, described_by: str = ""
) -> dict[str, Any]:
    """Return the context of an editor for the records of the type `over`."""
    request = context["request"]
    reader = FilterContext(request.user)
    editor = FilterEditor(registry.get(over), reader, text, name, control_id, described_by)
    return {"editor": editor, "request": request}
