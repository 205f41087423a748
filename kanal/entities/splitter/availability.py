"""Availability for leads: active, not absent, and below the limit of open leads (SPLIT-4)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from kanal.core import locks
from kanal.core.context import today
from kanal.entities.leads.models import Lead
from kanal.entities.partners.models import Partner
from kanal.entities.people.models import User
from kanal.entities.splitter.models import Share, SplitterFilter


def hold_limited(filters: Iterable[SplitterFilter]) -> None:
    """Lock the users with a limit in some filters, before any filter, to serialize counting of their leads."""
    limited = Share.objects.filter(filter__in=list(filters), user__most_open_leads__isnull=False)
    locks.lock(User.objects.filter(pk__in=limited.values("user_id")))


class Availability:
    """Availability of share holders. Open leads are counted once, then updated with each assignment."""

    def __init__(self, shares: Iterable[Share]) -> None:
        self.shares = list(shares)
        limited = [share.user_id for share in self.shares if share.user and share.user.most_open_leads is not None]
        counts = Lead.objects.open().filter(assignee__in=limited).order_by().values_list("assignee")
        self.open: dict[int, int] = dict(counts.annotate(Count("pk"))) if limited else {}

    def reasons(self) -> dict[str, str]:
        """Return the reasons for skipped shares by key."""
        return {share.key: reason for share in self.shares if (reason := self.why_passed_over(share))}

    def room(self) -> dict[str, int]:
        """Return how many more leads each limited share can take."""
        return {
            share.key: max(0, share.user.most_open_leads - self.open.get(share.user.pk, 0))
            for share in self.shares
            if share.user is not None and share.user.most_open_leads is not None
        }

    def gave_to(self, user_id: int | None) -> bool:
        """Record that a user got a lead. Return whether their limit has been reached."""
        if user_id is None:
            return False
        self.open[user_id] = self.open.get(user_id, 0) + 1
        return any(share.user_id == user_id and is_full(share.user, self.open[user_id]) for share in self.shares)

    def why_passed_over(self, share: Share) -> str:
        """Return why a share can't get a lead now, or ""."""
        holder: Any = share.holder
        named = {"name": holder}
        if share.user is None:
            return "" if is_working(share.partner) else _("%(name)s is not active.") % named
        if not share.user.is_active:
            return _("%(name)s is not active.") % named
        if share.user.is_absent(today()):
            return _("%(name)s is absent.") % named
        if is_full(share.user, self.open.get(share.user.pk, 0)):
            return _("%(name)s has %(count)s open leads, which is the agreed maximum.") % {
                **named, "count": self.open.get(share.user.pk, 0)
            }  # fmt: skip
        return ""


def is_working(partner: Any) -> bool:
    """Return whether a partner is active: not a prospect, paused or ended."""
    return partner is not None and partner.status == Partner.Status.ACTIVE


def is_full(user: Any, count: int) -> bool:
    """Return whether a user has reached their limit of open leads."""
    return user.most_open_leads is not None and count >= user.most_open_leads
