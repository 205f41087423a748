"""Templates as people make them in Word: tracked changes, comments, other quotes, loops across cells (DOC-1, DOC-2)."""

import io
import re

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from kanal.kit.documents import DocumentRefused, check_template, render
from tests.kit.documents import changed, names_of, part_of, text_of, word

VALUES = {
    "name": "Ada",
    "city": "Bergen",
    "paid": True,
    "items": [{"name": "one", "price": 1}, {"name": "two", "price": 2}],
}
KNOWN = ["name", "city", "paid", "items[].name", "items[].price"]


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


def table(*rows):
    cells = ["".join(f"<w:tc>{paragraph(run(text))}</w:tc>" for text in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{cell}</w:tr>" for cell in cells) + "</w:tbl>"


def lines(template, values=VALUES):
    """Return what each paragraph of the document says, empty ones left out."""
    document = Document(io.BytesIO(render(template, values, "en")))
    found = ["".join(node.text or "" for node in each.iter() if node.tag.endswith("}t"))
             for each in document.element.body.iter() if each.tag.endswith("}p")]  # fmt: skip
    return [text for text in found if text.strip()]


def rows(template, values=VALUES):
    """Return the texts of each table row of the document."""
    document = Document(io.BytesIO(render(template, values, "en")))
    return [[cell.text for cell in row.cells] for row in document.tables[0].rows]


@pytest.mark.parametrize(
    "token",
    [
        "{{ paid|default(„x“) }}", "{{ name|join(«, ») }}", "{{ name|default(‚x‘) }}", "{{ name|default(”x”) }}",
        "{{\u00a0name\u00a0}}", "{{\u202fname }}", "{{\u200bname }}", "{{ name\u00ad }}", "{{\u2009name\ufeff}}",
        "{{ name|default(„it’s“) }}", "{{ name|default(\"«a» – b\") }}",
    ],
)  # fmt: skip
def test_what_autocorrection_makes_of_tokens_is_read(token):
    template = word(token)
    assert check_template(template, KNOWN).errors == ()
    assert text_of(render(template, {**VALUES, "paid": "Ada"}, "en")) == "Ada"


def test_typographic_signs_outside_of_tokens_and_inside_of_texts_stay():
    assert text_of(render(word("„Hei“ – {{ empty|default('«none» – ‚x‘') }}"), {"empty": ""}, "en")).startswith(
        "„Hei“ – «none» –"
    )


@pytest.mark.parametrize(
    "cells",
    [
        ("{% for i in items %}{{ i.name }}", "{{ i.price }}{% endfor %}"),
        ("{% for i in items %}", "{{ i.name }}", "{{ i.price }}", "{% endfor %}"),
        ("{% for i in items %}{{ i.name }}", "{% if paid %}{{ i.price }}{% endif %}", "{% endfor %}"),
    ],
)
def test_a_loop_from_the_first_to_the_last_cell_repeats_its_row(cells):
    made = rows(with_body(table(("Name",) * len(cells), cells)))
    assert len(made) == 3
    assert [[text for text in row if text] for row in made[1:]] == [["one", "1"], ["two", "2"]]


@pytest.mark.parametrize(
    "inner",
    [
        [("{% for i in items %}", ""), ("{{ i.name }}", "{{ i.price }}"), ("", "{% endfor %}")],
        [("{% for i in items %}{{ i.name }}", "{{ i.price }}"), ("{% endfor %}", "")],
        [("{%tr for i in items %}", ""), ("{{ i.name }}", "{{ i.price }}"), ("{%tr endfor %}", "")],
    ],
)
def test_a_loop_around_rows_needs_no_prefix(inner):
    made = [[text for text in row if text] for row in rows(with_body(table(("Name", "Price"), *inner)))]
    assert made == [["Name", "Price"], ["one", "1"], ["two", "2"]]


def test_two_rows_repeat_together():
    made = rows(with_body(table(("{% for i in items %}{{ i.name }}", "a"), ("b", "{{ i.price }}{% endfor %}"))))
    assert made == [["one", "a"], ["b", "1"], ["two", "a"], ["b", "2"]]


def test_conditions_choose_between_whole_rows():
    inner = table(("{% if paid %}", ""), ("Paid", "yes"), ("{% else %}", ""), ("Open", "no"), ("{% endif %}", ""))
    assert rows(with_body(inner)) == [["Paid", "yes"]]
    assert rows(with_body(inner), {"paid": False}) == [["Open", "no"]]


def test_statements_alone_in_their_paragraphs_leave_no_empty_line():
    template = word("{% for i in items %}{% if i.price > 1 %}", "{{ i.name }}", "{% endif %}{% endfor %}", "end")
    document = Document(io.BytesIO(render(template, VALUES, "en")))
    assert [each.text for each in document.paragraphs] == ["two", "end"]


def test_a_loop_over_two_paragraphs_repeats_both():
    assert lines(word("{% for i in items %}{{ i.name }}", "costs {{ i.price }}{% endfor %}")) == [
        "one", "costs 1", "two", "costs 2",
    ]  # fmt: skip


def test_a_loop_within_a_line_stays_there():
    assert lines(word("all: {% for i in items %}{{ i.name }} {% endfor %}!")) == ["all: one two !"]


def deleted(inner):
    return f'<w:del w:id="1" w:author="Ola">{inner}</w:del>'


def inserted(inner):
    return f'<w:ins w:id="2" w:author="Ola">{inner}</w:ins>'


GONE = "<w:r><w:delText>{{ old }}{% endif %}</w:delText></w:r>"
TRACKED = {
    "text": (paragraph(run("A ") + deleted(GONE) + inserted(run("{{ name }}"))), ["A Ada"]),
    "within a token": (
        paragraph(run("{{ ") + deleted("<w:r><w:delText>city</w:delText></w:r>") + inserted(run("name")) + run(" }}")),
        ["Ada"],
    ),
    "a move": (
        paragraph(f'<w:moveFrom w:id="3" w:author="O">{run("{{ old }}")}</w:moveFrom>')
        + paragraph(f'<w:moveTo w:id="4" w:author="O">{run("{{ name }}")}</w:moveTo>'),
        ["Ada"],
    ),
    "the end of a paragraph": (
        paragraph('<w:pPr><w:rPr><w:del w:id="5" w:author="O"/></w:rPr></w:pPr>' + run("A ")) + paragraph(run("B")),
        ["A B"],
    ),
    "formatting": (
        paragraph(
            '<w:pPr><w:pPrChange w:id="6" w:author="O"><w:pPr/></w:pPrChange></w:pPr>'
            '<w:r><w:rPr><w:b/><w:rPrChange w:id="7" w:author="O"><w:rPr/></w:rPrChange></w:rPr>'
            "<w:t>{{ name }}</w:t></w:r>"
        ),
        ["Ada"],
    ),
    "a row": (
        "<w:tbl><w:tr><w:trPr><w:del w:id='8' w:author='O'/></w:trPr><w:tc>"
        + paragraph(run("{{ old }}"))
        + "</w:tc></w:tr><w:tr><w:trPr><w:ins w:id='9' w:author='O'/></w:trPr><w:tc>"
        + paragraph(run("{{ name }}"))
        + "</w:tc></w:tr></w:tbl>",
        ["Ada"],
    ),
}


@pytest.mark.parametrize("case", TRACKED)
def test_tracked_changes_are_accepted_and_mentioned(case):
    xml, expected = TRACKED[case]
    template = with_body(*re.findall(r"<w:p>.*?</w:p>(?!</w:tc>)|<w:tbl>.*</w:tbl>", xml) if case != "a row" else [xml])
    report = check_template(template, KNOWN)
    assert report.is_sound, report
    assert any("Tracked changes" in remark for remark in report.remarks)
    assert lines(template) == expected
    document = part_of(render(template, VALUES, "en"), "word/document.xml")
    assert not re.search(r"<w:(ins|del|moveFrom|moveTo|\w+Change)\b", document)
    assert "Ola" not in document


COMMENTS = (
    f'<w:comments {nsdecls("w")}><w:comment w:id="0" w:author="Kari"><w:p><w:r><w:t>Too dear? {{{{ name }}}}</w:t>'
    "</w:r></w:p></w:comment></w:comments>"
)


def commented():
    """Make a Word file with a comment on a token."""
    marks = '<w:commentRangeStart w:id="0"/>{}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    relation = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"'
        ' Target="comments.xml"/></Relationships>'
    )
    override = (
        '<Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.wordprocessingml.comments+xml"/></Types>'
    )
    return changed(
        with_body(paragraph(marks.format(run("{{ name }}")))),
        word__comments_dot_xml=COMMENTS.encode(),
        **{
            "word___rels__document_dot_xml_dot_rels": lambda old: old.replace(b"</Relationships>", relation.encode()),
            "[Content_Types]_dot_xml": lambda old: old.replace(b"</Types>", override.encode()),
        },
    )


def test_comments_stay_with_us():
    template = commented()
    assert any("Comments (1)" in remark for remark in check_template(template, KNOWN).remarks)
    document = render(template, VALUES, "en")
    assert text_of(document) == "Ada"
    assert not any("comments" in name for name in names_of(document))
    for name in names_of(document):
        if name.endswith((".xml", ".rels")):
            assert "comment" not in part_of(document, name).lower() or name.endswith(("styles.xml", "core.xml"))


def strict(template):
    """Rewrite a Word file as Word's “Strict Open XML Document” has it."""

    def rename(content):
        text = content.decode()
        text = re.sub(r"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml|drawingml)/2006/([\w-]+)",
                      lambda found: f"http://purl.oclc.org/ooxml/{found[1]}/" + {
                          "extended-properties": "extendedProperties"}.get(found[2], found[2]), text)  # fmt: skip
        text = text.replace("relationships/extended-properties", "relationships/extendedProperties")
        return text.replace("<w:document ", '<w:document w:conformance="strict" ', 1).encode()

    return changed(template, **{
        name.replace("/", "__").replace(".", "_dot_"): rename
        for name in names_of(template) if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml"
    })  # fmt: skip


def test_strict_open_xml_is_read():
    template = strict(word("{{ name }}", header="{{ city }}"))
    assert "purl.oclc.org" in part_of(template, "word/document.xml")
    assert check_template(template, KNOWN).tokens == ("city", "name")
    document = render(template, VALUES, "en")
    assert text_of(document) == "Ada"
    assert "purl.oclc.org" not in part_of(document, "word/document.xml")


def test_merge_fields_of_word_are_refused_with_what_to_do():
    field = '<w:fldSimple w:instr=" MERGEFIELD Account_Name ">' + run("«Account_Name»") + "</w:fldSimple>"
    with pytest.raises(DocumentRefused) as refused:
        check_template(with_body(paragraph(field)), KNOWN)
    assert "{{ account.name }}" in str(refused.value)


def test_a_bound_content_control_keeps_what_was_filled_in():
    control = (
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/x" w:storeItemID="{1}"/></w:sdtPr>'
        f"<w:sdtContent>{paragraph(run('{{ name }}'))}</w:sdtContent></w:sdt>"
    )
    document = render(with_body(control), VALUES, "en")
    assert text_of(document) == "Ada"
    assert "dataBinding" not in part_of(document, "word/document.xml")


def test_an_attached_house_template_is_left_out():
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" TargetMode="External" Target="file:///C:/Templates/House.dotx" Type="http://schemas'
        '.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    attached = f'<w:attachedTemplate {nsdecls("r")} r:id="rId1"/>'
    template = changed(
        word("{{ name }}"),
        word___rels__settings_dot_xml_dot_rels=relation.encode(),
        word__settings_dot_xml=lambda old: re.sub(rb"(<w:settings[^>]*>)", rb"\1" + attached.encode(), old),
    )
    assert any("attached" in remark for remark in check_template(template, KNOWN).remarks)
    document = render(template, VALUES, "en")
    assert "attachedTemplate" not in part_of(document, "word/settings.xml")
    assert not any("House" in part_of(document, name) for name in names_of(document) if name.endswith(".rels"))
