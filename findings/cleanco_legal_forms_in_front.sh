#!/usr/bin/env bash
# cleanco 2.3: a legal form in front of the name stays, one with spaces and a comma stays, and one loses a bracket.
#
# Expected: "AS Nordlys" and "Nordlys AS" are the same company, as Danish and Norwegian firms write both; "s. r. o." is
# "s.r.o.". Seen: prefixes are never taken off by default, "Gamma, s. r. o." and "Foo e.K." stay as they are while
# "Alfa spol. s r.o." works, and of "Foo UG (haftungsbeschränkt)" only the closing bracket is removed. "The Limited"
# becomes "The".
#
# Kanal has rules of its own for the forms of the countries it is sold in (kanal/kit/names.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cleanco==2.3
"$folder/venv/bin/python" - <<'PYTHON'
from cleanco import basename

seen = {
    "Nordlys AS": "Nordlys", "AS Nordlys": "AS Nordlys", "Gamma, s. r. o.": "Gamma, s. r. o.", "Alfa spol. s r.o.": "Alfa",
    "Foo e.K.": "Foo e.K.", "Foo UG (haftungsbeschränkt)": "Foo UG (haftungsbeschränkt", "The Limited": "The",
}
for text, expected in seen.items():
    print(repr(text), repr(basename(text)))
    assert basename(text) == expected
PYTHON
