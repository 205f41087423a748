"""The context of a piece of work: user, time zone, language, day and source (HIST-1a).

A page, an API request, a stream and a job each run in one. A job stores it in its arguments, to read and write days and
moments as its user does, whenever and wherever it runs. The default is the company's zone.
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
    """The user, zone, language and day of a piece of work. No user means the system. `day` stays fixed during the work.

    `chain` lists the causes of the work, see `Actor`.
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
        """Return the current context of a user. Defaults are the company's zone and the browser's language."""
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
        """Return the context in a job's arguments. Missing or incompatible values are the company's."""
        own = {key: stored[key] for key in cls.company().dump() if key in stored}
        zone = own["zone"] if zones.find_zone(own.get("zone", "")) else company_zone()
        day = dt.date.fromisoformat(own["day"]) if "day" in own else day_in(zone)
        means = ChangeSource(own["means"]) if own.get("means") in set(ChangeSource) else ChangeSource.SYSTEM
        chain = tuple(own.get("chain", ()))
        return replace(cls.company(), **{**own, "zone": zone, "day": day, "means": means, "chain": chain})

    def dump(self) -> dict[str, Any]:
        """Return the context as JSON-compatible data."""
        return {
            "user_id": self.user_id, "zone": self.zone, "language": self.language, "day": self.day.isoformat(),
            "means": self.means.value, "request_id": self.request_id, "chain": list(self.chain),
        }  # fmt: skip

    @cached_property
    def user(self) -> Any:
        """Return the user, as of the first access."""
        if self.known is not None or self.user_id is None:
            return self.known
        return get_user_model()._default_manager.filter(pk=self.user_id).first()

    @property
    def tzinfo(self) -> dt.tzinfo:
        """Return the tzinfo of the zone."""
        return zones.find_zone(self.zone) or dt.UTC

    def but(self, **changes: Any) -> "Context":
        """Return a copy with changed properties."""
        return replace(self, **changes)

    def actor(self, means: ChangeSource | None = None) -> Actor:
        """Return the actor of writes in this context."""
        return Actor(self.user, means or self.means, request_id=self.request_id, chain=self.chain)

    @contextmanager
    def active(self) -> Iterator["Context"]:
        """Activate this context for the block."""
        with preserve_context():
            activate(self)
            yield self


_current: ContextVar[Context | None] = ContextVar("kanal_context", default=None)


def company_zone() -> str:
    """Return the company's zone, used for users without their own, for the splitter and for system jobs."""
    chosen = settings.value(ZONE)
    return chosen if zones.find_zone(chosen) else django_settings.TIME_ZONE


def day_in(zone: str) -> dt.date:
    """Return the current day in a zone."""
    return timezone.localdate(timezone=zones.find_zone(zone))


def current_context() -> Context:
    """Return the active context, or the company's."""
    context = _current.get()
    return context if context is not None else company_context()


def company_context() -> Context:
    """Return the company's context, in the active time zone if another one was activated."""
    zone = timezone.get_current_timezone_name()
    context = Context.company()
    return context if zone == django_settings.TIME_ZONE else context.but(zone=zone, day=timezone.localdate())


def today() -> dt.date:
    """Return the current day in the active context."""
    return current_context().day


def activate(context: Context) -> None:
    """Switch to a context. The surrounding `active` or `preserve_context` restores the previous one."""
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
    """Return the job argument with the active context, or nothing for the system's own work."""
    context = _current.get()
    return {ARGUMENT: context.dump()} if context is not None else {}


@contextmanager
def taken(stored: dict[str, Any] | None) -> Iterator[Context]:
    """Activate the context stored with a job for the block, or the company's if there is none."""
    with (Context.load(stored) if stored else Context.company()).active() as context:
        yield context


def streamed(items: Iterable[T]) -> Iterator[T]:
    """Return a stream that computes each item in the current context, as it is read after the request has left it."""
    return _steps(current_context(), iter(items))


def _steps(context: Context, items: Iterator[T]) -> Iterator[T]:
    """Compute each item in a context, and leave it between items."""
    end = object()
    while True:
        with context.active():
            item: Any = next(items, end)
        if item is end:
            return
        yield item
