"""Valid values for a record of any type, made from its fields; what a type asks for besides stands in TYPES."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from kanal.core.entity import Entity
from kanal.core.fields import Field

numbers = count(1)
Find = Callable[[str], Any]


@dataclass(frozen=True)
class Another:
    """Name a record by the key of its type; `accounts/new` is a new one each time."""

    key: str


@dataclass(frozen=True)
class Peculiar:
    """What is peculiar to a type: values in place of made ones ({n} is a new number), and fields left empty.

    `fixed` are read-only fields of a type whose records only a verb makes, `query` what its “new” page is opened with.
    """

    given: dict[str, Any] = dataclasses.field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    fixed: dict[str, Any] = dataclasses.field(default_factory=dict)
    query: str = ""


def peculiar(*empty: str, **given: Any) -> Peculiar:
    """Return what is peculiar to a type."""
    return Peculiar(given, frozenset(empty))


# Every record type stands here, so that a new one is not skipped in silence.
TYPES: dict[str, Peculiar] = {
    "users": peculiar("supervisor", "partner", user_type="regular", language="en", time_zone="Europe/Oslo"),
    "groups": peculiar(),
    "projects": peculiar("is_template", identifier="project-{n}", modules=["crm", "tasks", "files"]),
    "account-groups": peculiar(),
    "accounts": Peculiar(
        {"type": "organization", "country": "NO", "vat_number": "NO923609016MVA"},
        frozenset({"is_private", "is_global", "first_name", "last_name"}),
        query="?type=organization",
    ),
    "account-relations": peculiar(related_account=Another("accounts/new")),
    "contacts": peculiar("is_private"),
    "channels": peculiar(),
    "partners": peculiar("parent", country="NO", vat_number="NO923609016MVA"),
    "tasks": peculiar(),
    "brands": peculiar(),
    "product-versions": peculiar(),
    "product-categories": peculiar(),
    "units": peculiar(),
    "tax-rates": peculiar(),
    "price-books": peculiar("is_update", "update_of"),
    "products": peculiar(),
    "bundles": peculiar(),
    "bundle-items": peculiar(product=Another("products/new")),
    "prices": peculiar("bundle", product=Another("products/new"), valid_to="2026-12-31"),
    "campaigns": peculiar(),
    "activities": peculiar("is_private", start="2026-04-01T10:00:00Z", end="2026-04-01T11:00:00Z"),
    "leads": peculiar(),
    "pipelines": peculiar(),
    "opportunity-statuses": peculiar(),
    "opportunities": peculiar(),
    "business-roles": peculiar(),
    "quotes": peculiar(),
    "quote-items": peculiar("discount_percent"),
    "templates": peculiar(),
    "splitter-filters": peculiar(),
    "account-types": peculiar(),
    "contact-types": peculiar(),
    "trackers": peculiar(),
    "task-statuses": peculiar(),
    "contracts": Peculiar(
        fixed={
            "opportunity": Another("opportunities"), "number": "C-{n}", "name": "Contract {n}", "type": "software",
            "project": Another("projects"), "account": Another("accounts"), "partner": Another("partners"),
            "value": {"amount": "1250.50", "currency": "EUR"}, "start": "2026-04-01",
        }
    ),
    "intake-sources": peculiar(allowed_web_origins="https://example.com"),
    "intakes": Peculiar(fixed={"source": Another("intake-sources")}),
    "harbours": peculiar(),
    "ships": peculiar(),
}  # fmt: skip


def made(field: Field, number: int, find: Find) -> Any:
    """Make a valid value of a field as JSON has it; None where there is none to choose."""
    kind = field.type.key
    if kind in ("text", "long_text"):
        return f"{field.key.replace('_', ' ').capitalize()} {number}"[-(field.max_length or 200) :]
    if kind in PLAIN:
        return PLAIN[kind](number)
    if kind in ("integer", "decimal"):
        return within(field, 12 if kind == "integer" else "12.5")
    if kind in ("choice", "choices"):
        keys = [option.key for option in field.options() if option.active]
        chosen = field.default if field.default in keys else next(iter(keys), None)
        return [chosen] if kind == "choices" and chosen else chosen or None
    if kind in ("relation", "relations"):
        record = find(field.target) if field.target else None
        pk = record.pk if record is not None else None
        return ([pk] if pk else []) if kind == "relations" else pk
    return None


PLAIN: dict[str, Callable[[int], Any]] = {
    "percent": lambda number: "25",
    "money": lambda number: {"amount": "1250.50", "currency": "EUR"},
    "date": lambda number: "2026-04-01",
    "datetime": lambda number: "2026-04-01T10:30:00Z",
    "boolean": lambda number: True,
    "link": lambda number: f"https://example.com/{number}",
    "email": lambda number: f"record{number}@kanal.example",
    "phone": lambda number: f"+4721{number % 1_000_000:06d}",
    "colour": lambda number: "#2f6fed",
}


def within(field: Field, value: Any) -> Any:
    """Keep a number within the field's limits."""
    if field.maximum is not None and float(value) > field.maximum:
        return str(field.maximum)
    if field.minimum is not None and float(value) < field.minimum:
        return str(field.minimum)
    return value


def given(value: Any, number: int, find: Find) -> Any:
    """Put the number where a text asks for it, and an id where a record is named."""
    if isinstance(value, Another):
        record = find(value.key)
        return record.pk if record is not None else None
    return value.replace("{n}", str(number)) if isinstance(value, str) else value


def values_of(entity: Entity, fields: dict[str, Field], find: Find, *, full: bool = True) -> dict[str, Any]:
    """Return values for a new record: of all writable fields, or of the required and type-specific ones."""
    odd, number = TYPES[entity.key], next(numbers)
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if field.read_only or key in odd.empty or (field.type.category == "json" and not field.required):
            continue
        if key in odd.given:
            values[key] = given(odd.given[key], number, find)
        elif full or field.required:
            values[key] = made(field, number, find)
    return {key: value for key, value in values.items() if value is not None}


def fixed_of(entity: Entity, find: Find) -> dict[str, Any]:
    """Return the read-only values that a verb gives to a record of a type."""
    number = next(numbers)
    return {key: given(value, number, find) for key, value in TYPES[entity.key].fixed.items()}
