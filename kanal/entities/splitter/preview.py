"""Preview of a filter: how many leads each would get, without assigning any (SPLIT-2)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from kanal.entities.leads.models import Lead
from kanal.entities.splitter import conditions, rules
from kanal.entities.splitter.actions import candidate_of, unprocessed
from kanal.entities.splitter.availability import Availability
from kanal.entities.splitter.models import Share, SplitterFilter


def preview_distribution(row: SplitterFilter, *, days: int = 0) -> dict[str, Any]:
    """Return how many of the unprocessed leads, or of those in the last days, each share would get (SPLIT-2)."""
    if days:
        since = timezone.now() - dt.timedelta(days=days)
        leads = Lead.objects.filter(received_at__gte=since, is_archived=False)
    else:
        leads = unprocessed()
    count = conditions.matching(row, leads).count()
    shares = list(Share.objects.filter(filter=row).select_related("user", "partner").order_by("position", "id"))
    availability = Availability(shares)
    away = availability.reasons()
    state = [candidate_of(share, away.get(share.key, "")) for share in shares]
    would = rehearse(state, min(count, 10_000), availability.room())
    names = {share.key: share.holder for share in shares}
    return {
        "matched": count,
        "shares": [
            {
                "key": candidate.key,
                "name": str(names[candidate.key]),
                "would_get": would.get(candidate.key, 0),
                "passed_over": candidate.passed_over,
            }
            for candidate in state
        ],
    }


def rehearse(state: list[rules.Candidate], count: int, room: Mapping[str, int]) -> dict[str, int]:
    """Return how many of some leads each share would get. `room` limits how many a share can take."""
    now = {candidate.key: candidate for candidate in state}
    given = dict.fromkeys(now, 0)
    for _number in range(count):
        chosen = rules.next_share(list(now.values()))
        if chosen is None:
            break
        given[chosen.key] += 1
        now[chosen.key] = replace(chosen, got=chosen.got + 1)
        if given[chosen.key] == room.get(chosen.key):
            ended = rules.signature(list(now.values()))
            now[chosen.key] = replace(now[chosen.key], passed_over="full")
            carried = rules.carried_on(list(now.values()), ended)
            now = {key: replace(candidate, got=0, carried=carried[key]) for key, candidate in now.items()}
    return given
