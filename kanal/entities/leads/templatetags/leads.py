"""What templates ask of leads."""

from typing import Any

from django import template

from kanal.core import access, registry
from kanal.entities.leads.links import quick_lists

register = template.Library()
register.simple_tag(quick_lists, name="lead_quick_lists")


@register.simple_tag(takes_context=True)
def may_open(context: dict[str, Any], key: str) -> bool:
    """Tell whether the reader may view records of a type."""
    entity = registry.find(key)
    return entity is not None and access.may(context["request"].user, entity, "view")
