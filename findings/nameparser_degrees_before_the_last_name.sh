#!/usr/bin/env bash
# nameparser 2.6.0: "Per Aas" has no last name: the Norwegian family name Aas is read as the degree A.A.S.
#
# Expected: a suffix without commas is what stands behind the last name, so at least one word is left to be it. Seen:
# words at the end are taken as degrees one after the other, even where nothing but the first name remains.
#
# Kanal reads a person's name by the library, and takes a degree back where it would leave nobody with a last name.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nameparser==2.6.0
"$folder/venv/bin/python" - <<'PYTHON'
from nameparser import HumanName

for text in ("Per Aas", "Per Aas MBA", "Per Olsen MBA", "Kari Aas PhD"):
    name = HumanName(text)
    print(f"{text!r}: first {name.first!r}, last {name.last!r}, suffix {name.suffix!r}")
assert HumanName("Per Olsen MBA").last == "Olsen"
for text in ("Per Aas", "Per Aas MBA", "Kari Aas PhD"):
    name = HumanName(text)
    assert "Aas" in name.suffix and name.last == "", (name.last, name.suffix)
PYTHON
