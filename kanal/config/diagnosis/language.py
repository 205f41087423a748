"""Checks that the server handles letters and time zones like Kanal: names in all alphabets, current zone rules."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from kanal.config import env
from kanal.config.diagnosis.finding import Finding
from kanal.config.diagnosis.server import rows
from kanal.kit import zones

SAMPLES = ("Кирилица", "Ελλάδα")
MONTHS = 24
NAMED = 8
OFFSETS = """
SELECT name, moment, (moment AT TIME ZONE name) - (moment AT TIME ZONE 'UTC')
FROM unnest(%s::text[]) name, unnest(%s::timestamptz[]) moment
"""
USED = "SELECT DISTINCT time_zone FROM people_user WHERE is_active AND time_zone <> ''"
KNOWN = "SELECT name FROM pg_timezone_names"
BLIND = (
    "the database's character type supports only Latin letters, so search and suggestions miss names in other "
    "alphabets: make a backup, restore it into a new database with LC_CTYPE C.UTF-8 (docs/operations.md)"
)


def letters(environment: env.Env) -> Iterator[Finding]:
    """Check that similar names in other alphabets are found."""
    yield Finding("Letters", BLIND if is_blind() else "of all alphabets", well=not is_blind(), vital=False)


def is_blind() -> bool:
    """Return whether the database creates no trigrams for names in other alphabets."""
    return any(
        not trigrams for (trigrams,) in rows("SELECT show_trgm(name) FROM unnest(%s::text[]) name", [list(SAMPLES)])
    )


def time_zones(environment: env.Env) -> Iterator[Finding]:
    """Check that the server's time zone rules match Kanal's, which always apply to dates."""
    theirs = {name for (name,) in rows(KNOWN)}
    odd = sorted({*differing(zones.zone_names() & theirs), *(used_zones() - theirs)})
    more = f" and {len(odd) - NAMED} more" if len(odd) > NAMED else ""
    text = (
        f"the server's rules differ for {', '.join(odd[:NAMED])}{more}: Kanal uses its own rules for dates, "
        "but update PostgreSQL or its time zone files before you use time zones in your own SQL"
    )
    yield Finding("Time zones", text if odd else "as the database's", well=not odd, vital=False)


def used_zones() -> set[str]:
    """Return the zones of the company and of users."""
    from kanal.core.context import company_zone

    return {company_zone(), *(name for (name,) in rows(USED))}


def differing(names: Iterable[str]) -> list[str]:
    """Return the zones with a different local time on the server within the next two years."""
    moments = moments_ahead()
    offsets = rows(OFFSETS, [sorted(names), moments])
    return sorted({name for name, moment, theirs in offsets if theirs != offset(name, moment)})


def differing_in_use() -> list[str]:
    """Return the zones of the company and of users that the server doesn't know or handles differently."""
    used = used_zones()
    theirs = {name for (name,) in rows(f"{KNOWN} WHERE name = ANY(%s)", [sorted(used)])}
    return sorted({*(used - theirs), *differing(used & theirs)})


def offset(name: str, moment: Any) -> dt.timedelta:
    """Return the offset by Kanal's own rules."""
    return zones.offset_at(zones.find_zone(name) or dt.UTC, moment)


def moments_ahead() -> list[dt.datetime]:
    """Return two moments in each of the coming months."""
    now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    return [now + dt.timedelta(days=15 * number) for number in range(2 * MONTHS)]


LOOKS = (letters, time_zones)
