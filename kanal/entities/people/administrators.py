"""There is always somebody who may administer the installation, whoever changes users and by what way (ACC-9)."""

from django.utils.translation import gettext as _

from kanal.core.locks import hold
from kanal.entities.people.models import User, UserType
from kanal.kit.errors import Refused


def require_one() -> None:
    """Raise Refused where no active administrator is left, and have others who change users wait for the commit."""
    hold("administrators")
    if not User.objects.filter(user_type=UserType.ADMINISTRATOR, is_active=True).exists():
        raise Refused(_("This is the last active administrator. Make somebody else an administrator first."))
