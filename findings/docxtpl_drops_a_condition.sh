#!/usr/bin/env bash
# docxtpl 0.20.2: of two conditions in one paragraph only the last counts, and the document is made all the same.
#
# Expected: "{%p if a %}{%p if b %}" … "{%p endif %}{%p endif %}" shows its text where both hold, or is refused. Seen: the
# paragraph is replaced by its last statement, so the first condition and one "endif" vanish together, the template stays
# well-formed, and what "a" should have kept from the customer is in the document. A loop and a condition in one paragraph
# fail instead, as their ends no longer match.
#
# Kanal gives each statement a paragraph of its own before docxtpl sees the template (kanal/kit/documents/statements.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check docxtpl==0.20.2
"$folder/venv/bin/python" - <<'PYTHON'
import io

from docx import Document
from docxtpl import DocxTemplate


def filled(*paragraphs, **values):
    document, stored, made = Document(), io.BytesIO(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(stored)
    template = DocxTemplate(stored)
    template.render(values)
    template.save(made)
    return [paragraph.text for paragraph in Document(made).paragraphs]


text = filled("{%p if is_ours %}{%p if is_open %}", "internal", "{%p endif %}{%p endif %}", is_ours=False, is_open=True)
print(text)
assert text == ["internal"]
assert filled("{%p if is_ours %}", "internal", "{%p endif %}", is_ours=False) == []
PYTHON
