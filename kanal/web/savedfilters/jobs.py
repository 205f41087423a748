"""Jobs that mail views when they are due, and tell of records that entered or left a filter."""

import datetime as dt
from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.exceptions import AlreadyEnqueued

from kanal.core.access.renewal import refresh_user
from kanal.core.actor import ChangeSource
from kanal.core.context import Context
from kanal.core.jobs import job, periodic
from kanal.features.savedviews.models import Subscription, ViewMail, Watch
from kanal.features.savedviews.subscriptions import advance, matching_ids, reason_to_stop, stop_mails
from kanal.kit.errors import Withdrawn
from kanal.web.savedfilters.mailing import mail_changes, mail_stop, mail_view

TOO_MANY = _("The filter matches too many records to tell about changes.")


def context_for(subscription: Subscription) -> Context:
    """Return the context of a mail: its receiver, with their time zone, language and day."""
    return Context.of(subscription.user, ChangeSource.JOB)


@periodic("savedviews.mail_due", cron="*/5 * * * *", label=_("Saved views that are due by mail"))
def mail_due_views(timestamp: int = 0) -> None:
    """Queue the mails that are due, each in the context of its receiver."""
    now = timezone.now()
    for pk in list(ViewMail.objects.filter(next_at__lte=now).values_list("pk", flat=True)):
        queue_mail(pk, now)


@transaction.atomic
def queue_mail(pk: int, now: dt.datetime) -> None:
    """Queue a mail that is due, once. Mails that were missed while no worker ran are sent as one."""
    rows = ViewMail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("user")
    mail = rows.filter(pk=pk, next_at__lte=now).first()
    if mail is None:
        return
    advance(mail, now)
    with context_for(mail).active():
        send_view.defer(mail_id=pk)


@job("savedviews.send_view", label=_("Saved view by mail"))
def send_view(mail_id: int) -> None:
    """Mail a view with what its receiver may see now. Raise Withdrawn if they may not have it any more."""
    mail = ViewMail.objects.select_related("user", "saved").filter(pk=mail_id).first()
    if mail is None:  # cancelled by its receiver since it was queued
        return
    stop_if_needed(mail)
    mail_view(mail)
    mail.sent_at = timezone.now()
    mail.save(update_fields=["sent_at"])  # direct write: a preference of the user


def stop_if_needed(subscription: Subscription) -> None:
    """Stop mails that can't go on, tell their receiver why, and raise Withdrawn with the reason."""
    reason = reason_to_stop(subscription)
    if not reason:
        refresh_user(subscription.user)
        return
    stop_mails(subscription, reason)
    mail_stop(subscription, reason)
    raise Withdrawn(reason)


@periodic("savedviews.watch", cron="*/5 * * * *", label=_("Records that enter or leave a watched filter"))
def check_watches(timestamp: int = 0) -> None:
    """Queue a comparison for each watched filter, in the context of who watches it."""
    for watch in Watch.objects.filter(problem="").select_related("user"):
        with context_for(watch).active(), suppress(AlreadyEnqueued):
            check_watch.configure(queueing_lock=f"watch:{watch.pk}").defer(watch_id=watch.pk)


@job("savedviews.check_watch", label=_("Watched filter"), retry=None)
def check_watch(watch_id: int) -> None:
    """Mail which records have entered or left a filter since the last comparison. Raise Withdrawn if it must stop.

    If the mail can't be sent, the next comparison finds the same changes.
    """
    watch = Watch.objects.select_related("user", "saved").filter(pk=watch_id, problem="").first()
    if watch is None:
        return
    stop_if_needed(watch)
    assert watch.saved is not None
    members = matching_ids(watch.saved, watch.user)
    if members is None:
        stop_mails(watch, str(TOO_MANY))
        mail_stop(watch, str(TOO_MANY))
        return
    before, now = set(watch.members), set(members)
    entered, left = sorted(now - before), sorted(before - now)
    with transaction.atomic():
        watch.members, watch.checked_at = members, timezone.now()
        watch.save(update_fields=["members", "checked_at"])  # direct write: a preference of the user
        if entered or left:
            mail_changes(watch, entered, left)
