"""The dashboard module with the records that its viewer looked at last."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import ASIDE, ModuleType, Preset, Settings, Viewer, register_module, register_preset
from kanal.core.homes import Home
from kanal.core.visits import recently_viewed

MOST_ROWS = 8


def viewed_data(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the records viewed last as lines."""
    viewed = recently_viewed(viewer.user, MOST_ROWS)
    return {
        "icon": "clock",
        "empty": _now("Records you open appear here."),
        "lines": [
            {"label": record.title, "url": record.url, "icon": record.entity.icon, "at": record.at} for record in viewed
        ],
    }


VIEWED = register_module(ModuleType("viewed", _("Recently viewed"), (), viewed_data, "modules/lines.html"))
register_preset(Preset("viewed", _("Recently viewed"), VIEWED.key, {}, dict.fromkeys(Home, ASIDE + 90)))
