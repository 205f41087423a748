"""Tracked changes are accepted and comments stay with us, both mentioned to the template's author (DOC-2)."""

import re

import pytest
from docx.oxml.ns import nsdecls

from kanal.kit.documents import check_template, render
from tests.kit.documents import changed, lines, names_of, paragraph, part_of, run, text_of, with_body

VALUES = {"name": "Ada", "city": "Bergen"}
KNOWN = ["name", "city"]


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
    assert lines(template, VALUES) == expected
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
