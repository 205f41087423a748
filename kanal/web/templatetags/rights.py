"""Checks of the reader's permissions in templates."""

from typing import Any

from django import template

from kanal.core import access, registry

register = template.Library()


@register.simple_tag(takes_context=True)
def may_open(context: dict[str, Any], key: str, action: str = "view") -> bool:
    """Return whether the reader may view records of a type, or apply another action to some."""
    entity = registry.find(key)
    return entity is not None and access.has_permission(context["request"].user, entity, action)
