"""The declarations of the fake record types."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.action import Action, Dialog
from kanal.core.entity import Entity, Listing, Rules, Scope, Section
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.phrases import Phrases
from kanal.core.registry import register
from kanal.core.writes import change
from kanal.kit.errors import Refused
from tests.fakes.models import Harbour, Ship


def phrases(name: str) -> Phrases:
    """Return the sentences about a fake type."""
    count = ngettext_lazy(f"%(count)s {name}", f"%(count)s {name}s", "n")
    return Phrases(
        new=_(f"New {name}"),
        edit=_(f"Edit {name}"),
        delete=_(f"Delete {name}"),
        none=_(f"No {name}s yet"),
        import_=_(f"Import {name}s"),
        count=count,
    )


def guard(ship: Any, changed: set[str], by: Any) -> None:
    """Refuse changes of a ship whose log says that it is lost."""
    if ship.log == "lost":
        raise Refused("This ship is lost.")


def rename(ship: Ship, values: dict, *, by: Any) -> Ship:
    """Return a ship another name."""
    return change(ship, {"name": values["name"]}, by=by)


HARBOURS = register(
    Entity(
        model=Harbour,
        key="harbours",
        path="fakes/harbours",
        title="name",
        phrases=phrases("harbour"),
        sections=(Section(_("Harbour"), ("name", "country", "depth"), "harbour"),),
        listing=Listing(("name", "country", "depth"), "name", ("name",)),
        has_comments=True,
        has_files=True,
        is_importable=True,
    )
)
SHIPS = register(
    Entity(
        model=Ship,
        key="ships",
        path="fakes/ships",
        title="name",
        phrases=phrases("ship"),
        sections=(
            Section(
                _("Ship"),
                ("name", "project", "partner", "assignee", "harbour", "crew", "rig", "flags", "trade"),
                "ship",
            ),
            Section(_("Size"), ("price", "masts", "length", "share", "launched", "sails_at", "afloat"), "size"),
            Section(_("More"), ("log", "email", "phone", "website", "colour"), "more"),
        ),
        listing=Listing(
            ("name", "harbour", "rig", "price", "launched"),
            "-updated_at",
            ("name", "log"),
            status="rig",
            period="sails_at",
        ),
        scope=Scope(
            project="project_id",
            partner=("partner_id",),
            private="private_to_id",
            owners=("created_by", "assignee", "crew"),
        ),
        rules=Rules(guard=guard),
        actions=(
            Action(
                "rename",
                _("Rename"),
                run=rename,
                dialog=Dialog((Field("name", _("Name"), FIELD_TYPES["text"], required=True),)),
            ),
        ),
        internal=("private_to",),
        has_overview=True,
        has_board=True,
        has_comments=True,
        has_files=True,
        is_importable=True,
    )
)
