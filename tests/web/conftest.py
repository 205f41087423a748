"""The world of the contract's tests, here for pages."""

from tests.contract.conftest import browse, lasting_world, world

__all__ = ["browse", "lasting_world", "world"]
