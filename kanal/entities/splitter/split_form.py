"""The form of a splitter filter: conditions and shares as rows of plain controls. The pages are in pages.py."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from kanal.core import query, registry
from kanal.core.access import visible_to
from kanal.core.listing.columns import offered_columns
from kanal.core.query import All, FilterContext, Node, QueryError, Test
from kanal.entities.splitter import conditions, rules
from kanal.entities.splitter.models import SplitterFilter
from kanal.kit.letters import fold

SPARE = 4
MOST_OFFERED = 500
NO_VALUE = ("empty", "set")


@dataclass
class Row:
    """A condition as a row: field, operator, comma-separated values."""

    field: str = ""
    op: str = ""
    value: str = ""


@dataclass
class ShareRow:
    """A share as a row: holder, entered percentage, resulting percentage."""

    key: str = ""
    percent: str = ""
    of_hundred: Any = None


@dataclass
class Entered:
    """The content of the form's rows, valid or not."""

    rows: list[Row] = field(default_factory=list)
    text: str = ""
    shares: list[ShareRow] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)


def stored(row: SplitterFilter | None) -> Entered:
    """Return the rows of a stored filter."""
    if row is None:
        return Entered([Row() for _one in range(SPARE)], "", [ShareRow() for _one in range(SPARE)])
    tests, rest = filter_rows(conditions.parse_conditions(row.conditions))
    specs = rules.read_shares(row.shares)
    parts = rules.of_hundred({spec.key: spec.weight for spec in specs})
    shares = [ShareRow(spec.key, str(spec.percent), parts[spec.key]) for spec in specs]
    rows = [Row(test.field, test.op, ", ".join(test.values)) for test in tests]
    return Entered(rows + [Row()] * 2, rest, shares + [ShareRow()] * 2)


def filter_rows(node: Node) -> tuple[list[Test], str]:
    """Return the conditions of a filter that fit into rows, and the rest as text."""
    items = node.items if isinstance(node, All) else (node,)
    plain = [item for item in items if isinstance(item, Test) and not any("," in value for value in item.values)]
    rest = [item for item in items if item not in plain]
    return plain, query.format_filter(query.join(*rest)) if rest else ""


def typed(posted: QueryDict) -> Entered:
    """Return the submitted rows."""
    rows = zip(
        posted.getlist("condition_field"),
        posted.getlist("condition_op"),
        posted.getlist("condition_value"),
        strict=False,
    )
    shares = zip(posted.getlist("share_of"), posted.getlist("share_percent"), strict=False)
    more = SPARE if posted.get("then") == "more" else 0
    return Entered(
        [Row(*row) for row in rows] + [Row() for _one in range(more)],
        posted.get("conditions_text", ""),
        [ShareRow(*share) for share in shares] + [ShareRow() for _one in range(more)],
    )


def filter_values(entered: Entered) -> dict[str, Any]:
    """Return the values of the filter from the rows. Errors are stored in the rows."""
    return {"conditions": conditions_of(entered), "shares": shares_of(entered)}


def conditions_of(entered: Entered) -> Any:
    """Join the rows of conditions and the text by AND."""
    try:
        node = query.join(*(test_of(row) for row in entered.rows if row.field), query.parse(entered.text))
        conditions.compiled(node)
    except (QueryError, ValueError) as problem:
        entered.errors["conditions"] = [str(problem)]
        return {}
    return query.to_json(node)


def test_of(row: Row) -> Test:
    """Return a row as a condition. A choice may be given by its label."""
    values = tuple(part.strip() for part in row.value.split(",") if part.strip())
    lead_field = FilterContext().fields(registry.get("leads")).get(row.field)
    if lead_field is not None and lead_field.type.category in ("choice", "choices"):
        keys = {fold(str(option.label)): option.key for option in lead_field.options()}
        values = tuple(keys.get(fold(value), value) for value in values)
    return Test(row.field, row.op, () if row.op in NO_VALUE else values)


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


def row_options(request: HttpRequest) -> dict[str, Any]:
    """Return the choices for rows: fields and operators of leads, users and partners who can have a share."""
    from kanal.web.fieldtypes import presenter_of
    from kanal.web.fieldtypes.filter_labels import OPERATORS

    groups = offered_columns(registry.get("leads"), FilterContext(request.user))
    fields = [
        (heading, [column for column in columns if presenter_of(column.field).operators]) for heading, columns in groups
    ]
    holders = []
    for kind, key in (("user", "users"), ("partner", "partners")):
        entity = registry.get(key)
        records = visible_to(request.user, entity)
        if kind == "user":
            records = records.filter(is_active=True).exclude(user_type="partner")
        rows = records.order_by(entity.title).values_list("pk", entity.title)[:MOST_OFFERED]
        holders.append((entity.plural, [(f"{kind}:{pk}", name) for pk, name in rows]))
    return {"offered": fields, "operators": list(OPERATORS.items()), "holders": holders}
