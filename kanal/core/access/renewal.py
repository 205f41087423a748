"""Permissions of work that outlives its request (jobs, streams), refreshed between its steps.

A request uses the permissions of one moment. Work that takes minutes refreshes them before each step, so that
withdrawn permissions apply to the rest of it (ACC-2, ACC-6).
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from kanal.core import epoch
from kanal.core.access.permissions import KEPT
from kanal.core.cache import keep_up
from kanal.kit.errors import Withdrawn

EPOCH = "_kanal_epoch"
GROUPS = "_group_ids"


def refresh_user(user: Any) -> bool:
    """Reload a user and their permissions if any cached table changed. Return whether it did.

    Raise Withdrawn if the user was deactivated or deleted. The system (no user) only drops outdated caches.
    """
    number = epoch.read_epoch()
    keep_up(number)
    if user is None or getattr(user, EPOCH, None) == number:
        return False
    read_anew(user)
    setattr(user, EPOCH, number)
    return True


def read_anew(user: Any) -> None:
    """Reload the row of a user and drop everything derived from it."""
    fresh = get_user_model()._default_manager.filter(pk=user.pk, is_active=True).first()
    if fresh is None:
        raise Withdrawn(_("The user who started this is no longer active, so the rest was not processed."))
    for name in (KEPT, GROUPS):
        if hasattr(user, name):  # by name: the user of a request is wrapped in a lazy object
            delattr(user, name)
    for column in user._meta.concrete_fields:
        setattr(user, column.attname, getattr(fresh, column.attname))
