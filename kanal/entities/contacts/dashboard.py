"""Modules on the overview page of personal contacts."""

from kanal.core.dashboards import BREAKDOWN_MODULE, Preset, overview_of, register_preset

register_preset(
    Preset("contacts.by-type", "", BREAKDOWN_MODULE, {"type": "contacts", "by": "type"}, {overview_of("contacts"): 10})
)
