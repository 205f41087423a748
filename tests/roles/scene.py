"""The records that a role walks over: one of its user's own of every type, and such as are in a state of their own."""

from dataclasses import dataclass, field
from typing import Any

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.entities.quotes.actions import new_quote
from kanal.entities.selling.actions import sold
from tests.contract.values import fixed_of
from tests.contract.world import World

OWNED = ("assignee", "account_manager", "manager", "owner", "responsible")
ENDED = {"leads": [{"status": "disqualified"}, {"is_archived": True}, {"assignee": None, "partner": None}]}


@dataclass
class Scene:
    """A world as one user finds it: records by type, a price book that is open to partners with something to sell."""

    world: World
    user: Any
    records: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def needed(self) -> dict[str, Any]:
        """Return what forms ask for of which no control is required by itself, such as one of a lead's names."""
        product, account = self.world.find("products/new"), self.records["accounts"][0]
        password = "a long enough password"
        return {
            "subject": "Asked for a demo", "organization": "Fjord AS", "password": password, "product": product.pk,
            "account": account.pk,
        }  # fmt: skip

    def add(self, entity: Entity, **values: Any) -> Any:
        """Make a record of the user's own."""
        given = {**fixed_of(entity, self.world.find), **self.world.values(entity), **values}
        record = writes.create(entity, given, by=SYSTEM)
        columns = {name for name in OWNED if name in fields_of(entity) and name not in values}
        owners = {} if self.user.is_external else {f"{name}_id": self.user.pk for name in columns}
        if entity.key not in ("users", "groups"):
            writes.update_system_fields(record, by=SYSTEM, created_by_id=self.user.pk, **owners)
        self.records.setdefault(entity.key, []).append(record)
        return record


def scene_of(world: World, user: Any) -> Scene:
    """Make the records."""
    scene = Scene(world, user)
    scene.add(registry.get("accounts"))
    for entity in registry.all_entities():
        scene.add(entity)
        for values in ENDED.get(entity.key, ()):
            scene.add(entity, **values)
    book = open_book(scene)
    for is_sold in (False, True):
        deal = scene.add(registry.get("opportunities"))
        quote_values = {"price_book": book.pk, "items": [{"name": "Travel", "unit_price": "50"}]}
        quote = new_quote(deal, {"name": "Offer", **quote_values}, by=SYSTEM)
        scene.records["quotes"].append(quote)
        scene.records["quote-items"].append(quote.items.get())
        if is_sold:
            sold(deal, {}, by=SYSTEM)
            scene.records["contracts"].append(deal.contracts.get())
    return scene


def open_book(scene: Scene) -> Any:
    """Make a price book that is open to partners in the project of the deals, with a product."""
    world, book = scene.world, {"name": "Open", "projects": [scene.world.find("projects").pk]}
    made = scene.add(registry.get("price-books"), **book, brands=[], product_versions=[], required_quote_fields=[])
    writes.change(made, {"open_to_partners": True, "is_active": True}, by=SYSTEM)
    price = {"amount": "20", "currency": "EUR"}
    values = {"price_book": made.pk, "product": world.find("products").pk, "bundle": None, "price": price, "amount": 1}
    plain = {"brand": None, "product_version": None, "valid_from": None, "valid_to": None, "unit": None}
    scene.add(registry.get("prices"), **values, **plain)
    return made
