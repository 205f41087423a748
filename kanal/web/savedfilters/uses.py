"""Where a saved filter is used: as a default, in other filters, and by mail (LIST-3a)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.core import access, registry
from kanal.core.models import Role, SavedFilter
from kanal.core.query.saved import saved_ids
from kanal.core.references.columns import filter_columns, parsed
from kanal.core.savedfilters import may_change
from kanal.features.savedviews.models import ViewMail, Watch


@dataclass(frozen=True)
class Use:
    """A place where a saved filter is used. The URL is empty if there is no page for it."""

    label: str
    url: str = ""


def uses_of(saved: SavedFilter, user: Any) -> list[Use]:
    """Return the places where a saved filter is used, as far as a user may know of them."""
    uses = [*default_uses(saved, user), *filters_with(saved, user)]
    return uses + (mail_uses(saved) if may_change(user, saved) else [])


def default_uses(saved: SavedFilter, user: Any) -> list[Use]:
    """Return for whom the filter is the default. Partner users don't learn of roles."""
    users, roles = saved.default_for.get("users", ()), saved.default_for.get("roles", ())
    uses = [Use(_("Your default"))] if user.pk in users else []
    if (others := len(set(users) - {user.pk})) and may_change(user, saved):
        text = ngettext("Default of %(count)s other user", "Default of %(count)s other users", others)
        uses.append(Use(text % {"count": others}))
    if roles and not access.permissions_of(user).is_external:
        names = ", ".join(str(role) for role in Role.objects.filter(pk__in=roles))
        uses.append(Use(_("Default for roles: %(roles)s") % {"roles": names}))
    return uses


def filters_with(saved: SavedFilter, user: Any) -> list[Use]:
    """Return the stored filters that name this one. Those that the user may not see are counted."""
    uses, hidden = [], 0
    for reference in filter_columns():
        for row in reference.model._default_manager.all():
            if saved.pk not in saved_ids(parsed(getattr(row, reference.column))):
                continue
            use = use_in(row, user)
            uses += [use] if use else []
            hidden += use is None
    if hidden and not access.permissions_of(user).is_external:
        uses.append(Use(ngettext("%(count)s other filter", "%(count)s other filters", hidden) % {"count": hidden}))
    return uses


def use_in(row: Any, user: Any) -> Use | None:
    """Return a stored filter as a use, or None if the user may not see it."""
    entity = registry.of(type(row))
    if entity is not None:
        is_visible = access.visible_to(user, entity).filter(pk=row.pk).exists()
        return Use(f"{entity.label}: {row}", entity.url(row.pk)) if is_visible else None
    if isinstance(row, SavedFilter) and may_change(user, row):
        return Use(_("Saved filter: %(name)s") % {"name": row.name}, f"/saved-filters/{row.pk}/")
    return None


def mail_uses(saved: SavedFilter) -> list[Use]:
    """Return how many users get mails about the filter."""
    mails = ViewMail.objects.filter(saved=saved, next_at__isnull=False).count()
    watches = Watch.objects.filter(saved=saved, problem="").count()
    uses = []
    if mails:
        uses.append(Use(ngettext("Mailed to %(count)s user", "Mailed to %(count)s users", mails) % {"count": mails}))
    if watches:
        text = ngettext("Watched by %(count)s user", "Watched by %(count)s users", watches)
        uses.append(Use(text % {"count": watches}))
    return uses
