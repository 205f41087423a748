"""The bar of statuses on a record's page, by which the record is moved on by its own rules (DET-1, OPP-5)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kanal.core import access, transitions, writes
from kanal.core.access import FieldContext
from kanal.core.action import Action
from kanal.core.actor import ChangeSource
from kanal.core.entity import Entity
from kanal.core.fields import Field, Option
from kanal.kit.errors import ActionNeeded, Invalid, NotFound
from kanal.web.action_panel import describe_needed_action, is_installed
from kanal.web.boardcolumns import lane_field
from kanal.web.http import actor_of, wants_fragment
from kanal.web.markup import colour_attribute


@dataclass(frozen=True)
class Step:
    """A status in the bar: `place` is passed, current, next or outcome. A `reason` says why it can't be chosen."""

    key: str
    label: Any
    colour: str
    place: str
    is_open: bool = False
    reason: str = ""


@dataclass(frozen=True)
class StageBar:
    """The statuses of a record in their order, and the URL to which the chosen one is posted."""

    label: str
    url: str
    steps: list[Step]

    @property
    def is_open(self) -> bool:
        """Return whether the reader can choose any status."""
        return any(step.is_open for step in self.steps)


def stage_bar_of(entity: Entity, record: Any, allowed: FieldContext, permitted: set[str]) -> StageBar | None:
    """Return the bar of a record's statuses, or None for types without one and readers who don't see the status."""
    field = allowed.readable.get(entity.listing.status) if entity.has_stages else None
    current = field.get(record) if field is not None else None
    if field is None or not current:
        return None
    kinds = transitions.kinds_of(field)
    outcomes = {kind for action in transitions.actions_of(entity) for kind in action.reaches}
    options = one_outcome_each(stages_of(field, current), current, kinds, outcomes)
    places = places_of(options, current, {key for key, kind in kinds.items() if kind in outcomes})
    is_writable = field.key in allowed.writable and "edit" in permitted
    steps = []
    for option, place in zip(options, places, strict=True):
        action = transitions.needed_action(entity, kinds.get(current, ""), kinds.get(option.key, ""))
        reason = why_closed(action, record, allowed.user, permitted) if action is not None else None
        is_open = place != "current" and (not reason if action is not None else is_writable)
        colour = colour_attribute(option.colour)
        steps.append(Step(option.key, option.label, colour, place, is_open, reason or ""))
    return StageBar(field.label, f"{entity.url(record.pk)}stage", steps)


def stages_of(field: Field, current: str) -> list[Option]:
    """Return the statuses of the record's pipeline that are in use, and the current one."""
    options = [option for option in field.options() if option.active or option.key == current]
    column = lane_field(field)
    if column is None:
        return options
    lanes = {row.key: getattr(row, column.attname) for row in field.table.rows(field.group)}
    return [option for option in options if lanes.get(option.key) == lanes.get(current)]


def one_outcome_each(options: list[Option], current: str, kinds: dict[str, str], outcomes: set[str]) -> list[Option]:
    """Return the options with one for each kind of outcome, since its action asks which: the current or the first."""
    chosen: dict[str, str] = {}
    for option in options:
        if kinds.get(option.key) in outcomes:
            chosen.setdefault(kinds[option.key], option.key)
    if kinds.get(current) in chosen:
        chosen[kinds[current]] = current
    return [option for option in options if chosen.get(kinds.get(option.key, ""), option.key) == option.key]


def places_of(options: list[Option], current: str, outcomes: set[str]) -> list[str]:
    """Return the place of each status. A record in a later outcome has not passed the ones before it."""
    position = next(index for index, option in enumerate(options) if option.key == current)
    has_passed = not any(option.key in outcomes for option in options[:position])
    places = []
    for index, option in enumerate(options):
        place = "outcome" if option.key in outcomes else "passed" if index < position and has_passed else "next"
        places.append("current" if index == position else place)
    return places


def why_closed(action: Action, record: Any, user: Any, permitted: set[str]) -> str:
    """Return why an action that leads to a status can't be taken, or an empty text."""
    if action.needs not in permitted or not is_installed(action):
        return _("You don't have permission to do “%(action)s” here.") % {"action": action.label}
    reason = (action.state(record, user) if action.state else None) or action.why_hidden(record, user)
    return str(reason) if reason else ""


@require_POST
def move_record(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Set the status chosen in the bar. Return the action that it needs instead (409), or the reason of a refusal."""
    record = access.get_for(request.user, entity, pk)
    field = FieldContext.of_record(request.user, entity, record).readable.get(entity.listing.status)
    if field is None:
        raise NotFound
    value = request.POST.get("value", "")
    if not value:  # an empty one would set the default
        raise Invalid(_("Choose a status."))
    try:
        if field.get(record) != value:
            writes.change(record, {field.key: value}, by=actor_of(request, ChangeSource.INLINE))
    except ActionNeeded as needed:
        answer = describe_needed_action(request.user, entity, record, needed)
        if not wants_fragment(request):
            return redirect(f"{answer['url']}?{urlencode({'status': answer['status']})}")
        return JsonResponse(answer, status=409)
    return HttpResponse(status=204) if wants_fragment(request) else redirect(entity.url(pk))
