"""Where tokens may stand in a Word file beside its text, and what repeating it must not break (DOC-1, DOC-2, DOC-3)."""

import re

import pytest
from docx.oxml.ns import nsdecls
from lxml import etree

from kanal.kit.documents import DocumentRefused, check_template, render
from tests.kit.documents import changed, lines, names_of, paragraph, part_of, run, text_of, with_body, word

VALUES = {
    "name": "Ada & Co",
    "site": "https://kanal.example/a b?x=1",
    "mail": "ada@kanal.example",
    "empty": "",
    "number": 7,
    "items": [{"name": "one"}, {"name": "two"}],
}
KNOWN = [*(key for key in VALUES if key != "items"), "items[].name"]
LOOP = "{% for i in items %}{{ i.name }}{% endfor %}"


def cell(text, merge=""):
    mark = f'<w:tcPr><w:vMerge w:val="{merge}"/></w:tcPr>' if merge else ""
    return f"<w:tc>{mark}{paragraph(run(text))}</w:tc>"


def row(*cells):
    return "<w:tr>" + "".join(content if content.startswith("<") else cell(content) for content in cells) + "</w:tr>"


def control(inside, properties=""):
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def grid(template, values=VALUES):
    """Return the texts of the cells of each row, those in content controls too."""
    tree = etree.fromstring(part_of(render(template, values, "en"), "word/document.xml").encode())
    return [["".join(cell.itertext()) for cell in each.iter("{*}tc")] for each in tree.iter("{*}tr")]


def linked(target):
    """Make a Word file with a link to this address."""
    relation = (
        '<Relationship Id="rId99" TargetMode="External" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="{target}"/>'
    )
    link = f'<w:hyperlink r:id="rId99" {nsdecls("r")}>{run("there")}</w:hyperlink>'

    def relate(old):
        return old.replace(b"</Relationships>", relation.encode() + b"</Relationships>")

    return changed(with_body(paragraph(link)), word___rels__document_dot_xml_dot_rels=relate)


@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("mailto:%7B%7B%20mail%20%7D%7D?subject=%7B%7Bname%7D%7D", "mailto:ada@kanal.example?subject=Ada%20%26%20Co"),
        ("http://{{ site }}", "https://kanal.example/a%20b?x=1"),
        ("{{ site }}", "https://kanal.example/a%20b?x=1"),
        ("%7b%7b%20mail|default(%E2%80%9Ex%E2%80%9C)%20%7d%7d", "mailto:ada@kanal.example"),
        ("https://kanal.example/q/{{ number }}/{{ name }}", "https://kanal.example/q/7/Ada%20&amp;%20Co"),
        ("http://{{ empty }}", "#"),
        ("https://kanal.example/100%25", "https://kanal.example/100%25"),
    ],
)
def test_tokens_in_the_address_of_a_link_are_replaced(target, written):
    template = linked(target)
    assert check_template(template, KNOWN).is_sound
    relations = part_of(render(template, VALUES, "en"), "word/_rels/document.xml.rels")
    assert f'Target="{written}"' in relations, relations


def test_an_unknown_token_in_an_address_is_told_and_no_value_leads_to_a_program():
    report = check_template(linked("mailto:{{ maill }}"), KNOWN)
    assert [(token.token, token.place, token.nearest) for token in report.unknown] == [
        ("maill", "address of a link: “mailto:{{ maill }}”", "mail")
    ]
    with pytest.raises(DocumentRefused, match="not permitted"):
        render(linked("{{ site }}"), VALUES | {"site": "javascript:alert(1)"}, "en")


def test_tokens_in_every_kind_of_property_are_replaced():
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/"
    app = f'<Properties xmlns="{kinds}extended-properties"><Company>{{{{ name }}}}</Company></Properties>'

    def keywords(old):
        without = re.sub(rb"<cp:keywords>.*?</cp:keywords>|<cp:keywords/>", b"", old)
        return without.replace(b"</cp:core", b"<cp:keywords>{{ number }}</cp:keywords></cp:core")

    template = changed(
        word("x", title="{{ name }}" * 20),
        docProps__app_dot_xml=app.encode(),
        docProps__core_dot_xml=keywords,
    )  # fmt: skip
    assert check_template(template, KNOWN).tokens == ("name", "number")
    document = render(template, VALUES, "en")
    assert "<Company>Ada &amp; Co</Company>" in part_of(document, "docProps/app.xml")
    core = part_of(document, "docProps/core.xml")
    assert core.count("Ada &amp; Co") == 20
    assert "<cp:keywords>7</cp:keywords>" in core
    assert "{{" not in core


def test_an_unknown_token_in_a_property_is_told():
    (unknown,) = check_template(word("x", title="{{ nummber }}"), KNOWN).unknown
    assert (unknown.place, unknown.nearest) == ("document properties: “{{ nummber }}”", "number")


@pytest.mark.parametrize(
    "inner",
    [
        paragraph(run("{{ na") + f'<w:hyperlink w:anchor="x">{run("me }}")}</w:hyperlink>'),
        paragraph('<w:bookmarkStart w:id="1" w:name="b"/>' + run("{{ na") + '<w:bookmarkEnd w:id="1"/>' + run("me }}")),
        paragraph(run("{") + '<w:proofErr w:type="spellStart"/>' + run("{ name }") + run("}")),
        paragraph(run("{{ ") + control(run("name"), "<w:text/>") + run(" }}")),
    ],
)
def test_a_token_spread_over_links_bookmarks_and_controls_is_one(inner):
    document = render(with_body(inner), VALUES, "en")
    assert text_of(document).replace("\n", "") == "Ada & Co"
    xml = part_of(document, "word/document.xml")
    assert xml.count("bookmarkStart") == xml.count("bookmarkEnd")


def test_a_token_spread_over_the_instructions_of_a_field_is_one():
    pieces = "".join(
        f"<w:r><w:instrText>{text}</w:instrText></w:r>" for text in (' HYPERLINK "mailto:{{ ma', 'il }}" ')
    )
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    assert "mailto:ada@" in part_of(
        render(with_body(paragraph(begin + pieces + end)), VALUES, "en"), "word/document.xml"
    )


@pytest.mark.parametrize(
    "rows",
    [
        control(row("{% for i in items %}", "{{ i.name }}{% endfor %}")),
        control(control(row(LOOP.replace("{% endfor %}", ""), "{% endfor %}"))),
        control(row("{% for i in items %}")) + row("{{ i.name }}") + control(row("{% endfor %}")),
    ],
)
def test_rows_in_content_controls_repeat(rows):
    made = grid(with_body(f"<w:tbl>{rows}</w:tbl>"))
    assert [[text for text in cells if text] for cells in made] == [["one"], ["two"]]


def test_a_condition_may_begin_at_the_beginning_of_a_control():
    template = with_body(control(paragraph(run("{% if empty %}Terms:"))), paragraph(run("{{ name }}{% endif %}")))
    assert check_template(template, KNOWN).is_sound
    assert lines(template, VALUES) == []
    assert lines(template, VALUES | {"empty": "x"}) == ["Terms:", "Ada & Co"]


@pytest.mark.parametrize("style", ["ListBullet", "ListNumber"])
def test_a_loop_over_an_item_of_a_list_by_its_style_repeats_the_item(style):
    item = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' + run(LOOP)
    assert lines(with_body(paragraph(item)), VALUES) == ["one", "two"]


@pytest.mark.parametrize("condition", ["number % 2 == 1", "name != '50 %'", "name != '}'", "number &lt; 8"])
def test_conditions_with_signs_of_tokens_choose_rows(condition):
    rows = row("{% if " + condition + " %}") + row("yes") + row("{% else %}") + row("no") + row("{% endif %}")
    template = with_body(f"<w:tbl>{rows}</w:tbl>")
    assert check_template(template, KNOWN).errors == ()
    assert grid(template) == [["yes"]]


def test_a_cell_merged_into_the_row_below_a_loop_begins_once():
    looped = row(cell("Items", "restart"), "{% for i in items %}{{ i.name }}", "{% endfor %}")
    document = render(with_body(f"<w:tbl>{looped}{row(cell('', 'continue'), 'sum', 'x')}</w:tbl>"), VALUES, "en")
    assert re.findall(r'vMerge w:val="(\w+)"', part_of(document, "word/document.xml")) == [
        "restart", "continue", "continue",
    ]  # fmt: skip


def test_cells_merged_within_the_rows_of_a_loop_begin_anew():
    looped = row(cell("{% for i in items %}{{ i.name }}", "restart"), "a") + row(cell("", "continue"), "b{% endfor %}")
    document = render(with_body(f"<w:tbl>{looped}</w:tbl>"), VALUES, "en")
    assert re.findall(r'vMerge w:val="(\w+)"', part_of(document, "word/document.xml")) == ["restart", "continue"] * 2


def test_bookmarks_and_numbers_of_controls_exist_once():
    inner = '<w:bookmarkStart w:id="3" w:name="here"/>' + run("{{ i.name }}") + '<w:bookmarkEnd w:id="3"/>'
    body = [run("{% for i in items %}"), inner + control(run("x"), '<w:id w:val="9"/>'), run("{% endfor %}")]
    xml = part_of(render(with_body(*map(paragraph, body)), VALUES, "en"), "word/document.xml")
    assert [xml.count(text) for text in ("bookmarkStart", "bookmarkEnd", '<w:id w:val="9"/>', "<w:sdt>")] == [
        1,
        1,
        1,
        2,
    ]


def test_building_blocks_and_the_workbook_behind_a_chart_stay_with_us():
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    relationship = '<Relationship Id="{}" Type="' + office + '{}" Target="{}"/>'
    own = relationship.format("rId98", "chart", "charts/chart1.xml") + relationship.format(
        "rId99", "glossaryDocument", "glossary/document.xml"
    )
    chart = '<c:chartSpace xmlns:c="urn:c" xmlns:r="urn:r"><c:chart/><c:externalData r:id="rId1"/></c:chartSpace>'
    template = changed(
        word("{{ name }}"),
        word___rels__document_dot_xml_dot_rels=lambda old: old.replace(b"</Relat", own.encode() + b"</Relat"),
        word__charts__chart1_dot_xml=chart.encode(),
        word__charts___rels__chart1_dot_xml_dot_rels=relations.format(
            relationship.format("rId1", "package", "../embeddings/Book.xlsx")).encode(),
        word__embeddings__Book_dot_xlsx=b"PK",
        word__glossary__document_dot_xml=b"<x>{{ name }}</x>",
    )  # fmt: skip
    assert ["Workbooks" in remark for remark in check_template(template, KNOWN).remarks] == [True]
    document = render(template, VALUES, "en")
    assert not [name for name in names_of(document) if "embeddings" in name or "glossary" in name]
    assert "externalData" not in part_of(document, "word/charts/chart1.xml")


def test_a_text_box_is_told_of_once():
    box = "<w:txbxContent>" + paragraph(run("{{ nam }}")) + "</w:txbxContent>"
    both = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>'
    )
    assert [token.token for token in check_template(with_body(paragraph(both)), KNOWN).unknown] == ["nam"]
