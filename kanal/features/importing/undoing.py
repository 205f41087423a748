"""Undo an import: delete created records and restore changed ones, except records that changed since."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.features.importing.models import Import
from kanal.kit.errors import Refused

Known = dict[str, dict[int, int]]


def undo(run: Import) -> list[tuple[str, int, str]]:
    """Undo an import. Return what remains, as (type, id, reason)."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=run.pk)
        if locked.undone_at or not locked.finished_at:
            raise Refused(_("This import can't be undone: it was already undone, or hasn't finished."))
        made, before, revisions = collected(run)
        by = Actor(run.user, ChangeSource.IMPORT).within_action("undo-import")  # permitted: to the user of the import
        kept: list[tuple[str, int, str]] = []
        run.undone = restore(run.entity, before, revisions[run.entity], by, kept)
        for key in [run.entity, *(key for key in made if key != run.entity)]:
            run.undone += remove(key, made.get(key, {}), revisions[key], by, kept)
        run.undone_at = timezone.now()
        run.save(update_fields=["undone", "undone_at"])  # direct write: not a record
    return kept


def collected(run: Import) -> tuple[Known, dict[int, dict[str, Any]], Known]:
    """Return the import's created records, the previous values of changed ones, and the revisions it left."""
    made: Known = defaultdict(dict)
    revisions: Known = defaultdict(dict)
    before: dict[int, dict[str, Any]] = {}
    for batch in run.batches.all():
        for key, pk, revision in batch.made:
            made[key][pk] = revisions[key][pk] = revision
        for text, change in batch.changed.items():
            revisions[run.entity][int(text)] = change["revision"]
            if int(text) not in made[run.entity]:
                before[int(text)] = {**change["before"], **before.get(int(text), {})}
    return made, before, revisions


def restore(
    key: str, before: Mapping[int, Mapping[str, Any]], revisions: Mapping[int, int], by: Actor, kept: list
) -> int:
    """Restore the previous values of changed records."""
    entity = registry.get(key)
    wanted = {pk: flatten_custom_fields(values) for pk, values in before.items()}
    outcome = writes.change_each(entity, wanted, by=by, expected={pk: revisions[pk] for pk in wanted})
    kept += [(key, pk, str(problem)) for pk, problem in outcome.problems.items()]
    return len(wanted) - len(outcome.problems)


def flatten_custom_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with custom fields in the format of the write path."""
    native = {key: value for key, value in values.items() if not key.startswith("custom.")}
    custom = {key.removeprefix("custom."): value for key, value in values.items() if key.startswith("custom.")}
    return {**native, **({"custom": custom} if custom else {})}


def remove(key: str, made: Mapping[int, int], revisions: Mapping[int, int], by: Actor, kept: list) -> int:
    """Delete created records that nobody has changed since."""
    if not made:
        return 0
    records = registry.get(key).model._default_manager
    now = dict(records.filter(pk__in=list(made)).values_list("pk", "revision"))
    untouched = [pk for pk, revision in now.items() if revision == revisions[pk]]
    kept += [(key, pk, _("It has changed since.")) for pk in now if pk not in set(untouched)]
    outcome = writes.delete_many(records.filter(pk__in=untouched), by=by)
    kept += [(key, pk, str(problem)) for pk, problem in outcome.problems.items()]
    return outcome.done
