"""A random world: users, roles, trees, settings, and records of every type, each text of which can be told again."""

import random
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kanal.core import registry, settings, tokens, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.models import Category
from kanal.features.comments.models import Comment
from kanal.features.files.actions import attach
from kanal.kit.errors import Invalid
from tests.access import surroundings
from tests.access.facts import PEOPLE, Facts, gather
from tests.contract.values import TYPES, fixed_of, values_of

MARKS = re.compile(r"zq[a-z]{6}qz")
LETTERS = "abcdefghijklmnoprstuvwxy"
EACH = 3


@dataclass(frozen=True)
class Secret:
    """Where a mark stands: in a field of a record, or in a comment (`private`) or a file (`internal`) of it."""

    key: str
    pk: int
    field: str
    kind: str = ""
    author: int | None = None


class World:
    """One world, made from a seed; the same seed gives the same world."""

    def __init__(self, seed: int) -> None:
        self.seed, self.dice = seed, random.Random(seed)
        self.records: dict[str, list[Any]] = {}
        self.begun: set[str] = set()
        self.secrets: dict[str, Secret] = {}
        Category.objects.get_or_create(group="trade", key="coal", name="Coal")
        for begin in (surroundings.custom, surroundings.projects, surroundings.people, surroundings.roles):
            begin(self)
        for _round in range(EACH):
            for entity in registry.all_entities():
                if entity.key not in ("users", "groups", "projects"):
                    self.add(entity)
        self.settle()
        self.talk()
        surroundings.limits(self)
        invalidate()
        self.facts: Facts = gather(self.users, self.records, bool(settings.value("organization.share_access")))
        self.tokens = {user.pk: tokens.create_token(user, "generated") for user in self.users}

    @property
    def users(self) -> list[Any]:
        """List the users."""
        return self.records["users"]

    def mark(self) -> str:
        """Make a word that stands nowhere else."""
        return f"zq{''.join(self.dice.choices(LETTERS, k=6))}qz"

    def chance(self, share: float) -> bool:
        """Throw the dice."""
        return self.dice.random() < share

    def find(self, key: str) -> Any:
        """Return a random record of a type; make one where there is none yet."""
        if key.endswith("/new"):
            return self.add(registry.get(key.removesuffix("/new")))
        if not self.records.get(key) and key not in self.begun:
            self.begun.add(key)
            self.add(registry.get(key))
        return self.dice.choice(self.records[key]) if self.records.get(key) else None

    def add(self, entity: Entity) -> Any:
        """Make a record with random relations and a mark in every text; with fewer fields where that does not fit."""
        for share in (0.7, 0.4, 0.0, 0.0, 0.0):
            try:
                with transaction.atomic():
                    return self.keep(entity, self.marked(entity, share))
            except Invalid as problem:
                refused = problem
        raise AssertionError(f"{entity.key}: {refused.errors}")

    def marked(self, entity: Entity, share: float = 0.5) -> dict[str, Any]:
        """Return values for a record: what is required and a share of the rest, with marks in all texts."""
        fields = {
            key: candidate for key, candidate in fields_of(entity).items() if key not in ("is_archived", "awaits_split")
        }
        required = values_of(entity, fields, self.find, full=False)
        chosen = {key: candidate for key, candidate in fields.items() if candidate.required or self.chance(share)}
        if entity.key == "contacts":
            chosen["account"] = fields["account"]
        values = {**fixed_of(entity, self.find), **values_of(entity, chosen, self.find), **required}
        for key, field in fields.items():
            if is_text(entity, field) and (key in values or field.is_custom or self.chance(0.6)):
                values[key] = text(self, field)
        return values

    def keep(self, entity: Entity, values: dict[str, Any]) -> Any:
        """Store a record, and remember where its marks stand."""
        record = writes.create(entity, values, by=SYSTEM)
        for key, value in values.items():
            for mark in MARKS.findall(value) if isinstance(value, str) else ():
                self.secrets[mark] = Secret(entity.key, record.pk, key)
        self.records.setdefault(entity.key, []).append(record)
        return record

    def settle(self) -> None:
        """Give records authors and owners, some anew, and make accounts global or private."""
        inside = [user for user in self.users if user.user_type != "partner"]
        for record in [row for key, rows in self.records.items() if key not in ("users", "groups") for row in rows]:
            writes.update_system_fields(record, by=SYSTEM, created_by_id=self.dice.choice(self.users).pk)
            self.hand_over(record, inside)
        for account in self.records["accounts"]:
            kind = self.dice.choice(["private", "global", "", ""])
            if kind:
                writes.change(account, {f"is_{kind}": True}, by=Actor(account.created_by).within_action("prepare"))
        for ship in self.records["ships"][:1]:
            writes.update_system_fields(ship, by=SYSTEM, private_to_id=self.dice.choice(inside).pk)

    def hand_over(self, record: Any, inside: list[Any]) -> None:
        """Give a record another owner, by chance; those to whom it belonged have no part in it then."""
        entity = registry.of(record)
        assert entity is not None
        for column in ("assignee", "owner", "manager", "account_manager", "responsible"):
            if column in PEOPLE.get(entity.key, ()) and self.chance(0.6):
                by = Actor(self.dice.choice(inside)).within_action("prepare")
                writes.update_system_fields(record, by=by, **{f"{column}_id": self.dice.choice(inside).pk})

    def talk(self) -> None:
        """Put comments and files on records, some of them private or internal."""
        for entity in registry.all_entities():
            for record in self.records[entity.key][:2]:
                for quiet in (False, True):
                    self.say(entity, record, quiet)

    def say(self, entity: Entity, record: Any, quiet: bool) -> None:
        """Put a comment and a file on a record."""
        author = self.dice.choice([user for user in self.users if not user.is_external])
        if entity.has_comments:
            mark = self.mark()
            Comment.objects.create(entity=entity.key, record_id=record.pk, text=mark, is_private=quiet, author=author)
            self.secrets[mark] = Secret(entity.key, record.pk, "comments", "private" if quiet else "said", author.pk)
        if entity.has_files and entity.key != "templates":
            mark = self.mark()
            attach(entity, record.pk, f"{mark}.txt", b"content", by=SYSTEM, is_internal=quiet)
            self.secrets[mark] = Secret(entity.key, record.pk, "files", "internal" if quiet else "attached")


def is_text(entity: Entity, field: Field) -> bool:
    """Return whether a field takes any text."""
    odd = TYPES[entity.key]
    if field.read_only or field.key in odd.given or field.key in odd.empty or (field.max_length or 99) < 12:
        return False
    shaped = field.key in ("vat_number", "registration_number", "iban", "identifier", "username", "allowed_origins")
    return field.type.key in ("text", "long_text", "email", "link") and not shaped and not field.pattern


def text(world: World, field: Field) -> str:
    """Write a mark as the field's kind wants it."""
    if field.type.key == "email":
        return f"{world.mark()}@kanal.example"
    return f"https://example.com/{world.mark()}" if field.type.key == "link" else world.mark()
