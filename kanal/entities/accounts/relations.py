"""The "Relations" tab of an account (ACCT-5): its subaccounts as a tree, and the related accounts."""

from typing import Any

from django.db.models import Q

from kanal.core import access, registry

LEVELS = 5
MOST = 200


def relations(account: Any, user: Any) -> dict[str, Any]:
    """Return the tree of subaccounts and the related accounts that are visible to the user."""
    return {"subaccounts": subaccounts(account, user), "related": related(account, user)}


def subaccounts(account: Any, user: Any) -> list[dict[str, Any]]:
    """List the accounts under this one with their level, parents before children."""
    visible = access.visible_to(user, registry.get("accounts"))
    below: dict[int, list[Any]] = {}
    parents = [account.pk]
    for _level in range(LEVELS):
        rows = list(visible.filter(parent_id__in=parents).exclude(pk=account.pk).order_by("name", "pk")[:MOST])
        for row in rows:
            below.setdefault(row.parent_id, []).append(row)
        parents = [row.pk for row in rows]
        if not parents:
            break
    return unfold(below, account.pk, 0, user)


def unfold(below: dict[int, list[Any]], parent: int, level: int, user: Any) -> list[dict[str, Any]]:
    """Return children after their parents. Each parent is expanded once."""
    entries = []
    for row in below.pop(parent, []):
        entries.append({"account": access.readable(user, row), "level": level, "steps": range(level)})
        entries += unfold(below, row.pk, level + 1, user)
    return entries


def related(account: Any, user: Any) -> list[dict[str, Any]]:
    """List the related accounts in both directions, with the kind of relation."""
    rows = access.visible_to(user, registry.get("account-relations")).filter(
        Q(account=account) | Q(related_account=account)
    )
    rows = rows.select_related("relation_kind", "account", "related_account").order_by("pk")[:MOST]
    names = access.display_names(
        user, registry.get("accounts"), {pk for row in rows for pk in (row.account_id, row.related_account_id)}
    )
    entries = []
    for row in rows:
        other = row.related_account if row.account_id == account.pk else row.account
        if other.pk in names:
            shown = {"account": access.readable(user, other), "relation": access.readable(user, row)}
            entries.append({**shown, "is_reverse": row.related_account_id == account.pk})
    return entries
