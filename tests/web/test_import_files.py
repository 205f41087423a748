"""Files as other systems write them: encodings, delimiters, head lines, footers, quotes, sheets, cards (IMP-1a)."""

import io

import pytest
import xlsxwriter

from kanal.features.importing import reading
from kanal.features.importing.layout import Layout, spelled
from kanal.kit.errors import Invalid


def table(content, **layout):
    """Return heads, rows, problems and lines that were left out."""
    parsed = reading.read_table(content if isinstance(content, bytes) else content.encode(), "file", Layout(**layout))
    rows = list(parsed.rows)
    return parsed, rows


def workbook(fill):
    """Return a workbook that `fill` wrote to."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book)
    return out.getvalue()


@pytest.mark.parametrize(
    ("encoding", "town"), [("cp1250", "Plzeň"), ("iso8859-2", "Žďár"), ("cp1252", "Tromsø"), ("utf-16", "Łódź")]
)
def test_the_encoding_is_told_by_its_letters_and_can_be_chosen(encoding, town):
    """IMP-1a: also a later row counts, and what is chosen prevails."""
    content = ("Name;Town\n" + "Plain;Rome\n" * 50 + f"Last;{town}\n").encode(encoding)
    assert table(content)[1][-1] == (52, ["Last", town])
    if encoding == "cp1250":
        assert table(content, encoding="cp1252")[1][-1][1][1] != town


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_can_be_chosen(sign):
    content = f'Name{sign}Amount\n"A{sign}B"{sign}1\nC{sign}2\n'
    assert table(content)[1] == [(2, [f"A{sign}B", "1"]), (3, ["C", "2"])]
    assert table(content, delimiter="~")[0].heads[0].startswith("Name")
    assert table("sep=;\nName;Amount\nA;1,5\nB;2,5\n")[1][0] == (3, ["A", "1,5"])


def test_titles_and_footers_are_no_rows():
    """IMP-1a: the head line is the first that fills half of the columns; a footer stands alone below a blank line."""
    text = "Customers 2026;;\n\nName;Amount;Stage\nA;1;x\n\nB;2;\n\nTotal rows: 2\nCopyright\n"
    parsed, rows = table(text)
    assert (parsed.heads, [cells[0] for _line, cells in rows], parsed.left_out) == (
        ["Name", "Amount", "Stage"], ["A", "B"], [1, 8, 9],
    )  # fmt: skip
    assert table(text, header=1)[0].heads == ["Customers 2026", "Column B", "Column C"]
    assert table("1;2\n3;4\n", header=0)[0].heads == ["Column A", "Column B"]
    with pytest.raises(Invalid):
        table("a;b\n", header=7)


def test_nameless_and_repeated_columns_are_kept():
    parsed, rows = table(",Name,,Name,\n1,A,x,B,\n2,C,,D,y\n")
    assert parsed.heads == ["Column A", "Name", "Column C", "Name (2)", "Column E"]
    assert rows[0] == (2, ["1", "A", "x", "B", ""])


def test_a_quote_that_is_not_closed_costs_its_own_line():
    """IMP-1: rows are not merged in silence; the line is named and those after it are read."""
    parsed, rows = table('Name;Town\nA;"Oslo\nB;"Rome"\n"C\nD";Bergen\nE;F\n')
    assert [cells for _line, cells in rows][1:] == [["B", "Rome"], ["C\nD", "Bergen"], ["E", "F"]]
    assert list(parsed.problems) == [2]
    assert "line 2" in parsed.problems[2]
    parsed, rows = table('a,b\n1,"never\n2,3\n')
    assert (len(rows), list(parsed.problems)) == (2, [2])


def test_too_many_cells_and_too_long_ones_refuse_their_row():
    long = "x" * 100_001
    parsed, rows = table(f"a,b\n1,2,3\n4,{long}\n5\n6,7\n")
    assert list(parsed.problems) == [2, 3]
    assert rows[2:] == [(4, ["5", ""]), (5, ["6", "7"])]


def test_a_sheet_is_read_as_it_is_shown():
    """IMP-1a: percentages, leading zeros, 15 digits, spans of hours, errors by name, the sheet that is chosen."""

    def fill(book):
        sheet = book.add_worksheet("People")
        sheet.write_row(2, 1, ["Share", "Post", "Amount", "Span", "Day", "Bad"])
        formats = [book.add_format({"num_format": code}) for code in ("0%", "0000", "0.00", "[h]:mm", "dd.mm.yyyy")]
        for place, (value, form) in enumerate(zip([0.135, 155, 3702.2999999999997, 1.5, 46387], formats, strict=True)):
            sheet.write_number(3, place + 1, value, form)
        sheet.write_formula(4, 6, "=NA()", None, "#N/A")
        sheet.write_row(4, 1, [0.5, 12.0])
        book.add_worksheet("Other").write_row(0, 0, ["X", "Y"])

    content = workbook(fill)
    parsed, rows = table(content)
    assert rows[0] == (4, ["13.5 %", "0155", "3702.3", "36:00", "2026-12-31", ""])
    assert rows[1][1][:2] == ["0.5", "12"]
    assert "#N/A" in parsed.problems[5]
    assert (parsed.source.sheets, parsed.source.layout.sheet) == (["People", "Other"], "People")
    assert table(content, sheet="Other")[0].heads == ["X", "Y"]


def test_hidden_sheets_are_not_offered_and_currencies_are_read_as_shown():
    def fill(book):
        book.add_worksheet("Secret").write_row(0, 0, ["A", "B"])
        book.worksheets()[0].hide()
        sheet = book.add_worksheet("Deals")
        sheet.activate()
        sheet.write_row(0, 0, ["Name", "Value", "Number", "Count"])
        shown = [book.add_format({"num_format": code}) for code in ('#,##0.00 "kr"', "[$€-407] #,##0.00", '0 "pcs"')]
        sheet.write_string(1, 0, "A")
        for place, value in enumerate([1234.5666, 12.345, 3]):
            sheet.write_number(1, place + 1, value, shown[place])
        sheet.write_row(2, 0, ["Total", 5, 6, 7])

    parsed, rows = table(workbook(fill))
    assert parsed.source.sheets == ["Deals"]
    assert [spelled(cell, "money") for cell in rows[0][1]] == ["A", "1234.57 kr", "12.35 €", "3"]
    assert [spelled(cell, "decimal") for cell in rows[0][1]] == ["A", "1234.5666", "12.3450", "3"]
    assert len(rows) == 1
    assert parsed.left_out == [3]


CARD = """BEGIN:VCARD\r\nVERSION:{version}\r\nN:Nováková;Eva;Anna;Ing.;\r\nFN:Eva Nováková\r\nORG:Firma s.r.o.;Prodej\r
TITLE:Ředitelka\r\nitem1.EMAIL;type=INTERNET;type=pref:eva@card.example\r\nEMAIL:eva@home.example\r
TEL;type=CELL:+420 601 234 568\r\nTEL;TYPE=FAX:+420 1\r\nTEL;TYPE=WORK,VOICE:+420 222 333 444\r
ADR;TYPE=WORK:;;Vodičkova 12\\n2. patro;Praha;;110 00;Czech Republic\r\nNOTE:a long\r\n  line\\, folded\r
BDAY:1980-04-17\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nEND:VCARD\r\n"""


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_cards_are_rows(version):
    """IMP-3."""
    parsed, rows = table(CARD.format(version=version) * 2)
    person = dict(zip(parsed.heads, rows[0][1], strict=True))
    assert len(rows) == 2
    assert {key: value for key, value in person.items() if value} == {
        "Title": "Ing.", "First name": "Eva Anna", "Last name": "Nováková", "Company": "Firma s.r.o.",
        "Job title": "Ředitelka", "E-mail": "eva@card.example", "Other e-mail": "eva@home.example",
        "Phone": "+420 222 333 444", "Mobile": "+420 601 234 568", "Street": "Vodičkova 12, 2. patro", "City": "Praha",
        "Postcode": "110 00", "Country": "Czech Republic", "Birthday": "1980-04-17", "Comment": "a long line, folded",
    }  # fmt: skip


def test_old_cards_and_broken_ones():
    text = (
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=98=C3=ADha;Jan\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:one=\n two\nEMAIL;INTERNET:jan@old.example\nEND:VCARD\nBEGIN:VCARD\nN:Half\n"
    )
    parsed, rows = table(text)
    person = dict(zip(parsed.heads, rows[0][1], strict=True))
    assert (person["Last name"], person["First name"], person["E-mail"], len(rows)) == (
        "Říha",
        "Jan",
        "jan@old.example",
        1,
    )
    with pytest.raises(Invalid):
        table("BEGIN:VCARD\nN:Half\n")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "XLS"), (b"%PDF-1.7", "PDF"), (b"<!DOCTYPE html><table>", "web page"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ODS"), (b'[{"name": 1}]', "JSON"),
    ],
)  # fmt: skip
def test_other_kinds_of_files_are_named(start, said):
    with pytest.raises(Invalid, match=said):
        table(start + b" " * 50)
