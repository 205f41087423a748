"""Start and stop the mails about a saved filter, and find out whether its receiver may still have them."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.context import Context
from kanal.core.entity import Entity
from kanal.core.listing import ListQuery, records_of
from kanal.core.models import SavedFilter
from kanal.core.query import from_json
from kanal.core.savedfilters import problem_of, visible_filters
from kanal.features.savedviews.models import Subscription, ViewMail, Watch
from kanal.features.savedviews.schedule import next_mailing
from kanal.kit.errors import Invalid

MOST_WATCHED = 5_000


def subscribe_view(user: Any, saved: SavedFilter, address: str, *, rhythm: str, weekday: int, hour: int) -> ViewMail:
    """Mail a view to a user from now on. Raise Invalid if there is no such time, or the user has no mail address."""
    if rhythm not in ViewMail.Rhythm.values or not 0 <= weekday <= 6 or not 0 <= hour <= 23:
        raise Invalid(_("Choose when the mail is sent."))
    refuse_without_mail(user)
    due = next_mailing(rhythm, weekday, hour, Context.of(user).tzinfo, timezone.now())
    values = {"rhythm": rhythm, "weekday": weekday, "hour": hour, "next_at": due, **labels_of(saved, address)}
    mail, _is_new = ViewMail.objects.update_or_create(  # direct write: a preference of the user
        saved=saved, user=user, defaults=values
    )
    return mail


def watch_filter(user: Any, saved: SavedFilter, address: str) -> Watch:
    """Tell a user from now on which records enter or leave a filter.

    Raise Invalid if the user has no mail address, or the filter matches too many records to compare.
    """
    refuse_without_mail(user)
    members = matching_ids(saved, user)
    if members is None:
        message = _("This filter matches more than %(limit)s records. Add a condition to be told about changes.")
        raise Invalid(message % {"limit": f"{MOST_WATCHED:,}"})
    values = {"members": members, "checked_at": timezone.now(), **labels_of(saved, address)}
    watch, _is_new = Watch.objects.update_or_create(  # direct write: a preference of the user
        saved=saved, user=user, defaults=values
    )
    return watch


def labels_of(saved: SavedFilter, address: str) -> dict[str, str]:
    """Return the values that every subscription stores."""
    return {"name": saved.name, "entity": saved.entity, "address": address[:300], "problem": ""}


def refuse_without_mail(user: Any) -> None:
    """Raise Invalid for a user without a mail address."""
    if not user.email:
        raise Invalid(_("You have no email address. Add one to your profile."))


def reason_to_stop(subscription: Subscription) -> str:
    """Return why a user can't have the mails any more, or an empty text."""
    user, saved = subscription.user, subscription.saved
    if not user.is_active:
        return _("The receiver is no longer active.")
    if saved is None:
        return _("The saved filter was deleted.")
    entity = registry.find(saved.entity)
    if entity is None or not access.has_permission(user, entity, "view"):
        return _("You may no longer see these records.")
    if problem := saved.problem or problem_of(saved, entity, user):
        return _("The filter has become invalid: %(problem)s") % {"problem": problem}
    if saved not in visible_filters(user, entity):
        return _("The filter is no longer shared with you.")
    return "" if user.email else _("You have no email address. Add one to your profile.")


def stop_mails(subscription: Subscription, reason: str) -> None:
    """Stop the mails of a subscription, and store why."""
    subscription.problem = reason[:300]
    columns = ["problem"]
    if isinstance(subscription, ViewMail):
        subscription.next_at = None
        columns.append("next_at")
    subscription.save(update_fields=columns)  # direct write: a preference of the user


def query_of(saved: SavedFilter, entity: Entity, user: Any) -> ListQuery:
    """Return the query for the records of a saved filter that a user may see."""
    return ListQuery(
        entity=entity, user=user, node=from_json(saved.tree), sort=saved.sort,
        columns=tuple(saved.columns) or entity.listing.columns,
    )  # fmt: skip


def matching_ids(saved: SavedFilter, user: Any) -> list[int] | None:
    """Return the ids of the records of a saved filter that a user may see, or None if there are too many."""
    ask = query_of(saved, registry.get(saved.entity), user)
    ids = sorted(records_of(ask).values_list("pk", flat=True)[: MOST_WATCHED + 1])
    return ids if len(ids) <= MOST_WATCHED else None


def advance(mail: ViewMail, now: dt.datetime) -> None:
    """Store when the mail after this one is due."""
    zone = Context.of(mail.user).tzinfo
    mail.next_at = next_mailing(mail.rhythm, mail.weekday, mail.hour, zone, now)
    mail.save(update_fields=["next_at"])  # direct write: a preference of the user
