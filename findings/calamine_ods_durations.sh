#!/usr/bin/env bash
# python-calamine 0.9.1: 36 hours are a timedelta in an Excel file and the text "PT36H00M00S" in an OpenDocument one.
#
# Expected: the same cell has the same type whichever program wrote it, as dates, percentages and amounts do. Seen: the
# duration of an .ods file comes as its raw ISO 8601 text.
#
# Whoever sums hours of an imported time sheet has to read both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-calamine==0.9.1 odfpy==1.4.1 xlsxwriter==3.3.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
from datetime import date, timedelta

import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from python_calamine import CalamineWorkbook


def first_column(file):
    file.seek(0)
    return [row[0] for row in CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()]


excel = io.BytesIO()
book = xlsxwriter.Workbook(excel, {"in_memory": True})
sheet = book.add_worksheet()
sheet.write_number(0, 0, 1.5, book.add_format({"num_format": "[h]:mm"}))
sheet.write_number(1, 0, 46356, book.add_format({"num_format": "yyyy-mm-dd"}))
book.close()
open_document, table, other = OpenDocumentSpreadsheet(), Table(name="Hours"), io.BytesIO()
for kind, value, text in (("time", {"timevalue": "PT36H00M00S"}, "36:00"), ("date", {"datevalue": "2026-11-30"}, "30.11.")):
    row, cell = TableRow(), TableCell(valuetype=kind, **value)
    cell.addElement(P(text=text))
    row.addElement(cell)
    table.addElement(row)
open_document.spreadsheet.addElement(table)
open_document.write(other)
print(first_column(excel), first_column(other))
assert first_column(excel) == [timedelta(hours=36), date(2026, 11, 30)]
assert first_column(other) == ["PT36H00M00S", date(2026, 11, 30)]
PYTHON
