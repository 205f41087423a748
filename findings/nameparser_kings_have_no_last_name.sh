#!/usr/bin/env bash
# nameparser 2.6.0: "King Larsen" has the first name Larsen and no last name; "First Last" loses its first name.
#
# Expected: with two words the second is the last name, whatever the first looks like, or at least all titles behave the
# same. Seen: after some titles (King, Prince, Sheikh) the one word that follows is a first name, after others (Baron,
# Mayor, Doctor) a last name; "First", "Senior" and "Baron" are titles themselves, so people called so have no first name.
#
# Kanal cuts the list of titles to those of documents and universities (kanal/kit/names.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nameparser==2.6.0
"$folder/venv/bin/python" - <<'PYTHON'
from nameparser import HumanName


def parts(text):
    name = HumanName(text)
    return name.title, name.first, name.last


seen = {
    "King Larsen": ("King", "Larsen", ""), "Prince Nelson": ("Prince", "Nelson", ""), "Baron Schmidt": ("Baron", "", "Schmidt"),
    "Doctor Who": ("Doctor", "", "Who"), "First Last": ("First", "", "Last"), "Senior Martin": ("Senior", "", "Martin"),
    "Dean Martin": ("", "Dean", "Martin"), "Earl Grey": ("", "Earl", "Grey"),
}
for text, expected in seen.items():
    print(text, parts(text))
    assert parts(text) == expected, (text, parts(text))
PYTHON
