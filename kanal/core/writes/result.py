"""The result of a bulk write."""

from dataclasses import dataclass, field
from typing import Any

from kanal.kit.errors import Invalid, KanalError


@dataclass
class BulkResult:
    """The result of many writes: the number done, and the reasons for rejections by id (new records: by position)."""

    done: int = 0
    problems: dict[int, KanalError] = field(default_factory=dict)
    made: dict[int, Any] = field(default_factory=dict)

    @property
    def refused(self) -> list[tuple[int, str]]:
        """Return (id or position, reason) of rejected records."""
        return [(key, str(problem)) for key, problem in self.problems.items()]

    @property
    def records(self) -> list[Any]:
        """Return the created records in order of position."""
        return [self.made[place] for place in sorted(self.made)]

    def refuse(self, key: int, problem: KanalError) -> None:
        """Note why a record was rejected."""
        self.problems[key] = problem

    def add(self, place: int, record: Any) -> None:
        """Note a created record."""
        self.made[place] = record
        self.done += 1

    def absorb(self, other: "BulkResult") -> None:
        """Add another result."""
        self.done += other.done
        self.problems |= other.problems
        self.made |= other.made

    def by_place(self) -> Invalid:
        """Return all errors as one, with keys such as `3.name`."""
        errors: dict[str, list[Any]] = {}
        for place in sorted(self.problems):
            problem = self.problems[place]
            if isinstance(problem, Invalid):
                errors |= {f"{place}.{key}": messages for key, messages in problem.errors.items()}
            else:
                errors[f"{place}."] = [str(problem)]
        return Invalid(errors)
