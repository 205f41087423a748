"""There's always an active administrator, regardless of how users are changed (ACC-9)."""

from django.utils.translation import gettext as _

from kanal.core.locks import hold
from kanal.entities.people.models import User, UserType
from kanal.kit.errors import Refused


def require_one() -> None:
    """Raise Refused if no active administrator is left. Concurrent changes of users wait for the commit."""
    hold("administrators")
    if not User.objects.filter(user_type=UserType.ADMINISTRATOR, is_active=True).exists():
        raise Refused(_("This is the last active administrator. Make somebody else an administrator first."))
