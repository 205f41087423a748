"""Choices maintained by administrators: categories by group, and the base of statuses."""

from __future__ import annotations

from copy import copy
from itertools import count
from typing import Any

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.utils.translation import gettext_lazy as _

from kanal.core.cache import cached
from kanal.core.fields.columns import ColourColumn
from kanal.core.fields.field import Option
from kanal.core.models.translations import TranslatedName
from kanal.kit.text import slugify_key


class Choice(TranslatedName, models.Model):
    """One option with a stable key and a translatable name."""

    key = models.SlugField(_("Key"), max_length=60)
    name = models.CharField(_("Name"), max_length=120)
    colour = ColourColumn(_("Colour"), blank=True, default="")
    position = models.PositiveIntegerField(_("Order"), default=0)
    is_default = models.BooleanField(_("Default"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    translations = models.JSONField(_("Translations"), default=dict, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    @classmethod
    def rows(cls, group: str = "") -> list[Any]:
        """Return the options in order, cached for a few seconds."""
        return choice_rows(cls, group)

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """Return the options for fields."""
        return tuple(
            Option(row.key, row.label, row.colour, row.pk, row.is_active, row.position) for row in cls.rows(group)
        )

    @classmethod
    def by_key(cls, key: str, group: str = "") -> Any:
        """Return the row with this key, or None."""
        return next((row for row in cls.rows(group) if row.key == key), None)

    @classmethod
    def key_of(cls, pk: int | None) -> str | None:
        """Return the key of the row with this id, or None."""
        return choice_keys(cls).get(pk) if pk else None

    @classmethod
    def default(cls, group: str = "") -> Any:
        """Return the default option, or the first active one, or None."""
        active = [row for row in cls.rows(group) if row.is_active]
        return next((row for row in active if row.is_default), active[0] if active else None)


@cached
def choice_keys(model: type[Choice]) -> dict[int, str]:
    """Return the keys of a table of choices by id."""
    return dict(model._default_manager.values_list("pk", "key"))


class Remembered(ForwardManyToOneDescriptor):
    """Returns the option that a column references from the cache, so that `lead.status` requires no query."""

    def get_object(self, instance: models.Model) -> Any:
        """Return a copy of the option, read from the database if not cached yet."""
        row = by_id(self.field.related_model).get(getattr(instance, self.field.attname))
        return super().get_object(instance) if row is None else copy(row)


def remember_choices(model: type[models.Model]) -> None:
    """Make a model's columns for options use the cache."""
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        if field.many_to_one and issubclass(target, Choice):
            setattr(model, field.name, Remembered(field))


@cached
def by_id(model: type[Choice]) -> dict[int, Choice]:
    """Return a table of choices by id."""
    return {row.pk: row for row in choice_rows(model, "")}


@cached
def choice_rows(model: type[Choice], group: str) -> list[Choice]:
    """Return a table of choices, or one group of it."""
    rows: list[Any] = list(model._default_manager.all())
    return [row for row in rows if row.group == group] if group and issubclass(model, Category) else rows


class Category(Choice):
    """An option of one of the lists under Administration → Categories (SET-1)."""

    group = models.CharField(_("List"), max_length=40)

    class Meta(Choice.Meta):
        verbose_name = _("Category")
        verbose_name_plural = _("Categories")
        constraints = [models.UniqueConstraint(fields=["group", "key"], name="category_key_once_in_its_list")]


def keep_key(option: Any, changed: set[str]) -> None:
    """Set an option's stable key from its name once. Duplicates get a number."""
    if option.key:
        return
    first = slugify_key(option.name, "choice")
    keys = (first if number == 1 else f"{first}_{number}" for number in count(1))
    option.key = next(key for key in keys if not type(option)._default_manager.filter(key=key).exists())
