"""The default quote template, built in code so that the project needs no binary file."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

_INK, _GREY, _ACCENT = RGBColor(0x1F, 0x29, 0x33), RGBColor(0x66, 0x70, 0x7C), RGBColor(0x1B, 0x5E, 0x8C)
_TINT, _LINE = "EAF1F6", "C9D3DB"
_RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
_FONT = "Calibri"

# The values a caller must supply to render the template. None and "" are values too.
QUOTE_TOKENS = (
    *(f"company.{name}" for name in ("name", "address", "vat_number", "email", "phone", "website", "bank")),
    *(f"account.{name}" for name in ("name", "street", "postcode", "city", "region", "country", "vat_number")),
    *(f"contact.{name}" for name in ("name", "first_name", "last_name", "job_title", "email", "phone")),
    *(f"seller.{name}" for name in ("name", "job_title", "email", "phone")),
    *("partner.name", "opportunity.name", "today"),
    *(f"quote.{name}" for name in ("name", "number", "date", "valid_until", "currency", "terms", "payment_terms")),
    *(f"items[].{name}" for name in ("position", "name", "description", "amount", "unit")),
    *(f"items[].{name}" for name in ("unit_price", "discount", "tax", "total", "recurrence", "is_optional")),
    *(f"totals.{name}" for name in ("one_off", "monthly", "quarterly", "yearly", "net", "tax", "grand_total")),
)


def default_template() -> bytes:
    """Build the default quote template with labels in the active language."""
    document = Document()
    _set_page(document)
    _letterhead(document)
    _addresses(document)
    _items(document)
    _totals(document)
    _terms(document)
    _signatures(document)
    _footer(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = _FONT, Pt(10), _INK
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(0)
    properties = document.core_properties
    properties.title, properties.author = "{{ quote.number }} {{ quote.name }}", "{{ seller.name }}"
    properties.comments = ""
    properties.created = properties.modified = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def _write(paragraph: Any, text: str, *, bold: bool = False, size: float = 10, color: RGBColor = _INK) -> Any:
    run = paragraph.add_run(text)
    run.bold, run.font.size, run.font.color.rgb = bold, Pt(size), color
    return paragraph


def _say(document: Any, text: str, *, after: float = 0, **look: Any) -> Any:
    paragraph = _write(document.add_paragraph(), text, **look)
    paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _fill(cell: Any, text: str, *, right: bool = False, **look: Any) -> None:
    paragraph = _write(cell.paragraphs[0], text, **look)
    if right:
        paragraph.alignment = _RIGHT


def _add(cell: Any, text: str, **look: Any) -> None:
    _write(cell.add_paragraph(), text, **look)


def _table(document: Any, widths: list[float], rows: int = 1) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def _breathe(row: Any, points: float = 3) -> None:
    """Add padding above the first and below the last line of each cell."""
    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.space_before = Pt(points)
        cell.paragraphs[-1].paragraph_format.space_after = Pt(points)


def _shade(row: Any, color: str) -> None:
    for cell in row.cells:
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", color)):
            shading.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shading)


def _underline(cells: Any, color: str = _LINE, side: str = "bottom") -> None:
    for cell in cells:
        borders = OxmlElement("w:tcBorders")
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", color)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
        properties = cell._tc.get_or_add_tcPr()
        width = properties.find(qn("w:tcW"))
        width.addnext(borders) if width is not None else properties.insert(0, borders)


def _mark_row(row: Any, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _letterhead(document: Any) -> None:
    table = _table(document, [9.6, 7])
    left, right = table.rows[0].cells
    _fill(left, "{{ company.name }}", bold=True, size=18, color=_ACCENT)
    _fill(right, "{{ company.address }}", right=True, size=8.5, color=_GREY)
    _underline(table.rows[0].cells, "1B5E8C")
    _breathe(table.rows[0])
    _say(document, "", after=10)


def _addresses(document: Any) -> None:
    table = _table(document, [9.6, 7])
    left, right = table.rows[0].cells
    _fill(left, "{{ account.name }}", bold=True, size=11)
    _add(left, "{%p if contact.name %}")
    _add(left, "{{ contact.name }}")
    _add(left, "{%p endif %}")
    _add(left, "{{ account.street }}")
    _add(left, "{{ account.postcode }} {{ account.city }}")
    _add(left, "{{ account.country }}")
    facts = [
        (_("Quote"), "{{ quote.number }}"),
        (_("Date"), "{{ quote.date|date('long') }}"),
        (_("Valid until"), "{{ quote.valid_until|date('long') }}"),
        (_("Your contact"), "{{ seller.name }}"),
        ("", "{{ seller.email }}"),
    ]
    for number, (label, token) in enumerate(facts):
        paragraph = right.paragraphs[0] if number == 0 else right.add_paragraph()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(2.6))
        _write(paragraph, f"{label}\t", color=_GREY)
        _write(paragraph, token)
    _say(document, "", after=8)
    _say(document, "{{ quote.name }}", bold=True, size=16, color=_ACCENT, after=8)


_ITEM_WIDTHS = [0.8, 5.4, 2.6, 2.8, 2, 3]


def _items(document: Any) -> None:
    table = _table(document, _ITEM_WIDTHS, rows=4)
    heading, opening, item, closing = table.rows
    labels = ["#", _("Description"), _("Amount"), _("Unit price"), _("Discount"), _("Total")]
    for number, (cell, label) in enumerate(zip(heading.cells, labels, strict=True)):
        _fill(cell, label, bold=True, size=8.5, color=_ACCENT, right=number > 1)
    _underline(heading.cells)
    _breathe(heading)
    _shade(heading, _TINT)
    _mark_row(heading, "w:cantSplit")
    _mark_row(heading, "w:tblHeader")
    _fill(opening.cells[0], "{%tr for item in items %}")
    tokens = [
        "{{ item.position }}",
        f"{{{{ item.name }}}}{{% if item.is_optional %}} ({_('optional')}){{% endif %}}",
        "{{ item.amount }} {{ item.unit }}",
        # A section only has a name, no position.
        "{% if item.position %}{{ item.unit_price|money(quote.currency) }}{% endif %}",
        "{{ item.discount }}",
        "{% if item.position %}{{ item.total|money(quote.currency) }}{% endif %}",
    ]
    for number, (cell, token) in enumerate(zip(item.cells, tokens, strict=True)):
        _fill(cell, token, right=number > 1, bold=number == 1, size=9)
    description = item.cells[1]
    _add(description, "{%p if item.description %}")
    _add(description, "{{ item.description }}", size=8.5, color=_GREY)
    _add(description, "{%p endif %}")
    _underline(item.cells)
    _breathe(item)
    _mark_row(item, "w:cantSplit")
    _fill(closing.cells[0], "{%tr endfor %}")
    _say(document, "", after=4)


def _totals(document: Any) -> None:
    lines = [
        (_("One-off"), "totals.one_off"),
        (_("Per month"), "totals.monthly"),
        (_("Per quarter"), "totals.quarterly"),
        (_("Per year"), "totals.yearly"),
        (_("Tax"), "totals.tax"),
    ]
    widths = [8.8, 3, 4.8]
    table = _table(document, widths, rows=3 * len(lines) + 1)
    rows = list(table.rows)
    for number, (label, token) in enumerate(lines):
        opening, line, closing = rows[3 * number : 3 * number + 3]
        _fill(opening.cells[0], f"{{%tr if {token} %}}")
        _fill(line.cells[1], label, color=_GREY)
        _fill(line.cells[2], f"{{{{ {token}|money(quote.currency) }}}}", right=True)
        _fill(closing.cells[0], "{%tr endif %}")
    _fill(rows[-1].cells[1], _("Total"), bold=True, size=12)
    _fill(rows[-1].cells[2], "{{ totals.grand_total|money(quote.currency) }}", right=True, bold=True, size=12)
    _underline(rows[-1].cells[1:], "1B5E8C", side="top")
    _breathe(rows[-1])
    _say(document, "", after=8)


def _terms(document: Any) -> None:
    for label, token in ((_("Payment"), "quote.payment_terms"), (_("Terms"), "quote.terms")):
        _say(document, f"{{%p if {token} %}}")
        _say(document, label, bold=True, color=_ACCENT, after=2)
        _say(document, f"{{{{ {token} }}}}", size=9, after=8)
        _say(document, "{%p endif %}")


def _signatures(document: Any) -> None:
    _say(document, "", after=26).paragraph_format.keep_with_next = True
    table = _table(document, [7.6, 1.4, 7.6])
    row = table.rows[0]
    left, _gap, right = row.cells
    _fill(left, _("Place, date, signature"), size=8.5, color=_GREY)
    _add(left, "{{ seller.name }}, {{ company.name }}", size=9)
    _fill(right, _("Place, date, signature"), size=8.5, color=_GREY)
    _add(right, "{{ contact.name|default(account.name) }}", size=9)
    _underline([left, right], "66707C", side="top")
    _mark_row(row, "w:cantSplit")


def _footer(document: Any) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(16.6), WD_TAB_ALIGNMENT.RIGHT)
    _write(paragraph, "{{ company.name }} · {{ quote.number }}\t", size=8, color=_GREY)
    for name, after in (("PAGE", " / "), ("NUMPAGES", "")):
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        run = OxmlElement("w:r")
        look = OxmlElement("w:rPr")
        for element, value in (("w:color", "66707C"), ("w:sz", "16")):
            look.append(OxmlElement(element))
            look[-1].set(qn("w:val"), value)
        run.append(look)
        text = OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        paragraph._p.append(field)
        if after:
            _write(paragraph, after, size=8, color=_GREY)
