"""Accounts with names similar to a lead's company: exact names in the same city, and likely ones with a score."""

from collections import defaultdict
from typing import Any

from django.db import connection

from kanal.kit.companies import is_same_company, likeness, looked_for, place_spellings

SUGGESTED_FROM = 0.5
LIKE_FROM = 0.4
LIKE_ANYWHERE = 0.625
MOST_ALIKE = 20
ALIKE = """
SELECT asked.core, asked.town, found.* FROM unnest(%s::text[], %s::text[]) AS asked (core, town)
CROSS JOIN LATERAL (
  SELECT id, name, city, registration_key, vat_key
  FROM accounts_account WHERE {} AND private_to_id IS NULL AND NOT is_archived
  ORDER BY similarity(kanal_fold(name), asked.core) DESC, id LIMIT %s
) found
"""
NAMED = ALIKE.format("kanal_fold(name) %%> asked.core")
NEAR = ALIKE.format("kanal_fold(name) %% asked.core AND kanal_fold(city) = asked.town")
COLUMNS = ("id", "name", "city", "registration_number", "vat_number")
NUMBERS = ("registration_number", "vat_number")


class Likely:
    """Accounts with names similar to the leads' companies. Each name is looked up once.

    A score of at least SUGGESTED_FROM requires a share of LIKE_ANYWHERE of a name's trigrams, or of LIKE_FROM in the
    same city. With this limit the index skips trigrams that are common to half of all names.
    """

    def __init__(self, leads: list[dict[str, str]]) -> None:
        asked = sorted(
            {
                (text, city)
                for lead in leads
                for text in looked_for(lead["company"])
                for city in place_spellings(lead["city"]) or {""}
                if text
            }
        )
        self.anywhere = alike(NAMED, "word_similarity", LIKE_ANYWHERE, sorted({(core, "") for core, _city in asked}))
        self.nearby = alike(NEAR, "similarity", LIKE_FROM, [pair for pair in asked if pair[1]])

    def of(self, keys: dict[str, str]) -> tuple[dict[str, Any] | None, list[tuple[float, dict[str, Any]]]]:
        """Return the only account with this exact name in this city, if any, and likely ones with their scores."""
        texts = sorted(looked_for(keys["company"]))
        groups = [self.anywhere[text, ""] for text in texts]
        groups += [self.nearby[text, city] for text in texts for city in sorted(place_spellings(keys["city"]))]
        rows = {row["id"]: row for group in groups for row in group}
        same = [row for row in rows.values() if is_same(keys, row)]
        exact = same[0] if len(same) == 1 else None
        scored = sorted(((score(keys, row), row) for row in rows.values() if row is not exact), key=order)
        return exact, [(rating, row) for rating, row in scored if rating >= SUGGESTED_FROM][:5]


def is_same(keys: dict[str, str], row: dict[str, Any]) -> bool:
    """Return whether an account has a lead's company name and city, and no conflicting number."""
    if not is_same_place(keys["city"], row["city"]) or not is_same_company(keys["company"], row["name"]):
        return False
    return not any(keys[number] and row[number] and keys[number] != row[number] for number in NUMBERS)


def score(keys: dict[str, str], row: dict[str, Any]) -> float:
    """Return the likelihood of an account: four parts for the name without its legal form, one part for the city."""
    alike = likeness(keys["company"], row["name"])
    return 0.8 * alike + 0.2 * (bool(alike) and is_same_place(keys["city"], row["city"]))


def is_same_place(place: str, other: str) -> bool:
    """Return whether two cities are the same: Køge is Koege, but two empty ones aren't."""
    return not place_spellings(place).isdisjoint(place_spellings(other))


def alike(
    statement: str, measure: str, least: float, pairs: list[tuple[str, str]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the accounts most similar to each pair of name and city."""
    rows_by_pair: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [f"pg_trgm.{measure}_threshold", str(least)])
            cursor.execute(statement, [[core for core, _city in pairs], [city for _core, city in pairs], MOST_ALIKE])
            for core, town, *values in cursor.fetchall():
                rows_by_pair[core, town].append(dict(zip(COLUMNS, values, strict=True)))
    return rows_by_pair


def order(pair: tuple[float, Any]) -> tuple[float, int]:
    """Return the sort key for a pair of score and row: the best first, the older first if equal."""
    return -pair[0], pair[1]["id"]
