"""Registries: contributions of apps at start-up, by key. They are frozen once every app is ready.

A later contribution would exist in one process but not in the next, so it raises. Tests register their own types or
listeners within `unfrozen()`.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class RegistryFrozenError(RuntimeError):
    """Raised when something is registered after start-up."""


class Registry(Generic[T]):
    """Contributions of one kind, one per key, in order of registration.

    `name` is the registry's name in `kanal explain`; an empty name hides it. `describe` returns a line about an entry.
    """

    def __init__(self, name: str, describe: Callable[[T], Any] = str) -> None:
        self.name = name
        self.describe = describe
        self.is_frozen = False
        self._entries: dict[Any, T] = {}
        _registries.append(self)

    def register(self, key: Hashable, entry: T) -> T:
        """Store an entry. Raise ValueError for a duplicate key, RegistryFrozenError after start-up."""
        self.refuse_frozen(key)
        if key in self._entries and self._entries[key] != entry:
            raise ValueError(f"{key!r} is registered twice in “{self.name}”.")
        self._entries[key] = entry
        return entry

    def refuse_frozen(self, key: Hashable) -> None:
        """Raise RegistryFrozenError after start-up."""
        if self.is_frozen:
            raise RegistryFrozenError(
                f"{key!r} comes too late for “{self.name}”: register it in a module that the app's ready() imports."
            )

    def __getitem__(self, key: Hashable) -> T:
        """Return an entry. Raise KeyError for an unknown key."""
        return self._entries[key]

    def __contains__(self, key: Hashable) -> bool:
        """Return whether a key has an entry."""
        return key in self._entries

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the keys."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self._entries)

    def get(self, key: Hashable) -> T | None:
        """Return an entry, or None."""
        return self._entries.get(key)

    def keys(self) -> list[Any]:
        """Return the keys as a list."""
        return list(self._entries)

    def values(self) -> list[T]:
        """Return the entries as a list."""
        return list(self._entries.values())

    def described(self) -> Iterator[tuple[str, str]]:
        """Yield each key with a line about its entry."""
        for key, entry in self._entries.items():
            yield key_text(key), str(self.describe(entry))

    def snapshot(self) -> dict[Any, T]:
        """Return a copy of the entries."""
        return dict(self._entries)

    def restore(self, entries: dict[Any, T]) -> None:
        """Replace all entries."""
        self._entries = entries


class ListRegistry(Registry[tuple[T, ...]]):
    """Contributions of one kind, any number per key."""

    def __init__(self, name: str, describe: Callable[[T], Any] = str) -> None:
        super().__init__(name, lambda entries: ", ".join(str(describe(entry)) for entry in entries))

    def add(self, key: Hashable, *entries: T) -> None:
        """Store further entries of a key without duplicates. Raise RegistryFrozenError after start-up."""
        self.refuse_frozen(key)
        present = self._entries.get(key, ())
        self._entries[key] = (*present, *(entry for entry in entries if entry not in present))

    def of(self, key: Hashable) -> tuple[T, ...]:
        """Return the entries of a key, empty if there are none."""
        return self._entries.get(key, ())


_registries: list[Registry[Any]] = []
_before_freeze: ListRegistry[Callable[[], None]] = ListRegistry("")


def key_text(key: Hashable) -> str:
    """Return a key as text. The parts of a compound key are joined by spaces."""
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def listed_registries() -> dict[str, Registry[Any]]:
    """Return the named registries, by name."""
    return {
        registry.name: registry for registry in sorted(_registries, key=lambda registry: registry.name) if registry.name
    }


def before_freeze(function: Callable[[], None]) -> None:
    """Call a function before the freeze to register what depends on all contributions, such as board settings."""
    _before_freeze.add("", function)


def freeze_registries() -> None:
    """Register what depends on all contributions, and reject later registrations."""
    for function in _before_freeze.of(""):
        function()
    for registry in _registries:
        registry.is_frozen = True


@contextmanager
def unfrozen() -> Iterator[None]:
    """Allow registration temporarily, as in a test, and restore every registry afterwards."""
    before = [(registry, registry.is_frozen, registry.snapshot()) for registry in _registries]
    for registry in _registries:
        registry.is_frozen = False
    try:
        yield
    finally:
        del _registries[len(before) :]
        for registry, was_frozen, entries in before:
            registry.restore(entries)
            registry.is_frozen = was_frozen
