"""The demo company's custom fields and saved filters."""

from typing import Any

from kanal.core import query, registry, settings
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import CustomField, SavedFilter
from kanal.core.query import indexes
from kanal.demo.company.context import ZONE, Scene

Choices = tuple[tuple[str, str, str], ...]
# Type, key, kind, name, filterable, choices as (key, label, colour).
FIELDS: tuple[tuple[str, str, str, str, bool, Choices], ...] = (
    ("accounts", "tier", "choice", "Tier", True,
     (("a", "A customer", "#15803d"), ("b", "B customer", "#2563eb"), ("c", "C customer", "#64748b"))),
    ("accounts", "employees", "integer", "Employees", True, ()),
    ("accounts", "erp", "text", "Present system", False, ()),
    ("leads", "budget", "choice", "Budget", True,
     (("below", "Below 10,000", "#64748b"), ("middle", "10,000 to 50,000", "#2563eb"),
      ("above", "Above 50,000", "#15803d"))),
    ("opportunities", "delivery", "choice", "Delivery", True,
     (("cloud", "Cloud", "#0891b2"), ("own", "Own servers", "#7c3aed"))),
    ("opportunities", "go_live", "date", "Wanted go-live", False, ()),
)  # fmt: skip
# Type, name, filter, colour, sort.
FILTERS = (
    ("leads", "Untouched", "stage:is(new);is_archived:is(no)", "#dc2626", "-received_at"),
    ("leads", "My open leads", "assignee:is(me);stage:any(new,touched)", "#2563eb", "-received_at"),
    ("opportunities", "My open opportunities", "assignee:is(me);status:none(won,lost)", "#2563eb",
    "expected_close_date"),
    ("opportunities", "Closing this month", "expected_close_date:within(this,month);status:none(won,lost)", "#d97706",
     "expected_close_date"),
    ("opportunities", "Big deals", "value:gt(50000)", "#15803d", "-value"),
    ("accounts", "Key accounts", "key_account:is(yes)", "#b7791f", "name"),
    ("accounts", "A customers", "custom.tier:is(a)", "#15803d", "name"),
    ("contracts", "Ending in 90 days", "end:within(next,90,days)", "#d97706", "end"),
    ("activities", "Mine today", "assignee:is(me);start:on(today)", "#2563eb", "start"),
    ("tasks", "Open tickets", "tracker:is(ticket);status:none(done,rejected)", "#dc2626", "due"),
)  # fmt: skip


COMPANY = {
    "name": "Fjell Systemer AS", "address": "Havnegata 12\n0150 Oslo\nNorway", "vat_number": "NO 923 609 016 MVA",
    "email": "post@fjell.example", "phone": "+47 22 33 44 55", "website": "https://fjell.example",
    "bank": "NO93 8601 1117 947", "country": "NO", "time_zone": str(ZONE),
}  # fmt: skip


def describe_company() -> None:
    """Set the company's details: its documents contain its name, address and bank account."""
    for name, value in COMPANY.items():
        settings.set_setting(f"company.{name}", value)


def make_fields() -> None:
    """Create the custom fields, and indexes of filterable ones."""
    for place, (entity, key, kind, name, filterable, choices) in enumerate(FIELDS):
        listed = [{"key": option_key, "label": label, "colour": colour} for option_key, label, colour in choices]
        CustomField.objects.create(  # direct write: custom fields are settings, not records
            entity=entity, key=key, kind=kind, name=name, position=place, filterable=filterable, choices=listed
        )
    invalidate()
    for key in {entry[0] for entry in FIELDS}:
        listed_type = registry.get(key)
        for field in fields_of(listed_type).values():
            if field.is_custom and field.filterable:
                indexes.create_indexes(listed_type, field, concurrently=False)


def make_filters(scene: Scene) -> None:
    """Create the public saved filters, colored as tags."""
    owner: Any = scene.users["director"]
    for place, (entity, name, text, colour, sort) in enumerate(FILTERS):
        tree = query.parse(text)
        query.condition(tree, registry.get(entity), query.FilterContext(owner))
        SavedFilter.objects.create(  # direct write: saved filters aren't records
            entity=entity, name=name, owner=owner, tree=query.to_json(tree), colour=colour, sort=sort,
            position=place, audience=SavedFilter.Audience.PUBLIC,
        )  # fmt: skip
