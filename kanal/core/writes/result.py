"""What came of a write of many records."""

from dataclasses import dataclass, field
from typing import Any

from kanal.kit.errors import Invalid, KanalError


@dataclass
class BulkResult:
    """What came of many: how many were done, and by id (of a new one: by place) why others were left alone."""

    done: int = 0
    problems: dict[int, KanalError] = field(default_factory=dict)
    made: dict[int, Any] = field(default_factory=dict)

    @property
    def refused(self) -> list[tuple[int, str]]:
        """List (id or place, reason) of those left alone."""
        return [(key, str(problem)) for key, problem in self.problems.items()]

    @property
    def records(self) -> list[Any]:
        """List the records that were made, in the order of their places."""
        return [self.made[place] for place in sorted(self.made)]

    def refuse(self, key: int, problem: KanalError) -> None:
        """Note why one was left alone."""
        self.problems[key] = problem

    def add(self, place: int, record: Any) -> None:
        """Note a record that was made."""
        self.made[place] = record
        self.done += 1

    def absorb(self, other: "BulkResult") -> None:
        """Add what came of some more."""
        self.done += other.done
        self.problems |= other.problems
        self.made |= other.made

    def by_place(self) -> Invalid:
        """Return all that is wrong as one error, with keys such as `3.name`."""
        errors: dict[str, list[Any]] = {}
        for place in sorted(self.problems):
            problem = self.problems[place]
            if isinstance(problem, Invalid):
                errors |= {f"{place}.{key}": messages for key, messages in problem.errors.items()}
            else:
                errors[f"{place}."] = [str(problem)]
        return Invalid(errors)
