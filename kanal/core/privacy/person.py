"""A person being erased: how to recognize them, and which records contain their data."""

from dataclasses import dataclass, field

from kanal.core.entity import Entity
from kanal.kit.redaction import Redactor

Ids = dict[str, set[int]]


@dataclass(frozen=True)
class Forgotten:
    """A person being erased: their record, its dependents (`family`), and the records it depends on (`nearby`)."""

    entity: Entity
    pk: int
    redactor: Redactor
    family: Ids = field(default_factory=dict)
    nearby: Ids = field(default_factory=dict)

    def redactor_for(self, key: str, pk: int) -> Redactor:
        """Return the redactor for texts of a record."""
        if pk in self.family.get(key, ()):
            return self.redactor
        return self.redactor.nearby if pk in self.nearby.get(key, ()) else self.redactor.anywhere

    @property
    def related(self) -> Ids:
        """Return the records whose texts may contain the person's data, by type."""
        keys = {*self.family, *self.nearby}
        return {key: self.family.get(key, set()) | self.nearby.get(key, set()) for key in keys}
