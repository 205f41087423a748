"""Template tags for leads."""

from django import template

from kanal.entities.leads.links import quick_lists

register = template.Library()
register.simple_tag(quick_lists, name="lead_quick_lists")
