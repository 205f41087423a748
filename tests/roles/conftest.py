"""One small installation with a user of every seeded role; what a test does to it is undone after it."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from kanal.core import access
from kanal.core.access.materialized import rebuild_grants
from kanal.core.cache import invalidate
from kanal.core.models import Role
from kanal.entities.people.seed import ROLES
from tests.contract.conftest import make_lasting
from tests.contract.world import World, give, make_user

TYPES = {
    "administrator": "administrator",
    "director": "director",
    "representative": "representative",
    "partner": "partner",
}

lasting_world = pytest.fixture(scope="package", name="lasting_world")(make_lasting)


@pytest.fixture
def world(lasting_world: World) -> Iterator[World]:
    """Return the world with a user of each seeded role, and undo what the test did to it."""
    invalidate()
    with transaction.atomic():
        for key in ROLES:
            values = {"partner": lasting_world.records["partners"].pk} if key == "partner" else {}
            user = make_user(f"walker-{key}", TYPES.get(key, "regular"), **values)
            give(user, Role.objects.get(key=key))
            lasting_world.users[f"walker-{key}"] = user
        rebuild_grants()
        invalidate()
        yield lasting_world
        transaction.set_rollback(True)
    for user in lasting_world.users.values():
        access.forget_permissions(user)
    invalidate()
