"""Who is signed in: the session and its user, found by two statements that are put together once for all requests."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import BigAutoField, CharField, DateTimeField, QuerySet
from django.utils import timezone

from kanal.core import epoch
from kanal.core.cache import keep_up
from kanal.core.query.compiled import Param, compiled


def live_session() -> QuerySet:
    """Return the query of a session that has not expired."""
    return Session.objects.filter(session_key=Param("key", CharField()), expire_date__gt=Param("now", DateTimeField()))


def one_user() -> QuerySet:
    """Return the query of a user, with the number of changes of what processes remember."""
    users = get_user_model()._default_manager.order_by().filter(pk=Param("pk", BigAutoField()))
    return users.annotate(epoch=epoch.epoch_expression())


class SessionStore(db.SessionStore):
    """Keeps sessions in the database as Django does."""

    def _get_session_from_db(self) -> Any:
        """Read the session; forget a key that there is none for."""
        session = compiled(live_session).first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session


class Backend(AuthenticationBackend):
    """Signs in by user name or e-mail, as allauth does."""

    def get_user(self, user_id: Any) -> Any:
        """Read the user of a session, unless they were switched off."""
        user = compiled(one_user).first(pk=user_id)
        if user is not None:
            keep_up(user.epoch)
        return user if user is not None and self.user_can_authenticate(user) else None
