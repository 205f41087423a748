#!/usr/bin/env bash
# docxtpl 0.20.2: a document whose XML names the Word namespace by another prefix than "w" is read, then fails.
#
# Expected: a prefix means nothing in XML; python-docx, on which docxtpl stands, reads such a file. Seen: a bare KeyError
# "w" where the first token is filled in. Programs that write Word files with a general XML library choose such prefixes.
#
# Kanal renames the prefix first (kanal/kit/documents/xml.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check docxtpl==0.20.2 python-docx==1.2.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import re
import zipfile

from docx import Document
from docxtpl import DocxTemplate

document, plain, renamed = Document(), io.BytesIO(), io.BytesIO()
document.add_paragraph("Hello {{ name }}")
document.save(plain)
with zipfile.ZipFile(plain) as source, zipfile.ZipFile(renamed, "w") as target:
    for entry in source.infolist():
        content = source.read(entry.filename)
        if entry.filename == "word/document.xml":
            content = re.sub(rb"(</?)w:", rb"\1x:", content).replace(b" w:", b" x:").replace(b"xmlns:w=", b"xmlns:x=")
        target.writestr(entry.filename, content)
assert Document(renamed).paragraphs[0].text == "Hello {{ name }}"
try:
    DocxTemplate(renamed).render({"name": "Ada"})
except KeyError as error:
    print("KeyError", error)
    assert str(error) == "'w'"
else:
    raise SystemExit("changed: it is filled in")
PYTHON
