"""A list as a flat OpenDocument text: a table on landscape pages, with a heading and page numbers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from xml.sax.saxutils import escape

NAMESPACES = "".join(
    f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
        ("fo", "xsl-fo-compatible"), ("meta", "meta"),
    )
)  # fmt: skip
TEXT_WIDTH_CM = 27.3
# The time that LibreOffice takes for a table grows with the square of its rows; short ones follow without a gap.
ROWS_OF_A_TABLE = 50
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
STYLES = """
<office:styles><style:default-style style:family="paragraph"><style:text-properties
 fo:font-family="'Liberation Sans', 'DejaVu Sans', sans-serif"/></style:default-style></office:styles>
<office:automatic-styles>
<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm"
 style:print-orientation="landscape" fo:margin="1.2cm"/><style:header-style><style:header-footer-properties
 fo:margin-bottom="0.3cm"/></style:header-style><style:footer-style><style:header-footer-properties
 fo:margin-top="0.3cm"/></style:footer-style></style:page-layout>
<style:style style:name="list" style:family="table"><style:table-properties style:width="27.3cm" table:align="left"/>
</style:style>
<style:style style:name="row" style:family="table-row"><style:table-row-properties fo:keep-together="always"/>
</style:style>
<style:style style:name="cell" style:family="table-cell"><style:table-cell-properties fo:padding-top="0.08cm"
 fo:padding-bottom="0.08cm" fo:padding-left="0.1cm" fo:padding-right="0.2cm"
 fo:border-bottom="0.5pt solid #cbd5e1"/></style:style>
<style:style style:name="left" style:family="paragraph"><style:text-properties fo:font-size="8pt"/></style:style>
<style:style style:name="right" style:family="paragraph"><style:paragraph-properties fo:text-align="end"/>
<style:text-properties fo:font-size="8pt"/></style:style>
<style:style style:name="headleft" style:family="paragraph"><style:text-properties fo:font-size="8pt"
 fo:font-weight="bold" fo:color="#475569"/></style:style>
<style:style style:name="headright" style:family="paragraph"><style:paragraph-properties fo:text-align="end"/>
<style:text-properties fo:font-size="8pt" fo:font-weight="bold" fo:color="#475569"/></style:style>
<style:style style:name="title" style:family="paragraph"><style:paragraph-properties><style:tab-stops>
<style:tab-stop style:position="27.3cm" style:type="right"/></style:tab-stops></style:paragraph-properties>
<style:text-properties fo:font-size="11pt" fo:font-weight="bold"/></style:style>
"""


@dataclass(frozen=True)
class PrintedColumn:
    """A column of a printed table: its heading, its share of the width, and whether its values are numbers."""

    label: str
    width: int
    is_numeric: bool = False


def printable_text(title: str, day: str, columns: list[PrintedColumn], rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the document with the rows; the title and the headings of the columns stand above each page."""
    total = sum(column.width for column in columns) or 1
    kind = 'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"'
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document{NAMESPACES} {kind}>{STYLES}'
    for number, column in enumerate(columns):
        width = f'style:column-width="{TEXT_WIDTH_CM * column.width / total:.2f}cm"'
        yield f'<style:style style:name="c{number}" style:family="table-column">'
        yield f"<style:table-column-properties {width}/></style:style>"
    sides = ["right" if column.is_numeric else "left" for column in columns]
    heads = table_row([column.label for column in columns], [f"head{side}" for side in sides])
    widths = "".join(f'<table:table-column table:style-name="c{number}"/>' for number in range(len(columns)))
    yield "</office:automatic-styles><office:master-styles>"
    yield f'<style:master-page style:name="Standard" style:page-layout-name="page"><style:header>{heading(title, day)}'
    yield f"{table(widths, [heads])}</style:header>"
    yield '<style:footer><text:p text:style-name="right"><text:page-number/> / <text:page-count/></text:p>'
    yield "</style:footer></style:master-page></office:master-styles><office:body><office:text>"
    remaining = iter(rows)
    while part := list(islice(remaining, ROWS_OF_A_TABLE)):
        yield table(widths, [table_row(row, sides) for row in part])
    yield '<text:p text:style-name="left"/></office:text></office:body></office:document>'


def table(widths: str, rows: list[str]) -> str:
    """Return a table of rows."""
    return f'<table:table table:style-name="list">{widths}{"".join(rows)}</table:table>'


def heading(title: str, day: str) -> str:
    """Return the line above each page: the title, and the day at the right."""
    return f'<text:p text:style-name="title">{xml_text(title)}<text:tab/>{xml_text(day)}</text:p>'


def table_row(texts: list[str], styles: list[str]) -> str:
    """Return a row of the table."""
    cells = "".join(
        f'<table:table-cell table:style-name="cell"><text:p text:style-name="{style}">{xml_text(text)}</text:p>'
        "</table:table-cell>"
        for text, style in zip(texts, styles, strict=True)
    )
    return f'<table:table-row table:style-name="row">{cells}</table:table-row>'


def xml_text(text: str) -> str:
    """Return a text escaped for XML, without the characters that XML doesn't allow."""
    return escape(NOT_IN_XML.sub("", text)).replace("\n", "<text:line-break/>")
