"""Custom fields of a generated data set: twenty per type, eight of them filterable, with values as JSON."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from kanal.core.cache import invalidate
from kanal.core.models import CustomField
from kanal.demo.faker import Inventor

FILTERABLE = 8
POOL = 400
LEVELS = ("bronze", "silver", "gold", "platinum")
SITES = ("cloud", "own servers", "hybrid")
KINDS: tuple[tuple[str, str, str], ...] = (
    ("tier", "choice", "Tier"),
    ("employees", "integer", "Employees"),
    ("budget", "money", "Budget"),
    ("renewal", "date", "Renewal"),
    ("reference", "text", "Reference"),
    ("score", "decimal", "Score"),
    ("is_reference", "boolean", "Reference customer"),
    ("hosting", "choice", "Hosting"),
    ("erp", "text", "ERP system"),
    ("segment", "choice", "Segment"),
    ("seats", "integer", "Seats"),
    ("founded", "integer", "Founded"),
    ("discount", "percent", "Discount"),
    ("portal", "link", "Customer portal"),
    ("billing_email", "email", "Billing e-mail"),
    ("last_audit", "date", "Last audit"),
    ("newsletter", "boolean", "Newsletter"),
    ("remark", "long_text", "Remark"),
    ("cost_centre", "text", "Cost centre"),
    ("margin", "decimal", "Margin"),
)
OPTIONS = {"tier": LEVELS, "hosting": SITES, "segment": ("small", "middle", "large")}


def made(inventor: Inventor, today: dt.date) -> dict[str, Callable[[], Any]]:
    """Return a function by kind that draws a value."""
    random = inventor.random.random
    return {
        "integer": lambda: int(5 * 2 ** (random() * 10)),
        "decimal": lambda: f"{random() * 100:.2f}",
        "percent": lambda: f"{random() * 40:.1f}",
        "money": lambda: {"amount": f"{inventor.amount(20_000):.2f}", "currency": "EUR"},
        "date": lambda: inventor.day(today - dt.timedelta(days=400), today + dt.timedelta(days=700)).isoformat(),
        "text": lambda: f"{inventor.word(('Alpha', 'Beta', 'Gamma', 'Delta', 'Sigma'))}-{int(random() * 100_000):05d}",
        "boolean": lambda: random() < 0.3,
        "link": lambda: f"https://example.com/{int(random() * 10_000)}",
        "email": lambda: f"billing{int(random() * 10_000)}@example.com",
        "long_text": lambda: "Asks for delivery in two steps; the first before summer.",
    }


def field_specs(count: int) -> list[tuple[str, str, str]]:
    """Return (key, kind, name) of the given number of custom fields. Beyond twenty they are numbered texts."""
    more = [(f"extra_{place}", "text", f"Extra {place}") for place in range(len(KINDS), count)]
    return [*KINDS[:count], *more]


def create_custom_fields(entity_key: str, count: int) -> list[CustomField]:
    """Create a type's missing custom fields. Return all that are filterable."""
    for place, (key, kind, name) in enumerate(field_specs(count)):
        choices = [{"key": option, "label": option.capitalize()} for option in OPTIONS.get(key, ())]
        CustomField.objects.get_or_create(  # direct write: custom fields are settings, not records
            entity=entity_key, key=key,
            defaults={
                "kind": kind, "name": name, "position": place, "choices": choices,
                "filterable": place < FILTERABLE,
            },
        )  # fmt: skip
    invalidate()
    return list(CustomField.objects.filter(entity=entity_key, filterable=True))


def values(inventor: Inventor, count: int, today: dt.date) -> Callable[[], str]:
    """Return a function that draws the JSON of one record: new filterable values, the others from a pool."""
    if not count:
        return lambda: "{}"
    draw, random = made(inventor, today), inventor.random.random
    fields = field_specs(count)
    own = [(key, kind) for key, kind, _name in fields[:FILTERABLE]]
    rest = [(key, kind) for key, kind, _name in fields[FILTERABLE:]]

    def value(key: str, kind: str) -> str:
        drawn = inventor.word(OPTIONS[key]) if key in OPTIONS else draw[kind]()
        return f'"{key}": {json.dumps(drawn)}'

    pool = [", ".join(value(*pair) for pair in rest) for _each in range(POOL)] if rest else [""]
    pools = [[value(*pair) for _each in range(POOL * 4)] for pair in own]

    def one() -> str:
        parts = [some[int(random() * len(some))] for some in pools if random() < 0.85]
        filled = pool[int(random() * len(pool))]
        return "{" + ", ".join([*parts, filled] if filled else parts) + "}"

    return one
