"""The world of the contract, for attacks on it."""

from tests.contract.conftest import browse, call, lasting_world, world

__all__ = ["browse", "call", "lasting_world", "world"]
