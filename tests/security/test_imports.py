"""Workbooks and tables that would do harm (SEC-3): bombs, giant sheets, entities, formulas, wrong kinds."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from kanal.features.importing import reading
from kanal.kit.errors import Invalid

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*cells: tuple[int, int, str]) -> bytes:
    """Make a workbook with some cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, column, text in cells:
            sheet.write_string(row, column, text)
    return out.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """Put another part into a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, text)
    return out.getvalue()


def rows_of(content: bytes) -> list[list[str]]:
    """Read all rows."""
    table = reading.read_table(content, "a.xlsx")
    return [table.heads, *(row for _line, row in table.rows)]


def test_a_workbook_is_read():
    """The counterpart: an honest one passes."""
    assert rows_of(workbook((0, 0, "Name"), (1, 0, "Ann"), (4, 0, "Bo"))) == [["Name"], ["Ann"], ["Bo"]]


def test_two_cells_span_no_giant_sheet():
    """SEC-3: a cell at the very end of a sheet would make a table of 17 billion cells."""
    far = workbook((0, 0, "Name"), (1_048_575, 16_383, "x"))
    with pytest.raises(Invalid, match="far apart"):
        rows_of(far)
    hidden = with_part(far, SHEET, zipfile.ZipFile(io.BytesIO(far)).read(SHEET).replace(b"<c r=", b"<c  r = "))
    with pytest.raises(Invalid):
        rows_of(hidden)


@pytest.mark.parametrize("marker", ["utf-16", "utf-16-be"])
def test_another_encoding_hides_nothing(marker):
    """SEC-3: a sheet in UTF-16 can't slip its cells past the examination."""
    honest = workbook((0, 0, "Name"))
    text = "\ufeff<worksheet><sheetData><row r='1'><c r='XFD1048576'/></row></sheetData></worksheet>".encode(marker)
    with pytest.raises(Invalid):
        rows_of(with_part(honest, SHEET, text))


def test_a_bomb_is_refused():
    """SEC-3: a few kilobytes that unpack to more than the limit."""
    bomb = with_part(workbook((0, 0, "Name")), "xl/media/zeros.bin", b"")
    out = io.BytesIO(bomb)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts, parts.open("zeros", "w", force_zip64=True) as part:
        for _megabyte in range(401):
            part.write(b"\x00" * 1024 * 1024)
    assert len(out.getvalue()) < 1024 * 1024
    with pytest.raises(Invalid, match="unpacked"):
        rows_of(out.getvalue())


def test_a_size_that_lies_is_found_out():
    """SEC-3: a part that says it is small and unpacks to more than that."""
    content = bytearray(with_part(workbook((0, 0, "Name")), "zeros", b"\x00" * 5_000_000))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        start = parts.start_dir
    place = content.index(b"zeros", start) - 46
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Invalid):
        rows_of(bytes(content))


@pytest.mark.parametrize(
    "entity",
    ['<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY x "ha">', '<!ENTITY x SYSTEM "http://127.0.0.1:9/">'],
)
def test_entities_are_not_read(entity):
    """SEC-3: XXE in shared strings gives no content of a file or of another address."""
    honest = workbook((0, 0, "Name"), (1, 0, "Ann"))
    strings = zipfile.ZipFile(io.BytesIO(honest)).read("xl/sharedStrings.xml").decode()
    evil = strings.replace("<sst", f"<!DOCTYPE sst [{entity}]><sst", 1).replace("Ann", "&x;")
    try:
        cells = rows_of(with_part(honest, "xl/sharedStrings.xml", evil.encode()))
    except Invalid:
        return
    assert Path("/etc/hostname").read_text().strip() not in str(cells)
    assert "ha" not in str(cells)


def test_other_kinds_in_disguise_are_refused():
    """SEC-3: a sheet of OpenDocument can repeat a cell a billion times; it is no XLSX."""
    for name in ("content.xml", "xl/workbook.bin"):
        with pytest.raises(Invalid, match="CSV or XLSX"):
            rows_of(with_part(workbook((0, 0, "Name")), name, b"<x/>"))
    with pytest.raises(Invalid, match="CSV or XLSX"):
        rows_of(with_part(b"PK\x05\x06" + b"\x00" * 18, "any", b"x"))


def test_formulas_stay_text():
    """SEC-3, LIST-7: what an export disarmed comes back; nothing is computed on the way in."""
    table = reading.read_table(b"Name,Note\n'=1+1,\"=cmd|' /C calc'!A0\"\n", "a.csv")
    assert [row for _line, row in table.rows] == [["=1+1", "=cmd|' /C calc'!A0"]]
