"""Lists of options maintained by administrators: categories by group, types and statuses (SET-1)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.actor import Actor
from kanal.core.administration.permissions import require_administrator
from kanal.core.cache import invalidate
from kanal.core.locks import hold
from kanal.core.models import Category, Choice
from kanal.kit.errors import Invalid, Refused
from kanal.kit.text import slugify_key


@dataclass(frozen=True)
class ChoiceList:
    """One list of options: its own table or a group of the categories.

    `owner` and `owners` are the singular and plural names of the record type that uses it, if there is one.
    """

    slug: str
    label: str
    model: Any
    group: str = ""
    owner: str = ""
    owners: str = ""

    def rows(self) -> Any:
        """Return the options in their order."""
        rows = self.model._default_manager.all()
        return rows.filter(group=self.group) if self.group else rows


def lists_of_choices() -> dict[str, ChoiceList]:
    """Return every list of options that isn't a record type, by slug."""
    lists: dict[str, ChoiceList] = {}
    for model in apps.get_models():
        for column in model._meta.fields:
            if column.related_model is not Category:
                continue
            if group := limit_of(column):
                label = str(column.verbose_name)
                owner, owners = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
                kept = ChoiceList(f"category-{group}", label, Category, group, owner, owners)
                lists.setdefault(kept.slug, kept)
        if issubclass(model, Choice) and model is not Category and registry.of(model) is None:
            meta = model._meta
            label = str(meta.verbose_name_plural)
            lists[meta.model_name or ""] = ChoiceList(meta.model_name or "", label, model, owners=user_of(model))
    lists = told_apart(lists)
    return dict(sorted(lists.items(), key=lambda pair: pair[1].label))


def user_of(model: type[Model]) -> str:
    """Return the plural name of the first record type that refers to a table of options, or ""."""
    relations = model._meta.get_fields(include_hidden=True)
    users: list[Any] = [relation.related_model for relation in relations if relation.one_to_many]
    return next((str(user._meta.verbose_name_plural) for user in users if registry.of(user) is not None), "")


def told_apart(lists: dict[str, ChoiceList]) -> dict[str, ChoiceList]:
    """Add the record type to labels shared by several lists: “Kind” of campaigns, and of account relations."""
    numbers = Counter(choice_list.label for choice_list in lists.values())
    return {
        slug: replace(
            choice_list, label=_("%(type)s: %(list)s") % {"type": choice_list.owner, "list": choice_list.label}
        )
        if numbers[choice_list.label] > 1 and choice_list.owner
        else choice_list
        for slug, choice_list in lists.items()
    }


def limit_of(column: Any) -> str:
    """Return the group of categories that a column is limited to."""
    return column.get_limit_choices_to().get("group", "")


@transaction.atomic
def save_option(kept: ChoiceList, row: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Store an option. A new one gets its key from its name. Keys never change."""
    require_administrator(by.user)
    hold(f"choices:{kept.slug}")  # concurrent writes must not pick the same key, nor set two defaults
    by.set_on_connection()
    row = row or kept.model(**({"group": kept.group} if kept.group else {}))
    refuse_other_kind(row, values.get("kind"))
    for name, value in values.items():
        setattr(row, name, value)
    if not row.key:
        row.key = free_key(kept, slugify_key(row.name, "option"))
    if row.is_default:
        kept.rows().exclude(pk=row.pk).update(is_default=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid.on("key", _("Another option already has this key.")) from None
    invalidate()
    return row


def refuse_other_kind(row: Any, kind: Any) -> None:
    """Raise Invalid if changing the kind of a status in use would close or reopen records."""
    if row.pk and kind is not None and kind != row.kind and (used := uses(row)):
        text = _("%(count)s records have this status. Create another status of this kind and move them to it.")
        raise Invalid.on("kind", text % {"count": used})


def free_key(kept: ChoiceList, wanted: str) -> str:
    """Return a key that isn't used in the list."""
    taken = set(kept.rows().values_list("key", flat=True))
    number = 2
    key = wanted
    while key in taken:
        key, number = f"{wanted}_{number}", number + 1
    return key


@transaction.atomic
def delete_option(row: Any, *, by: Actor) -> None:
    """Delete an unused option. Raise Refused if it is in use."""
    require_administrator(by.user)
    by.set_on_connection()
    if used := uses(row):
        raise Refused(
            _("%(count)s records use this option. Deactivate it instead: they keep it, and it can no longer be chosen.")
            % {"count": used}
        )
    try:
        with transaction.atomic():
            row.delete()
            connection.check_constraints()  # otherwise a record that adopted it in the meantime fails at the commit
    except (IntegrityError, ProtectedError):
        raise Refused(_("A record has just been given this option. Deactivate it instead.")) from None
    invalidate()


def uses(row: Model) -> int:
    """Count the references to an option."""
    total = 0
    for relation in row._meta.get_fields(include_hidden=True):
        if relation.one_to_many and relation.auto_created:
            total += relation.related_model._default_manager.filter(**{relation.field.name: row}).count()  # type: ignore[union-attr]
    return total
