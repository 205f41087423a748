"""The table of a list: headers, rows, groups and totals, built from plain values and rendered by Jinja2."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from markupsafe import Markup, escape

from kanal.core.aggregation import Group, group_key
from kanal.core.entity import Entity
from kanal.core.listing import Column, Page
from kanal.kit.numbers import format_number
from kanal.web.assets import icon
from kanal.web.fieldtypes import Write
from kanal.web.jinja import render
from kanal.web.lists.card_places import card_places
from kanal.web.lists.renderers import writer_of
from kanal.web.lists.state import State
from kanal.web.lists.totals import Total, column_totals, total_of
from kanal.web.markup import linked


@dataclass(frozen=True)
class Head:
    """A column header: its label, the URL to sort by it, the URL to add it to the sort."""

    key: str
    label: str
    url: str = ""
    add_url: str = ""
    direction: str = ""
    css: str = ""
    editable: bool = False
    place: str = ""


@dataclass
class Table:
    """The content of a table."""

    entity: Entity
    page: Page
    state: State
    base: str
    group: Column | None = None
    groups: dict[Any, Group] = field(default_factory=dict)
    total: Group | None = None
    totals_url: str = ""
    selectable: bool = True
    editable: frozenset[str] = frozenset()
    fixed: frozenset[int] = frozenset()

    def render(self) -> Markup:
        """Render the table."""
        named = name_key(self.entity, self.page.columns)
        places = card_places(self.entity, self.page.columns, named)
        heads = [head(self, column, "name" if column.key == named else places.get(column.key, ""))
                 for column in self.page.columns]  # fmt: skip
        return render(
            "table.jinja",
            label=self.entity.plural,
            heads=heads,
            rows=rows(self, [start_of(column_head) for column_head in heads]),
            foot=foot(self.page.columns, self.total, self.totals_url, selectable=self.selectable),
            selectable=self.selectable,
            width=len(heads) + 1 + self.selectable,
            others=max(len(heads) - 1, 1),
            dots=icon("dots"),
            edit_base=f"/{self.entity.path}/data/" if self.editable else "",
            fixed=self.fixed,
        )


def head(table: Table, column: Column, place: str) -> Head:
    """Build a header. A click reverses the sort, the first one sorts ascending. `place` is its class on a card."""
    css = " ".join(filter(None, [place, "num" if column.is_numeric else ""]))
    editable = column.key in table.editable
    plain = Head(column.key, str(column.label), css=css, editable=editable)
    if not column.is_sortable:
        return plain
    sort = (table.state.sort or table.entity.listing.sort).split(",")
    direction = "ascending" if column.key in sort else "descending" if f"-{column.key}" in sort else ""
    fresh = f"-{column.key}" if direction == "ascending" else column.key
    others = [sort_key for sort_key in sort if sort_key.removeprefix("-") != column.key] if table.state.sort else []
    return Head(
        key=column.key,
        label=str(column.label),
        url=table.state.url(table.base, sort=fresh),
        add_url=table.state.url(table.base, sort=",".join([*others, fresh])),
        direction=direction,
        css=css,
        editable=editable,
        place=place_in(sort, column.key),
    )


def place_in(sort: list[str], key: str) -> str:
    """Return the position of a column in a sort by several keys."""
    places = [number for number, sort_key in enumerate(sort, 1) if sort_key.removeprefix("-") == key]
    return str(places[0]) if places and len(sort) > 1 else ""


def name_key(entity: Entity, columns: list[Column]) -> str:
    """Return the key of the column that links to the record: its name, else the first one."""
    keys = [column.key for column in columns]
    return entity.title if entity.title in keys else keys[0] if keys else ""


def start_of(head: Head) -> str:
    """Return the opening tag of a column's cells. Built once, since a page has hundreds of them."""
    css = f' class="{escape(head.css)}"' if head.css else ""
    return f'<td data-field="{escape(head.key)}"{css}>'


def join_cells(starts: list[str], cells: list[Any]) -> Markup:
    """Join the cells of a row. Values not marked safe are escaped."""
    parts = [
        f"{start}{cell if type(cell) is Markup else escape(cell)}</td>"
        for start, cell in zip(starts, cells, strict=True)
    ]
    return Markup("".join(parts))  # noqa: S704 - each cell is escaped


def rows(table: Table, starts: list[str]) -> list[dict[str, Any]]:
    """Build all rows with escaped cells. If the group changes, its heading comes before the row."""
    status, named = table.entity.listing.status, name_key(table.entity, table.page.columns)
    writers = [(column.key, writer_of(column, table.page, status)) for column in table.page.columns]
    write_group = writer_of(table.group, table.page, status) if table.group else None
    labels = {column.key: str(column.label) for column in table.page.columns}
    items, last = [], object()
    for row in table.page.rows:
        item: dict[str, Any] = {"id": int(row.id), "title": escape(row.title), "group": None}
        item["menu"] = escape(f"/{table.entity.path}/data/{row.id}/menu")
        cells = [
            title_cell(table.entity, row, key, write) if key == named else write(row.values[key])
            for key, write in writers
        ]
        item["cells"] = join_cells(starts, cells)
        if table.group is not None and write_group is not None:
            value = table.page.group_value(table.group, row)
            key = group_key(table.group, value)
            if key != last:
                head = key if table.group.category == "datetime" else value  # datetimes are grouped by day
                item["group"] = group_heading(write_group(head), table.groups.get(key), labels)
            last = key
        items.append(item)
    return items


def title_cell(entity: Entity, row: Any, key: str, write: Write) -> Any:
    """Render the name as a link to the record, or the first column instead, unless it's already a link."""
    text = row.title if key == entity.title else write(row.values[key])
    return text if "<a " in text else linked(entity.url(row.id), text)


def group_heading(label: Any, group: Group | None, labels: dict[str, str]) -> dict[str, Any]:
    """Build the heading of a group: its value, number of records, and sums."""
    totals = {measure.field: total_of(total) for measure, total in group.values.items()} if group else {}
    sums = [{"label": labels.get(key, key), "total": total} for key, total in totals.items() if total.text]
    return {
        "label": label,
        "count": format_number(group.count, get_language() or "en") if group else "",
        "sums": sums,
    }


def foot(columns: list[Column], total: Group | None, url: str = "", *, selectable: bool) -> Markup:
    """Render the totals row, or a placeholder that loads it from a URL after the page. Empty without either."""
    if total is None and not url:
        return Markup("")
    totals = column_totals(columns, total) if total else [Total()] * len(columns)
    return render("foot.jinja", cells=list(zip(columns, totals, strict=True)), url=url, selectable=selectable)
