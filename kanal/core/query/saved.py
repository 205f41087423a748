"""Saved filters in a filter: `saved:any(12)` means the conditions of the saved filter 12 (LIST-3a)."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.query.json import from_json
from kanal.core.query.tree import Node, Not, QueryError, Test

SAVED = "saved"
OPERATORS = ("is", "any", "not", "none")
DEEPEST_SAVED = 5
# Raw SQL, since each list page runs this query and building it takes five times as long as running it.
OFFERED = """
SELECT * FROM core_savedfilter WHERE entity = ANY(%s) AND (
  owner_id = %s OR (audience = 'public' AND %s)
  OR (audience = 'chosen' AND (roles && %s::integer[] OR %s = ANY(user_types)))
) ORDER BY position, name, id
"""


def offered_rows(user: Any, keys: Collection[str]) -> list[Any]:
    """Return the saved filters of some types that a user owns or that are shared with them, valid or not."""
    from kanal.core import access
    from kanal.core.models import SavedFilter

    grants = access.permissions_of(user)
    given = [list(keys), user.pk, not grants.is_external, list(grants.role_ids), user.user_type]
    return list(SavedFilter.objects.raw(OFFERED, given))


def saved_nodes(test: Test, entity: Entity, user: Any, within: tuple[int, ...]) -> list[tuple[int, Node]]:
    """Return the saved filters that a condition names: id and conditions. Without a user, all may be named.

    Raise QueryError for one that doesn't exist for the user, is switched off, or contains itself: a filter never
    gets wider because another one is gone.
    """
    from kanal.core.models import SavedFilter

    if test.op not in OPERATORS or not test.values:
        raise QueryError(_("Choose a saved filter."), SAVED)
    rows = SavedFilter.objects.filter(entity=entity.key) if user is None else offered_rows(user, [entity.key])
    known = {str(row.pk): row for row in rows}
    nodes = []
    for value in test.values:
        saved = known.get(value)
        if saved is None:
            raise QueryError(_("There is no saved filter “%(value)s”.") % {"value": value[:40]}, SAVED)
        if saved.problem:
            message = _("The saved filter “%(name)s” is deactivated: %(problem)s")
            raise QueryError(message % {"name": saved.name, "problem": saved.problem}, SAVED)
        if saved.pk in within or len(within) >= DEEPEST_SAVED:
            raise QueryError(_("The saved filter “%(name)s” contains itself.") % {"name": saved.name}, SAVED)
        nodes.append((saved.pk, from_json(saved.tree)))
    return nodes


def saved_ids(node: Node) -> set[int]:
    """Return the ids of the saved filters that a filter names."""
    if isinstance(node, Test):
        return {int(value) for value in node.values if value.isdigit()} if node.field == SAVED else set()
    items = (node.item,) if isinstance(node, Not) else node.items
    return set().union(*map(saved_ids, items)) if items else set()
