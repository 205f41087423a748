"""The context of a piece of work: for whom, in which zone and language, on which day, by what means (HIST-1a).

A page, an API request, a stream and a job each run in one. A job takes it along in its arguments, so that it reads and
writes days and moments as its user does, whenever and wherever it runs. Without one the company's zone counts.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from kanal.core import settings
from kanal.core.actor import Actor, ChangeSource, active_chain
from kanal.kit import zones

T = TypeVar("T")
ZONE = "company.time_zone"
ARGUMENT = "context"


@dataclass(frozen=True)
class Context:
    """For whom work is done; no user: the system. `day` is today, for as long as the work takes.

    `chain` names what caused the work, see `Actor`.
    """

    user_id: int | None
    zone: str
    language: str
    day: dt.date
    means: ChangeSource = ChangeSource.SYSTEM
    request_id: str = ""
    chain: tuple[str, ...] = ()
    known: Any = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, user: Any, means: ChangeSource = ChangeSource.FORM, request_id: str = "") -> "Context":
        """Return the context of a user now; who chose no zone has the company's, no language the browser's."""
        zone = user.time_zone if zones.find_zone(user.time_zone) else company_zone()
        language = user.language or translation.get_language() or django_settings.LANGUAGE_CODE
        return cls(user.pk, zone, language, day_in(zone), means, request_id, known=user)

    @classmethod
    def company(cls) -> "Context":
        """Return the context of the system's own work: the company's zone, no user."""
        zone = company_zone()
        return cls(None, zone, translation.get_language() or django_settings.LANGUAGE_CODE, day_in(zone))

    @classmethod
    def load(cls, stored: dict[str, Any]) -> "Context":
        """Return the context in a job's arguments; what it lacks or another version named is the company's."""
        own = {key: stored[key] for key in cls.company().dump() if key in stored}
        zone = own["zone"] if zones.find_zone(own.get("zone", "")) else company_zone()
        day = dt.date.fromisoformat(own["day"]) if "day" in own else day_in(zone)
        means = ChangeSource(own["means"]) if own.get("means") in set(ChangeSource) else ChangeSource.SYSTEM
        chain = tuple(own.get("chain", ()))
        return replace(cls.company(), **{**own, "zone": zone, "day": day, "means": means, "chain": chain})

    def dump(self) -> dict[str, Any]:
        """Return the context as JSON holds it."""
        return {
            "user_id": self.user_id, "zone": self.zone, "language": self.language, "day": self.day.isoformat(),
            "means": self.means.value, "request_id": self.request_id, "chain": list(self.chain),
        }  # fmt: skip

    @cached_property
    def user(self) -> Any:
        """Return the user, as they are when first asked for."""
        if self.known is not None or self.user_id is None:
            return self.known
        return get_user_model()._default_manager.filter(pk=self.user_id).first()

    @property
    def tzinfo(self) -> dt.tzinfo:
        """Return the zone itself."""
        return zones.find_zone(self.zone) or dt.UTC

    def but(self, **changes: Any) -> "Context":
        """Return a copy with other properties."""
        return replace(self, **changes)

    def actor(self, means: ChangeSource | None = None) -> Actor:
        """Return who writes in this context."""
        return Actor(self.user, means or self.means, request_id=self.request_id, chain=self.chain)

    @contextmanager
    def active(self) -> Iterator["Context"]:
        """Work in this context until the end of the block."""
        with preserve_context():
            activate(self)
            yield self


_current: ContextVar[Context | None] = ContextVar("kanal_context", default=None)


def company_zone() -> str:
    """Return the zone of the company: of users without their own, of the splitter and of the system's jobs."""
    chosen = settings.value(ZONE)
    return chosen if zones.find_zone(chosen) else django_settings.TIME_ZONE


def day_in(zone: str) -> dt.date:
    """Return which day it is in a zone."""
    return timezone.localdate(timezone=zones.find_zone(zone))


def current_context() -> Context:
    """Return the context that is active, else the company's."""
    context = _current.get()
    return context if context is not None else company_context()


def company_context() -> Context:
    """Return the company's context, in the zone that was activated otherwise if there is one."""
    zone = timezone.get_current_timezone_name()
    context = Context.company()
    return context if zone == django_settings.TIME_ZONE else context.but(zone=zone, day=timezone.localdate())


def today() -> dt.date:
    """Return the day that it is for whom the work is done."""
    return current_context().day


def activate(context: Context) -> None:
    """Go on in a context; the `active` or `kept` around it restores what was before."""
    _current.set(context)
    active_chain.set(context.chain)
    timezone.activate(context.zone)
    translation.activate(context.language)


@contextmanager
def preserve_context() -> Iterator[None]:
    """Restore context, zone and language at the end of the block."""
    with timezone.override(timezone.get_current_timezone()), translation.override(translation.get_language()):
        token, chain_token = _current.set(_current.get()), active_chain.set(active_chain.get())
        try:
            yield
        finally:
            active_chain.reset(chain_token)
            _current.reset(token)


def argument() -> dict[str, Any]:
    """Return what a job is to carry along: the active context; nothing for the system's own work."""
    context = _current.get()
    return {ARGUMENT: context.dump()} if context is not None else {}


@contextmanager
def taken(stored: dict[str, Any] | None) -> Iterator[Context]:
    """Work in the context that a job carried along, in the company's where it carried none."""
    with (Context.load(stored) if stored else Context.company()).active() as context:
        yield context


def streamed(items: Iterable[T]) -> Iterator[T]:
    """Return a stream whose items are each made in the context of now: it is read when the request has left it."""
    return _steps(current_context(), iter(items))


def _steps(context: Context, items: Iterator[T]) -> Iterator[T]:
    """Make each item in a context, and leave it between them."""
    end = object()
    while True:
        with context.active():
            item: Any = next(items, end)
        if item is end:
            return
        yield item
