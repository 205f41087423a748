"""Saved filters in a filter: `saved:any(12)` means the conditions of the saved filter 12 (LIST-3a)."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.query.json import from_json, tests_in
from kanal.core.query.tree import MOST_TESTS, Node, Not, QueryError, Test
from kanal.kit.reading.ids import id_of

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


def saved_ids(node: Node) -> list[int]:
    """Return the ids of the saved filters that a filter names, those of related records too, as often as it does."""
    if isinstance(node, Test):
        is_saved = node.field.rpartition(".")[2] == SAVED
        return [pk for pk in map(id_of, node.values) if pk is not None] if is_saved else []
    items = (node.item,) if isinstance(node, Not) else node.items
    return [pk for item in items for pk in saved_ids(item)]


def refuse_many_tests(node: Node) -> None:
    """Raise QueryError if a filter has too many conditions, counted with those of the saved filters that it names.

    Filters that name others several times each would grow to any size.
    """
    named = saved_ids(node)
    nested = nested_filters(named) if named else {}
    sizes = dict.fromkeys(nested, 0)
    for _level in range(DEEPEST_SAVED):
        sizes = {pk: tests + sum(sizes.get(other, 0) for other in others) for pk, (tests, others) in nested.items()}
    if tests_in(node) + sum(sizes.get(pk, 0) for pk in named) > MOST_TESTS and named:
        message = _("The filter has too many conditions with those of its saved filters: at most %(limit)s.")
        raise QueryError(message % {"limit": MOST_TESTS}, SAVED)


def nested_filters(named: Collection[int]) -> dict[int, tuple[int, list[int]]]:
    """Return the saved filters that a filter names, and those that they name: number of conditions, and named ids.

    One statement for each level.
    """
    from kanal.core.models import SavedFilter

    nested: dict[int, tuple[int, list[int]]] = {}
    for _level in range(DEEPEST_SAVED):
        missing = set(named) - nested.keys()
        if not missing:
            break
        trees = SavedFilter.objects.filter(pk__in=missing).values_list("pk", "tree")
        nested |= {pk: (tests_in(node), saved_ids(node)) for pk, node in readable_trees(trees)}
        named = [pk for _tests, others in nested.values() for pk in others]
    return nested


def readable_trees(trees: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Node]]:
    """Yield the saved filters that can be parsed. The others are refused where they are named."""
    for pk, tree in trees:
        try:
            yield pk, from_json(tree)
        except QueryError:
            continue
