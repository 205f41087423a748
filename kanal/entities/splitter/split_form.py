"""The shares in the form of a splitter filter, as rows of plain controls. The pages are in pages.py."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import visible_to
from kanal.entities.splitter import rules
from kanal.entities.splitter.models import SplitterFilter

SPARE = 4
MOST_OFFERED = 500


@dataclass
class ShareRow:
    """A share as a row: holder, entered percentage, resulting percentage."""

    key: str = ""
    percent: str = ""
    of_hundred: Any = None


@dataclass
class Entered:
    """The content of the form's rows of shares, valid or not."""

    shares: list[ShareRow] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)


def stored(row: SplitterFilter | None) -> Entered:
    """Return the rows of a stored filter."""
    if row is None:
        return Entered([ShareRow() for _one in range(SPARE)])
    specs = rules.read_shares(row.shares)
    parts = rules.of_hundred({spec.key: spec.weight for spec in specs})
    shares = [ShareRow(spec.key, str(spec.percent), parts[spec.key]) for spec in specs]
    return Entered(shares + [ShareRow()] * 2)


def typed(posted: QueryDict) -> Entered:
    """Return the submitted rows."""
    shares = zip(posted.getlist("share_of"), posted.getlist("share_percent"), strict=False)
    more = SPARE if posted.get("then") == "more" else 0
    return Entered([ShareRow(*share) for share in shares] + [ShareRow() for _one in range(more)])


def shares_of(entered: Entered) -> list[dict[str, Any]]:
    """Return the rows of shares in their stored form."""
    raw = []
    for share in entered.shares:
        kind, _colon, pk = share.key.partition(":")
        if share.key and share.percent.strip():
            raw.append({kind: pk, "percent": share.percent.strip()})
        elif share.key or share.percent.strip():
            entered.errors["shares"] = [_("A share needs a user or a partner, and a percentage.")]
    try:
        return rules.serialize_shares(rules.read_shares(raw))
    except ValueError as problem:
        entered.errors["shares"] = [str(problem)]
        return []


def share_holders(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the users and partners who can have a share: (heading, [(key, name)])."""
    holders = []
    for kind, key in (("user", "users"), ("partner", "partners")):
        entity = registry.get(key)
        records = visible_to(user, entity)
        if kind == "user":
            records = records.filter(is_active=True).exclude(user_type="partner")
        rows = records.order_by(entity.title).values_list("pk", entity.title)[:MOST_OFFERED]
        holders.append((entity.plural, [(f"{kind}:{pk}", name) for pk, name in rows]))
    return holders
