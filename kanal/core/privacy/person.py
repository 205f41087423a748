"""A person who is being forgotten: by what they are recognised, and which records tell of them."""

from dataclasses import dataclass, field

from kanal.core.entity import Entity
from kanal.kit.redaction import Redactor

Ids = dict[str, set[int]]


@dataclass(frozen=True)
class Forgotten:
    """A person who is being forgotten: their record, what stands on it (`family`), what it stands on (`nearby`)."""

    entity: Entity
    pk: int
    redactor: Redactor
    family: Ids = field(default_factory=dict)
    nearby: Ids = field(default_factory=dict)

    def redactor_for(self, key: str, pk: int) -> Redactor:
        """Return what is taken out of texts that belong to a record."""
        if pk in self.family.get(key, ()):
            return self.redactor
        return self.redactor.nearby if pk in self.nearby.get(key, ()) else self.redactor.anywhere

    @property
    def related(self) -> Ids:
        """Return the records whose texts may tell of the person, by type."""
        keys = {*self.family, *self.nearby}
        return {key: self.family.get(key, set()) | self.nearby.get(key, set()) for key in keys}
