#!/usr/bin/env bash
# vobject 0.9.9: a quoted list of types of a phone number is one type.
#
# Expected: RFC 6350 writes several types of a property as TYPE="cell,work", so that the parameter has two values, as
# TYPE=cell,work and TYPE=cell;TYPE=work have. Seen: the quoted form gives the single value 'cell,work'.
#
# Split types at commas after parsing: else a mobile number of a vCard 4.0 is taken for an office number.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check vobject==0.9.9
"$folder/venv/bin/python" - <<'PYTHON'
import vobject

CARD = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Kari Nord\r\nN:Nord;Kari;;;\r\nTEL;{}:+47 22 00 00 00\r\nEND:VCARD\r\n"
forms = ('TYPE="cell,work"', "TYPE=cell,work", "TYPE=cell;TYPE=work")
types = {form: vobject.readOne(CARD.format(form)).tel.params["TYPE"] for form in forms}
print(types)
assert types['TYPE="cell,work"'] == ["cell,work"]
assert types["TYPE=cell,work"] == types["TYPE=cell;TYPE=work"] == ["cell", "work"]
PYTHON
