"""Rights of work that outlasts its request (jobs, streams): read anew between its pieces.

A request reads the rights of one moment. Work that goes on for minutes asks here before each further piece, so that
what is taken away counts for the rest of it (ACC-2, ACC-6).
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
    """Read a user and their rights anew where anything that is cached changed; return whether it did.

    Raise Withdrawn for one who was deactivated or deleted. The system (no user) only forgets what is old.
    """
    number = epoch.read_epoch()
    keep_up(number)
    if user is None or getattr(user, EPOCH, None) == number:
        return False
    read_anew(user)
    setattr(user, EPOCH, number)
    return True


def read_anew(user: Any) -> None:
    """Read the row of a user, and drop what was concluded from it."""
    fresh = get_user_model()._default_manager.filter(pk=user.pk, is_active=True).first()
    if fresh is None:
        raise Withdrawn(_("The user who started this is no longer active, so the rest was not processed."))
    for name in (KEPT, GROUPS):
        if hasattr(user, name):  # by name: the user of a request hides behind a lazy object
            delattr(user, name)
    for column in user._meta.concrete_fields:
        setattr(user, column.attname, getattr(fresh, column.attname))
