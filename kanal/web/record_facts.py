"""The fields of a record's page in their groups: those with a value, and the others folded (DET-1)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from kanal.core.entity import Entity
from kanal.core.fields import sections_of
from kanal.web import jinja
from kanal.web.fieldtypes import Fact

SYSTEM = ("id", "key", "created_by", "created_at", "updated_at")


@dataclass(frozen=True)
class Group:
    """A group of facts under a title."""

    title: str
    facts: list[Fact]


def render_facts(entity: Entity, facts: dict[str, Fact], editable: Collection[str]) -> Markup:
    """Render the fields that have a value, and the others to unfold. Those in `editable` are changed in place."""
    groups = groups_of(entity, facts)
    system = [] if entity.has_history else [system_group(facts)]
    filled = keep_facts([*groups, *system], is_filled=True)
    empty = keep_facts(groups, is_filled=False)
    count = sum(len(group.facts) for group in empty)
    return jinja.render("facts.jinja", groups=filled, empty=empty, count=count, editable=editable)


def render_all_facts(entity: Entity, facts: dict[str, Fact], editable: Collection[str]) -> Markup:
    """Render all fields, as on the tab on which all data is edited."""
    groups = [group for group in (*groups_of(entity, facts), system_group(facts)) if group.facts]
    return jinja.render("facts.jinja", groups=groups, empty=[], count=0, editable=editable)


def render_system_facts(facts: dict[str, Fact]) -> Markup:
    """Render when and by whom a record was created and changed."""
    return jinja.render("facts.jinja", groups=[system_group(facts)], empty=[], count=0, editable=())


def groups_of(entity: Entity, facts: dict[str, Fact]) -> list[Group]:
    """Return the facts in their declared groups, without fields that the reader can't see."""
    return [
        Group(title, [facts[field.key] for field in fields if field.key in facts])
        for title, fields in sections_of(entity)
    ]


def system_group(facts: dict[str, Fact]) -> Group:
    """Return the facts that Kanal keeps of every record."""
    return Group(_("System information"), [facts[key] for key in SYSTEM if key in facts])


def keep_facts(groups: list[Group], *, is_filled: bool) -> list[Group]:
    """Return the groups with only their filled facts, or only their empty ones. Groups without any are left out."""
    kept = [Group(group.title, [fact for fact in group.facts if fact.is_filled is is_filled]) for group in groups]
    return [group for group in kept if group.facts]
