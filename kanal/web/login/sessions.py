"""The session and its user, loaded by two queries that are compiled once for all requests."""

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
    """Return the query for a session that hasn't expired."""
    return Session.objects.filter(session_key=Param("key", CharField()), expire_date__gt=Param("now", DateTimeField()))


def one_user() -> QuerySet:
    """Return the query for a user, with the epoch of the process caches."""
    users = get_user_model()._default_manager.order_by().filter(pk=Param("pk", BigAutoField()))
    return users.annotate(epoch=epoch.epoch_expression())


class SessionStore(db.SessionStore):
    """Sessions in the database, as in Django."""

    def _get_session_from_db(self) -> Any:
        """Return the session. Drop the key if there is none."""
        session = compiled(live_session).first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session


class Backend(AuthenticationBackend):
    """Sign-in by username or email, as in allauth."""

    def get_user(self, user_id: Any) -> Any:
        """Return the user of a session, unless deactivated."""
        user = compiled(one_user).first(pk=user_id)
        if user is not None:
            keep_up(user.epoch)
        return user if user is not None and self.user_can_authenticate(user) else None
