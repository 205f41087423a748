"""Two requests of one user for one record at the same moment leave one visit (DET-7)."""

import datetime as dt

from django.utils import timezone

from kanal.core import registry, visits
from kanal.core.models import Visit

SHIPS = registry.get("ships")
HOUR = dt.timedelta(hours=1)


def test_first_visits_at_once_make_one_row(at_once, make_user, make_ship):
    """Neither fails, and nobody has looked before."""
    user, ship = make_user(), make_ship()
    outcomes = at_once(*[lambda: visits.store_visit(user, SHIPS, ship.pk)] * 4)
    assert outcomes == [None] * 4
    visit = Visit.objects.get(user=user, record_id=ship.pk)
    assert visit.before is None


def test_later_visits_at_once_keep_the_look_before(collide, make_user, make_ship):
    """The second of the two waits for the first, and doesn't take its look for the one before this sitting."""
    user, ship, earlier = make_user(), make_ship(), timezone.now() - HOUR
    visit = Visit.objects.create(user=user, entity=SHIPS.key, record_id=ship.pk, at=earlier)
    outcomes = collide(visit, *[lambda: visits.store_visit(user, SHIPS, ship.pk)] * 2)
    assert outcomes == [None, None]
    visit.refresh_from_db()
    assert visit.before == earlier < visit.at
    assert Visit.objects.filter(user=user).count() == 1
