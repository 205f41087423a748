"""What imports know of a record type beyond its declaration; registered by the type's own package."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kanal.kit.registries import Registry


def no_values(user: Any, fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return that a new record has no value but its name."""
    return {}


@dataclass(frozen=True)
class ImportProfile:
    """How files speak of the records of a type.

    `heads` are the heads that other systems write, in lines `field | head|head|…`; the surest come first.
    `also_named_by` are the columns by which a cell may name a record, beside the one of its title. `name_field` is the
    field that the name goes to where an import makes a record of nothing but a name; "" where it makes none.
    `initial(user, fixed)` returns further values of such a record; `fixed` are those given for all rows.
    """

    heads: str = ""
    also_named_by: tuple[str, ...] = ()
    name_field: str = ""
    initial: Callable[[Any, Mapping[str, Any]], dict[str, Any]] = no_values


_profiles: Registry[ImportProfile] = Registry("import profiles", lambda profile: profile.name_field or "–")
_NONE = ImportProfile()


def register_profile(key: str, profile: ImportProfile) -> ImportProfile:
    """Register what imports know of the type of this key."""
    return _profiles.register(key, profile)


def profile_of(key: str) -> ImportProfile:
    """Return what imports know of a type; an empty profile where it registered none."""
    return _profiles.get(key) or _NONE
