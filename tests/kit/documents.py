"""Word files for the tests: plain ones, hostile ones, and the values of a quote."""

import io
import zipfile
from datetime import date
from decimal import Decimal

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kanal.kit.documents import render


def word(*paragraphs, header="", title="", rows=()):
    """Make a Word file of these paragraphs, and a table with one cell per row."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=1)
        for row, text in zip(table.rows, rows, strict=True):
            row.cells[0].text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    document.core_properties.title = title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(data, **parts):
    """Replace or add parts of a Word file; a part given as a function gets the old text."""
    new = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in old.infolist():
            content = new.pop(entry.filename, None)
            before = old.read(entry.filename)
            archive.writestr(entry.filename, content(before) if callable(content) else content or before)
        for name, content in new.items():
            archive.writestr(name, content)
    return out.getvalue()


def part_of(data, name):
    """Read a part of a Word file as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def names_of(data):
    """List the parts of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def text_of(data):
    """Read the text of a Word file, tables included."""
    document = Document(io.BytesIO(data))
    return "\n".join(element.text or "" for element in document.element.body.iter() if element.tag.endswith("}t"))


def quote_values(count=3):
    """Make the values of a quote with so many items."""
    item = {
        "name": "Licence <b>",
        "description": "Fine & good",
        "amount": Decimal(10),
        "unit": "licences",
        "unit_price": Decimal("1234.5"),
        "discount": "10 %",
        "tax": None,
        "total": Decimal("11110.50"),
        "recurrence": "yearly",
        "is_optional": False,
    }
    person = {"name": "Ada Schmidt", "first_name": "Ada", "last_name": "Schmidt", "job_title": "", "email": "a@x.no"}
    return {
        "company": dict.fromkeys(("vat_number", "email", "phone", "website", "bank"))
        | {"name": "Fjord & Co <AS>", "address": "Bryggen 1\n5003 Bergen"},
        "account": dict.fromkeys(("street", "postcode", "city", "region", "country", "vat_number"), "x")
        | {"name": "Müller GmbH"},
        "contact": person | {"phone": None},
        "seller": person | {"phone": None},
        "partner": {"name": None},
        "opportunity": {"name": "Rollout"},
        "today": date(2026, 3, 1),
        "quote": {
            "name": "Rollout {{ 7 * 7 }} & more",
            "number": "Q-2026-0042",
            "date": date(2026, 3, 1),
            "valid_until": date(2026, 4, 1),
            "currency": "EUR",
            "terms": "All prices net.\nDelivery in 30 days.",
            "payment_terms": None,
        },
        "items": [item | {"position": number + 1} for number in range(count)],
        "totals": dict.fromkeys(("one_off", "monthly", "quarterly", "net", "tax"), Decimal(0))
        | {"yearly": Decimal("555525"), "grand_total": Decimal("556715.00")},
    }


def with_body(*elements):
    """Make a Word file of these elements of WordprocessingML."""
    document = Document()
    body = document.element.body
    for xml in elements:
        body.insert(len(body) - 1, parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paragraph(inner):
    return f"<w:p>{inner}</w:p>"


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def lines(template, values):
    """Return what each paragraph of the document says, empty ones left out."""
    document = Document(io.BytesIO(render(template, values, "en")))
    texts = ["".join(node.text or "" for node in each.iter() if node.tag.endswith("}t"))
             for each in document.element.body.iter() if each.tag.endswith("}p")]  # fmt: skip
    return [text for text in texts if text.strip()]
