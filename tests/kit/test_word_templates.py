"""Templates as people make them in Word: other quotes, loops across cells, strict files (DOC-1, DOC-2)."""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import nsdecls

from kanal.kit.documents import DocumentRefused, check_template, render
from tests.kit.documents import changed, lines, names_of, paragraph, part_of, run, text_of, with_body, word

VALUES = {
    "name": "Ada",
    "city": "Bergen",
    "paid": True,
    "items": [{"name": "one", "price": 1}, {"name": "two", "price": 2}],
}
KNOWN = ["name", "city", "paid", "items[].name", "items[].price"]


def table(*rows):
    cells = ["".join(f"<w:tc>{paragraph(run(text))}</w:tc>" for text in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{cell}</w:tr>" for cell in cells) + "</w:tbl>"


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
    assert lines(word("{% for i in items %}{{ i.name }}", "costs {{ i.price }}{% endfor %}"), VALUES) == [
        "one", "costs 1", "two", "costs 2",
    ]  # fmt: skip


def test_a_loop_within_a_line_stays_there():
    assert lines(word("all: {% for i in items %}{{ i.name }} {% endfor %}!"), VALUES) == ["all: one two !"]


def strict(template):
    """Rewrite a Word file as Word's “Strict Open XML Document” has it."""

    def rename(content):
        text = content.decode()
        text = re.sub(r"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml|drawingml)/2006/([\w-]+)",
                      lambda match: f"http://purl.oclc.org/ooxml/{match[1]}/" + {
                          "extended-properties": "extendedProperties"}.get(match[2], match[2]), text)  # fmt: skip
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


def test_a_loop_over_a_list_item_repeats_the_item():
    item = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    template = with_body(paragraph(item + run("{% for i in items %}{{ i.name }}{% endfor %}")))
    assert lines(template, VALUES) == ["one", "two"]


def test_a_loop_that_leaves_its_table_is_refused_in_words():
    template = with_body(paragraph(run("{% for i in items %}")), table(("{{ i.name }}", "{% endfor %}")))
    with pytest.raises(DocumentRefused, match="ends outside of it"):
        render(template, VALUES, "en")


def test_another_prefix_of_the_same_namespace_is_read():
    def renamed(content):
        return re.sub(rb"(</?)w:", rb"\1x:", content).replace(b" w:", b" x:").replace(b"xmlns:w=", b"xmlns:x=")

    assert text_of(render(changed(word("{{ name }}"), word__document_dot_xml=renamed), VALUES, "en")) == "Ada"


def test_two_prefixed_statements_in_one_paragraph_or_row_both_count():
    template = word("{%p if paid %}{%p if name %}", "both", "{%p endif %}{%p endif %}", "end")
    assert lines(template, VALUES) == ["both", "end"]
    assert lines(template, VALUES | {"paid": False}) == ["end"]
    inner = table(
        ("{%tr for i in items %}{%tr if i.price > 1 %}",), ("{{ i.name }}",), ("{%tr endif %}{%tr endfor %}",)
    )
    assert rows(with_body(inner)) == [["two"]]
